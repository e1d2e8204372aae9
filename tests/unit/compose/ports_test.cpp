#include "compose/ports.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace dockhand::compose {
namespace {

// `[ip]published>target/protocol`, or `!` with the bytes that are wrong.
std::string show(std::string_view text) {
  const auto parsed = parse_port_spec(text);
  if (const auto* problem = std::get_if<PortProblem>(&parsed)) {
    return fmt::format("!{}: {}", text.substr(problem->range.begin, problem->range.size()),
                       problem->message);
  }
  const auto range = [](int first, int last) {
    return first == last ? std::to_string(first) : fmt::format("{}-{}", first, last);
  };
  const PortSpec& spec = std::get<PortSpec>(parsed);
  std::string shown;
  if (!spec.host_ip.empty()) shown += "[" + spec.host_ip + "]";
  if (spec.has_published) shown += range(spec.published, spec.published_end);
  return shown +
         fmt::format(">{}/{}", range(spec.target, spec.target_end), to_string(spec.protocol));
}

}  // namespace

TEST_CASE("the short form of a port") {
  struct Case {
    std::string_view text, shown;
  };
  const Case cases[] = {
      {"80", ">80/tcp"},
      {"080", ">80/tcp"},
      {"80-82", ">80-82/tcp"},
      {"80/udp", ">80/udp"},
      {"80/UDP", ">80/udp"},
      {"80/sctp", ">80/sctp"},
      {"80/", ">80/tcp"},
      {"8080:80", "8080>80/tcp"},
      {"0:80", "0>80/tcp"},
      {":80", ">80/tcp"},
      {"8080-8082:80-82", "8080-8082>80-82/tcp"},
      {"8080-8082:80", "8080-8082>80/tcp"},
      {"127.0.0.1:8080:80", "[127.0.0.1]8080>80/tcp"},
      {"127.0.0.1::80", "[127.0.0.1]>80/tcp"},
      {"[::1]:8080:80/udp", "[::1]8080>80/udp"},
      {"[::1]::80", "[::1]>80/tcp"},
      {"::1:8080:80", "[::1]8080>80/tcp"},
      {"[::ffff:1.2.3.4]:81:81", "[::ffff:1.2.3.4]81>81/tcp"},
      {"", "!: the port inside the container is missing"},
      {"80:", "!80:: the port inside the container is missing"},
      {"a", "!a: `a` is no port"},
      {"0", "!0: `0` is no port"},
      {"65536", "!65536: `65536` is no port"},
      {"8080:a", "!a: `a` is no port"},
      {"a:80", "!a: `a` is no port"},
      {" 80:80", "! 80: ` 80` is no port"},
      {"-1:80", "!-1: `-1` is no port"},
      {"+1:80", "!+1: `+1` is no port"},
      {"82-80:1-3", "!82-80: `82-80` is no port"},
      {"1-3:1-2", "!1-3:1-2: the two ranges of ports differ in length"},
      {"80:80-81", "!80:80-81: the two ranges of ports differ in length"},
      {"80/foo", "!foo: `foo` is no protocol; write tcp, udp or sctp"},
      {"localhost:80:80", "!localhost: `localhost` is no IP address"},
      {"256.0.0.1:80:80", "!256.0.0.1: `256.0.0.1` is no IP address"},
      {"[nope]:80:80", "!nope: `nope` is no IP address"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.text);
    CHECK(show(test.text) == test.shown);
  }
}

TEST_CASE("IP addresses") {
  for (std::string_view text : {"0.0.0.0", "255.255.255.255", "::", "::1", "1::", "fe80::1:2",
                                "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4"}) {
    CAPTURE(text);
    CHECK(is_ip_address(text));
  }
  for (std::string_view text :
       {"", ":", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1:2:3:4:5:6:7", ":::", "1::2::3",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8:9", "12345::", "g::", "fe80::1%eth0", "1.2.3.4::"}) {
    CAPTURE(text);
    CHECK_FALSE(is_ip_address(text));
  }
}

}  // namespace dockhand::compose
