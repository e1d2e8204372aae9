#include "compose/canonical/short_volume.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"

namespace dockhand::compose {
namespace {

constexpr std::array<std::string_view, 6> kPropagations = {"rprivate", "private", "rshared",
                                                           "shared",   "rslave",  "slave"};

Range range(std::size_t begin, std::size_t end) {
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

// True for one letter alone; what is beyond ASCII counts as letters.
bool is_letter(std::string_view text) {
  if (text.empty()) return false;
  const char c = text[0];
  if (static_cast<unsigned char>(c) >= 0x80) return decode_utf8(text).size == text.size();
  return text.size() == 1 && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
}

// The parts between colons. Those of a Windows drive and inside `${…}` separate nothing.
std::vector<Range> cut(std::string_view text) {
  std::vector<Range> parts;
  std::size_t begin = 0;
  int braces = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "${") ++braces;
    if (text[i] == '}' && braces > 0) --braces;
    if (text[i] != ':' || braces > 0 || is_letter(text.substr(begin, i - begin))) continue;
    parts.push_back(range(begin, i));
    begin = i + 1;
  }
  // An opened `${` that nothing closes swallows the end, and with it the last part.
  if (braces == 0) parts.push_back(range(begin, text.size()));
  return parts;
}

bool is_path(std::string_view source) {
  if (source.empty()) return false;
  if (source[0] == '.' || source[0] == '/' || source[0] == '~') return true;
  if (source.substr(0, 2) == "\\\\") return true;
  const std::size_t first = decode_utf8(source).size;
  return source.size() > first && source[first] == ':' && is_letter(source.substr(0, first));
}

void read_options(std::string_view text, VolumeSpec& spec) {
  for (std::string_view option : split(text, ',')) {
    if (option == "ro") spec.read_only = true;
    if (option == "rw") spec.read_only = false;
    if (option == "nocopy") spec.no_copy = true;
    if (option == "z" || option == "Z") spec.selinux = option;
    if (std::find(kPropagations.begin(), kPropagations.end(), option) != kPropagations.end()) {
      spec.propagation = option;
    }
  }
}

}  // namespace

std::variant<VolumeSpec, VolumeProblem> parse_volume_spec(std::string_view text) {
  VolumeSpec spec;
  if (text.empty())
    return VolumeProblem{"the volume is empty; it needs at least a path in the container", {}};
  if (text.size() <= 2) {
    spec.target = {std::string(text), range(0, text.size())};
    spec.too_short = true;
    return spec;
  }
  const std::vector<Range> parts = cut(text);
  const auto part = [&](const Range& at) {
    return VolumeSpec::Part{std::string(text.substr(at.begin, at.size())), at};
  };
  for (const Range& one : parts) {
    if (!one.empty()) continue;
    return VolumeProblem{"there is nothing between two colons",
                         range(one.begin > 0 ? one.begin - 1 : 0,
                               std::min<std::size_t>(one.end + std::size_t{1}, text.size()))};
  }
  if (parts.size() > 3) {
    return VolumeProblem{"there are too many colons; a volume is source:target:options",
                         range(parts[3].begin - std::size_t{1}, text.size())};
  }
  if (parts.size() == 1) spec.target = part(parts[0]);
  if (parts.size() >= 2) {
    spec.source = part(parts[0]);
    spec.target = part(parts[1]);
  }
  if (parts.size() == 3) {
    spec.options = parts[2];
    read_options(text.substr(parts[2].begin, parts[2].size()), spec);
  }
  spec.is_bind = is_path(spec.source.text);
  return spec;
}

}  // namespace dockhand::compose
