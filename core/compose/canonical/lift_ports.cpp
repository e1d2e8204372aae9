#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "compose/canonical/lift.h"
#include "compose/canonical/placed.h"
#include "compose/loader.h"
#include "compose/ports.h"
#include "compose/scalar.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadPort = "compose-bad-port";

std::string published_text(const PortSpec& spec, unsigned step) {
  const unsigned first = spec.published + step;
  const bool is_range = spec.target == spec.target_end && spec.published != spec.published_end;
  return is_range ? fmt::format("{}-{}", first, spec.published_end) : std::to_string(first);
}

// One port of the short form: its target is the `step`-th of the range.
Value long_form(const Value& entry, const PortSpec& spec, unsigned step) {
  const auto part = [&](Range at, std::string text) {
    return at.empty() ? implied_string(entry, std::move(text))
                      : string_inside(entry, at, std::move(text));
  };
  Value port(Value::Map{}, entry.origin);
  port.via = entry.via;
  Value::Map& map = *port.map();
  add(map, "mode", implied_string(entry, "ingress"));
  if (!spec.host_ip.empty()) add(map, "host_ip", part(spec.host_ip_at, spec.host_ip));
  Value target = part(spec.target_at, std::to_string(spec.target + step));
  target.scalar()->quoted = false;
  add(map, "target", std::move(target));
  if (spec.has_published) {
    add(map, "published", part(spec.published_at, published_text(spec, step)));
  }
  add(map, "protocol", part(spec.protocol_at, std::string(to_string(spec.protocol))));
  return port;
}

// One port for each of the target range, in Compose's order: that of their digits.
void expand(const Value& entry, const PortSpec& spec, Value::List& ports, Lifting& lifting) {
  const std::size_t count = static_cast<std::size_t>(spec.target_end - spec.target) + 1;
  if (lifting.ports + count > kMaxPorts) {
    return lifting.report.error(
        "compose-too-many-ports", entry.origin,
        fmt::format("the project has more than {} ports; these are left out", kMaxPorts));
  }
  lifting.ports += count;
  std::vector<unsigned> steps(count);
  for (unsigned i = 0; i < count; ++i) steps[i] = i;
  if (count > 1) {
    std::stable_sort(steps.begin(), steps.end(), [&](unsigned a, unsigned b) {
      return std::to_string(spec.target + a) < std::to_string(spec.target + b);
    });
  }
  for (const unsigned step : steps) ports.push_back(long_form(entry, spec, step));
}

void lift_port(Value& entry, Value::List& ports, Lifting& lifting) {
  if (entry.map()) {
    if (!entry.find("target")) {
      return lifting.report.error(kBadPort, entry.origin,
                                  "a port needs a `target`, its number inside the container");
    }
    ports.push_back(std::move(entry));
    return;
  }
  const Value::Scalar* scalar = entry.scalar();
  if (!scalar) {
    return lifting.report.error(kBadPort, entry.origin,
                                "a port is a number, a text such as \"8080:80\", or a mapping");
  }
  const Typed typed = resolve(*scalar);
  if (!std::holds_alternative<std::int64_t>(typed) &&
      !std::holds_alternative<std::string_view>(typed)) {
    return lifting.report.error(
        kBadPort, entry.origin,
        fmt::format("`{}` is no port; put it in quotes", printable(scalar->text)));
  }
  const auto parsed = parse_port_spec(to_text(entry));
  if (const auto* problem = std::get_if<PortProblem>(&parsed)) {
    return lifting.report.error(kBadPort, inside(entry, problem->range), problem->message);
  }
  expand(entry, std::get<PortSpec>(parsed), ports, lifting);
}

}  // namespace

void lift_ports(Value& value, Lifting& lifting) {
  Value::List* entries = value.list();
  if (!entries) {
    return lifting.report.error(kBadPort, value.origin,
                                "`ports` is a list, such as `- \"8080:80\"`");
  }
  const bool all_long = std::all_of(entries->begin(), entries->end(), [](const Value& entry) {
    return entry.find("target") != nullptr;
  });
  if (all_long) return;
  Value::List ports;
  for (Value& entry : *entries) lift_port(entry, ports, lifting);
  value.data = std::move(ports);
}

}  // namespace dockhand::compose
