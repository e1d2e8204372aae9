#include "compose/ports.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const std::optional<long long> number = parse_integer(text);
  if (!number || *number < 0 || *number > 0xFFFF || text[0] == '-' || text[0] == '+')
    return std::nullopt;
  return static_cast<std::uint16_t>(*number);
}

struct PortRange {
  std::uint16_t first = 0, last = 0;
  int size() const { return last - first; }
};

// `80` or `80-82`.
std::optional<PortRange> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const std::optional<std::uint16_t> first = parse_port(text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return PortRange{*first, *first};
  const std::optional<std::uint16_t> last = parse_port(text.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

bool is_ipv4(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
           const std::optional<std::uint16_t> number = parse_port(part);
           return number && *number <= 255 && part.size() <= 3 && (part == "0" || part[0] != '0');
         });
}

bool is_hex_group(std::string_view text) {
  return !text.empty() && text.size() <= 4 &&
         text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// How many 16-bit groups colon-separated text has; -1 when it is none. Empty text has none.
int count_groups(std::string_view text, bool ipv4_at_end) {
  if (text.empty()) return 0;
  const std::vector<std::string_view> parts = split(text, ':');
  int count = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool last = i + 1 == parts.size();
    if (is_hex_group(parts[i])) {
      ++count;
    } else if (last && ipv4_at_end && is_ipv4(parts[i])) {
      count += 2;
    } else {
      return -1;
    }
  }
  return count;
}

bool is_ipv6(std::string_view text) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return count_groups(text, true) == 8;
  const int before = count_groups(text.substr(0, gap), false);
  const int after = count_groups(text.substr(gap + 2), true);
  return before >= 0 && after >= 0 && before + after < 8;
}

}  // namespace

bool is_ip_address(std::string_view text) {
  if (text.size() > 45) return false;
  return text.find(':') == std::string_view::npos ? is_ipv4(text) : is_ipv6(text);
}

std::optional<Protocol> parse_protocol(std::string_view text) {
  const std::string name = to_lower_ascii(text);
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::sctp}) {
    if (name == to_string(protocol)) return protocol;
  }
  return std::nullopt;
}

std::string_view to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp:
      return "tcp";
    case Protocol::udp:
      return "udp";
    case Protocol::sctp:
      return "sctp";
  }
  return "";
}

std::variant<PortSpec, PortProblem> parse_port_spec(std::string_view text) {
  PortSpec spec;
  const auto range_of = [&](std::string_view part) {
    const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
    return Range{begin, begin + static_cast<std::uint32_t>(part.size())};
  };
  const auto problem = [&](std::string_view part, std::string message) {
    return PortProblem{std::move(message), range_of(part)};
  };

  // From the right: the target, the published port, and whatever is left is the address.
  const std::size_t last_colon = text.rfind(':');
  std::string_view target =
      last_colon == std::string_view::npos ? text : text.substr(last_colon + 1);
  std::string_view published, address;
  if (last_colon != std::string_view::npos) {
    const std::string_view left = text.substr(0, last_colon);
    const std::size_t colon = left.rfind(':');
    published = colon == std::string_view::npos ? left : left.substr(colon + 1);
    if (colon != std::string_view::npos) address = left.substr(0, colon);
  }

  const std::size_t slash = target.find('/');
  if (slash != std::string_view::npos) {
    std::string_view protocol = target.substr(slash + 1);
    target = target.substr(0, slash);
    const std::optional<Protocol> known = parse_protocol(protocol);
    if (!protocol.empty() && !known) {
      return problem(protocol, fmt::format("`{}` is no protocol; write tcp, udp or sctp",
                                           printable(protocol)));
    }
    spec.protocol = known.value_or(Protocol::tcp);
    if (known) spec.protocol_at = range_of(protocol);
  }
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  if (!address.empty() && !is_ip_address(address)) {
    return problem(address, fmt::format("`{}` is no IP address", printable(address)));
  }
  spec.host_ip = address;
  if (!address.empty()) spec.host_ip_at = range_of(address);
  const std::optional<PortRange> targets = parse_range(target);
  if (!targets || targets->first == 0) {
    return problem(target.empty() ? text : target,
                   target.empty() ? std::string("the port inside the container is missing")
                                  : fmt::format("`{}` is no port", printable(target)));
  }
  spec.target = targets->first;
  spec.target_end = targets->last;
  spec.target_at = range_of(target);
  if (published.empty()) return spec;
  const std::optional<PortRange> outside = parse_range(published);
  if (!outside) return problem(published, fmt::format("`{}` is no port", printable(published)));
  if (outside->size() != targets->size() && targets->size() != 0) {
    return problem(text, "the two ranges of ports differ in length");
  }
  spec.has_published = true;
  spec.published = outside->first;
  spec.published_end = outside->last;
  spec.published_at = range_of(published);
  return spec;
}

namespace {

// A whole number, or a range of ports, in a member of a long form.
std::optional<PortRange> read_range(const Value& entry, std::string_view key) {
  const Value* value = entry.find(key);
  return value ? parse_range(to_text(*value)) : std::nullopt;
}

std::string text_of(const Value& entry, std::string_view key) {
  const Value* value = entry.find(key);
  return value ? std::string(value->text()) : std::string();
}

// Compose lets it be written, and the Engine refuses it.
void warn(const Value& part, std::string_view what, Reading& reading) {
  reading.report.warning("compose-bad-port", part.origin,
                         fmt::format("`{}` {}", printable(part.text()), what));
}

}  // namespace

std::vector<Port> read_ports(const Value& ports, Reading& reading) {
  std::vector<Port> result;
  const Value::List* list = ports.list();
  if (!list) return result;
  for (const Value& entry : *list) {
    const std::optional<PortRange> target = read_range(entry, "target");
    if (!target || target->first == 0) continue;
    if (++reading.ports > kMaxPorts) return result;
    Port port;
    port.origin = entry.origin;
    port.target = target->first;
    const std::optional<PortRange> published = read_range(entry, "published");
    const std::optional<Protocol> protocol = parse_protocol(text_of(entry, "protocol"));
    if (!published && !text_of(entry, "published").empty()) {
      warn(*entry.find("published"), "is no port", reading);
      continue;
    }
    if (!protocol && !text_of(entry, "protocol").empty()) {
      warn(*entry.find("protocol"), "is no protocol; write tcp, udp or sctp", reading);
      continue;
    }
    if (published) {
      port.published = published->first;
      port.published_end = published->last;
    }
    port.protocol = protocol.value_or(Protocol::tcp);
    port.host_ip = text_of(entry, "host_ip");
    port.app_protocol = text_of(entry, "app_protocol");
    result.push_back(std::move(port));
  }
  return result;
}

}  // namespace dockhand::compose
