#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "compose/canonical/short_volume.h"
#include "compose/canonical/units.h"
#include "compose/ports.h"

// Short forms and quantities: whatever the text, what is read of it lies inside it, and what is
// written of a quantity is read back as the same.
namespace {

using namespace dockhand;
using namespace dockhand::compose;

void require(bool condition) {
  if (!condition) std::abort();
}

void check_range(Range range, std::string_view text) {
  require(range.begin <= range.end && range.end <= text.size());
}

void check_volume(std::string_view text) {
  const auto parsed = parse_volume_spec(text);
  if (const auto* problem = std::get_if<VolumeProblem>(&parsed)) {
    return check_range(problem->range, text);
  }
  const auto& spec = std::get<VolumeSpec>(parsed);
  check_range(spec.options, text);
  for (const VolumeSpec::Part* part : {&spec.source, &spec.target}) {
    check_range(part->range, text);
    require(text.substr(part->range.begin, part->range.size()) == part->text);
  }
}

void check_port(std::string_view text) {
  const auto parsed = parse_port_spec(text);
  if (const auto* problem = std::get_if<PortProblem>(&parsed)) {
    return check_range(problem->range, text);
  }
  const auto& spec = std::get<PortSpec>(parsed);
  for (const Range range : {spec.host_ip_at, spec.published_at, spec.target_at, spec.protocol_at}) {
    check_range(range, text);
  }
  require(spec.target > 0 && spec.target <= spec.target_end);
  require(spec.published <= spec.published_end);
}

void check_quantities(std::string_view text) {
  if (const std::optional<std::int64_t> bytes = parse_bytes(text)) {
    require(parse_bytes(std::to_string(*bytes)) == bytes);
  }
  if (const std::optional<Duration> duration = parse_go_duration(text)) {
    require(parse_go_duration(to_go_text(*duration)) == duration);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_volume(text);
  check_port(text);
  check_quantities(text);
  return 0;
}
