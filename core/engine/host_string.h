#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// Docker's host strings, read as Docker reads them: opts/hosts.go of docker/cli over Go's net/url.
// For endpoint.cpp alone. Every failure has the code `endpoint-malformed` and Docker's own wording.
namespace dockhand::engine {

// A URL as net/url reads it, as far as host strings go. All parts are decoded.
struct HostUrl {
  std::string scheme;
  std::string user;
  bool has_password = false;
  std::string host;  // Without the brackets of IPv6.
  std::string port;  // Digits, or empty.
  std::string path;
  std::string query, fragment;  // As written.
  bool bracketed = false;       // The host was written in brackets.
};

Result<HostUrl> parse_host_url(std::string_view text);

// What `-H` and DOCKER_HOST mean: trimmed, with the default scheme, host and port filled in. Empty
// means the default socket, or the local TLS port when TLS is asked for.
Result<std::string> complete_host(std::string_view written, bool tls);

// As it may be shown: printable, and what may be a password masked.
std::string without_password(std::string_view url);

// `host:port`, with brackets where the host needs them.
std::string join_host_port(std::string_view host, std::string_view port);

}  // namespace dockhand::engine
