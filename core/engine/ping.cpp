#include "engine/ping.h"

#include <fmt/format.h>

#include <string>

#include "base/text.h"
#include "engine/failure.h"

namespace dockhand::engine {
namespace {

std::string header(const io::HttpResponse& response, const std::string& name) {
  const auto found = response.headers.find(name);
  return found == response.headers.end() ? std::string() : printable(found->second);
}

// `Docker/20.10.24+dfsg1 (linux)`; nothing from other Engines, whose versions mean something else.
std::string docker_version(const std::string& server) {
  constexpr std::string_view kDocker = "Docker/";
  if (server.rfind(kDocker, 0) != 0) return {};
  return server.substr(kDocker.size(), server.find(' ') - kDocker.size());
}

}  // namespace

std::optional<std::pair<int, int>> parse_api_version(std::string_view text) {
  constexpr long long kMax = 9999;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = parse_integer(text.substr(0, dot));
  const auto minor = parse_integer(text.substr(dot + 1));
  if (!major || !minor || *major < 0 || *minor < 0 || *major > kMax || *minor > kMax) {
    return std::nullopt;
  }
  return std::pair(static_cast<int>(*major), static_cast<int>(*minor));
}

Result<EngineInfo> read_ping(const io::HttpResponse& response, const Endpoint& endpoint,
                             std::string_view pinned) {
  constexpr int kOk = 200;
  const std::string theirs = header(response, "api-version");
  const auto version = parse_api_version(theirs);
  if (!version) {
    if (response.status != kOk)
      return answer_failure(response, endpoint, "say which API it speaks");
    return garbage(endpoint, "it answers to /_ping, but does not name an API version");
  }
  EngineInfo info{.version = docker_version(header(response, "server")),
                  .api = std::string(pinned),
                  .os = header(response, "ostype")};
  if (!pinned.empty()) return info;
  if (*version < *parse_api_version(kOldestApi)) {
    return too_old(
        endpoint,
        fmt::format("it speaks API {}{}, and Dockhand needs {} (Docker 19.03) or newer", theirs,
                    info.version.empty() ? "" : fmt::format(" (Docker {})", info.version),
                    kOldestApi),
        false);
  }
  info.api = *version < *parse_api_version(kNewestApi) ? theirs : std::string(kNewestApi);
  return info;
}

}  // namespace dockhand::engine
