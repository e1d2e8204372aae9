#include "compose/ports.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

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
  const auto problem = [&](std::string_view part, std::string message) {
    const auto begin = static_cast<std::uint32_t>(part.data() - text.data());
    return PortProblem{std::move(message),
                       {begin, begin + static_cast<std::uint32_t>(part.size())}};
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
    protocol = protocol.substr(0, protocol.find('/'));
    target = target.substr(0, slash);
    const std::optional<Protocol> known = parse_protocol(protocol);
    if (!protocol.empty() && !known) {
      return problem(protocol, fmt::format("`{}` is no protocol; write tcp, udp or sctp",
                                           printable(protocol)));
    }
    spec.protocol = known.value_or(Protocol::tcp);
  }
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    address = address.substr(1, address.size() - 2);
  }
  if (!address.empty() && !is_ip_address(address)) {
    return problem(address, fmt::format("`{}` is no IP address", printable(address)));
  }
  spec.host_ip = address;
  const std::optional<PortRange> targets = parse_range(target);
  if (!targets || targets->first == 0) {
    return problem(target.empty() ? text : target,
                   target.empty() ? std::string("the port inside the container is missing")
                                  : fmt::format("`{}` is no port", printable(target)));
  }
  spec.target = targets->first;
  spec.target_end = targets->last;
  if (published.empty()) return spec;
  const std::optional<PortRange> outside = parse_range(published);
  if (!outside) return problem(published, fmt::format("`{}` is no port", printable(published)));
  if (outside->size() != targets->size() && targets->size() != 0) {
    return problem(text, "the two ranges of ports differ in length");
  }
  spec.has_published = true;
  spec.published = outside->first;
  spec.published_end = outside->last;
  return spec;
}

namespace {

constexpr std::string_view kBadPort = "compose-bad-port";

class PortReader {
 public:
  explicit PortReader(Reading& reading) : reading_(reading) {}

  std::vector<Port> read(const Value& ports) {
    const Value::List* list = ports.list();
    if (!list) {
      if (!ports.is_null()) warn(ports.origin, "`ports` is a list, such as `- \"8080:80\"`");
      return {};
    }
    for (const Value& entry : *list) {
      if (entry.map()) {
        long_form(entry);
      } else {
        short_form(entry);
      }
    }
    return std::move(result_);
  }

 private:
  void warn(Origin where, std::string message) {
    reading_.report.warning(kBadPort, where, std::move(message));
  }

  void short_form(const Value& entry) {
    const Value::Scalar* scalar = entry.scalar();
    if (!scalar)
      return warn(entry.origin, "a port is a number, a text such as \"8080:80\", or a mapping");
    const Typed typed = resolve(*scalar);
    if (!std::holds_alternative<std::int64_t>(typed) &&
        !std::holds_alternative<std::string_view>(typed)) {
      return warn(entry.origin,
                  fmt::format("`{}` is no port; put it in quotes", printable(scalar->text)));
    }
    const auto parsed = parse_port_spec(to_text(entry));
    if (const auto* problem = std::get_if<PortProblem>(&parsed)) {
      return warn(inside(entry, *scalar, problem->range), problem->message);
    }
    expand(std::get<PortSpec>(parsed), entry.origin);
  }

  // The bytes of the scalar that a problem is about, where the file holds the text as it is.
  static Origin inside(const Value& entry, const Value::Scalar& scalar, Range part) {
    const Range whole = entry.origin.range;
    if (part.empty() || part.end > scalar.text.size()) return entry.origin;
    const std::uint32_t quote = whole.size() == scalar.text.size() + 2 ? 1 : 0;
    if (whole.size() != scalar.text.size() + 2 * quote) return entry.origin;
    return {entry.origin.file, {whole.begin + quote + part.begin, whole.begin + quote + part.end}};
  }

  // One port for each of the target range, in Compose's order: that of their digits.
  void expand(const PortSpec& spec, Origin origin) {
    const std::size_t count = static_cast<std::size_t>(spec.target_end - spec.target) + 1;
    if (!afford(count, origin)) return;
    std::vector<Port> ports;
    for (std::size_t i = 0; i < count; ++i) {
      Port port;
      port.host_ip = spec.host_ip;
      port.target = static_cast<std::uint16_t>(spec.target + i);
      port.protocol = spec.protocol;
      port.origin = origin;
      if (spec.has_published) {
        port.published = static_cast<std::uint16_t>(spec.published + i);
        port.published_end = count == 1 ? spec.published_end : port.published;
      }
      ports.push_back(std::move(port));
    }
    std::stable_sort(ports.begin(), ports.end(), [](const Port& a, const Port& b) {
      return std::to_string(a.target) < std::to_string(b.target);
    });
    for (Port& port : ports) add(std::move(port));
  }

  bool afford(std::size_t count, Origin origin) {
    if (reading_.ports + count > kMaxPorts) {
      warn(origin,
           fmt::format("the project has more than {} ports; these are left out", kMaxPorts));
      return false;
    }
    reading_.ports += count;
    return true;
  }

  void long_form(const Value& entry) {
    Port port;
    port.origin = entry.origin;
    const Value* target = entry.find("target");
    const std::optional<std::int64_t> number = target ? to_integer(*target) : std::nullopt;
    if (!number || *number <= 0 || *number > 0xFFFF) {
      return warn(target ? target->origin : entry.origin,
                  "a port needs a `target`, its number inside the container");
    }
    port.target = static_cast<std::uint16_t>(*number);
    if (const Value* published = entry.find("published"); published && !published->is_null()) {
      const std::string text = to_text(*published);
      const std::optional<PortRange> range = parse_range(text);
      if (!range && !text.empty())
        return warn(published->origin, fmt::format("`{}` is no port", printable(text)));
      if (range) {
        port.published = range->first;
        port.published_end = range->last;
      }
    }
    if (const Value* protocol = entry.find("protocol"); protocol && !protocol->text().empty()) {
      const std::optional<Protocol> known = parse_protocol(protocol->text());
      if (!known)
        return warn(protocol->origin, fmt::format("`{}` is no protocol; write tcp, udp or sctp",
                                                  printable(protocol->text())));
      port.protocol = *known;
    }
    if (const Value* address = entry.find("host_ip")) port.host_ip = address->text();
    if (const Value* protocol = entry.find("app_protocol")) port.app_protocol = protocol->text();
    if (afford(1, entry.origin)) add(std::move(port));
  }

  // A port said twice counts once, where it was said first, as it was said last.
  void add(Port port) {
    std::string key =
        fmt::format("{}:{}-{}:{}/{}", port.host_ip.empty() ? "0.0.0.0" : port.host_ip,
                    port.published, port.published_end, port.target, to_string(port.protocol));
    const auto [place, fresh] = places_.emplace(std::move(key), result_.size());
    if (fresh) {
      result_.push_back(std::move(port));
    } else {
      result_[place->second] = std::move(port);
    }
  }

  Reading& reading_;
  std::vector<Port> result_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

std::vector<Port> read_ports(const Value& ports, Reading& reading) {
  return PortReader(reading).read(ports);
}

}  // namespace dockhand::compose
