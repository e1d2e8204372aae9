#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/range.h"
#include "compose/project.h"

namespace dockhand::compose {

// The short form of one `ports` entry: `[[address:]published:]target[/protocol]`, where published
// and target may be ranges.
struct PortSpec {
  std::string host_ip;  // Empty: all addresses. IPv6 without its brackets.
  bool has_published = false;
  std::uint16_t published = 0, published_end = 0;
  std::uint16_t target = 0, target_end = 0;
  Protocol protocol = Protocol::tcp;
  // Where the parts stand in the text; empty for those that are not there.
  Range host_ip_at = {}, published_at = {}, target_at = {}, protocol_at = {};
};

// What is wrong with a short form, and which of its bytes.
struct PortProblem {
  std::string message;
  Range range;
};

// Accepts and refuses what Compose does (go-connections: nat).
std::variant<PortSpec, PortProblem> parse_port_spec(std::string_view text);

// `tcp`, `udp` or `sctp`, in any case.
std::optional<Protocol> parse_protocol(std::string_view text);
std::string_view to_string(Protocol protocol);

// True for an IPv4 or IPv6 address without brackets and zone.
bool is_ip_address(std::string_view text);

}  // namespace dockhand::compose
