#include "health/probe.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "io/http.h"

namespace dockhand::health {
namespace {

// Every name by which a machine calls itself.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]";
}

bool same_host(std::string_view host, std::string_view endpoint_host) {
  return host == endpoint_host || (is_loopback(host) && is_loopback(endpoint_host));
}

const topology::ServiceUrl* first_http(const std::vector<topology::ServiceUrl>& urls) {
  const auto found =
      std::find_if(urls.begin(), urls.end(), [](const auto& url) { return url.http(); });
  return found == urls.end() ? nullptr : &*found;
}

std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return std::string(url);
  return std::string(url.substr(0, url.find('/', scheme + 3)));
}

// As browsers resolve it: a path from the root replaces the base's, any other goes below it.
std::string resolve(const topology::ServiceUrl& base, std::string_view path) {
  if (path.starts_with('/')) return origin_of(base.text) + std::string(path);
  std::string text = base.text;
  if (!text.ends_with('/')) text += '/';
  return text + std::string(path);
}

ProbeTarget tcp_target(const topology::ServiceUrl& url) {
  ProbeTarget target;
  target.kind = ProbeTarget::Kind::tcp;
  target.host = url.host;
  target.port = url.port;
  return target;
}

std::optional<ProbeTarget> wanted_http(const compose::XDev::Health& health,
                                       const std::vector<topology::ServiceUrl>& urls) {
  ProbeTarget target;
  target.decides = true;
  target.expect = health.expect;
  if (health.url.find("://") != std::string::npos) {
    target.url = health.url;
    return target;
  }
  const topology::ServiceUrl* base = first_http(urls);
  if (base == nullptr) return std::nullopt;
  target.url = resolve(*base, health.url);
  return target;
}

std::optional<ProbeTarget> wanted_tcp(std::uint16_t port,
                                      const std::vector<topology::ServiceUrl>& urls) {
  auto found = std::find_if(urls.begin(), urls.end(),
                            [&](const auto& url) { return url.container_port == port; });
  if (found == urls.end()) {
    found =
        std::find_if(urls.begin(), urls.end(), [&](const auto& url) { return url.port == port; });
  }
  if (found == urls.end()) return std::nullopt;
  ProbeTarget target = tcp_target(*found);
  target.decides = true;
  return target;
}

std::optional<ProbeTarget> wanted(const compose::XDev::Health& health,
                                  const std::vector<topology::ServiceUrl>& urls) {
  switch (health.kind) {
    case compose::XDev::Health::Kind::http:
      return wanted_http(health, urls);
    case compose::XDev::Health::Kind::tcp:
      return wanted_tcp(health.port, urls);
    case compose::XDev::Health::Kind::exec:
    case compose::XDev::Health::Kind::docker:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<ProbeTarget> own_choice(const std::vector<topology::ServiceUrl>& urls) {
  if (urls.empty()) return std::nullopt;
  const topology::ServiceUrl* http = first_http(urls);
  if (http == nullptr) return tcp_target(urls.front());
  ProbeTarget target;
  target.url = http->text;
  return target;
}

std::string host_of(const ProbeTarget& target) {
  if (target.kind == ProbeTarget::Kind::tcp) return target.host;
  const std::optional<io::Url> url = io::parse_url(target.url);
  return url && (url->scheme == "http" || url->scheme == "https") ? url->host : std::string();
}

}  // namespace

std::optional<ProbeTarget> choose_probe(const compose::Service& service,
                                        const std::vector<topology::ServiceUrl>& urls,
                                        const std::string& endpoint_host,
                                        const ProbePolicy& policy) {
  if (!policy.enabled) return std::nullopt;
  std::optional<ProbeTarget> target =
      service.x_dev.health ? wanted(*service.x_dev.health, urls) : own_choice(urls);
  if (!target) return std::nullopt;
  const std::string host = host_of(*target);
  if (host.empty()) return std::nullopt;
  if (!policy.foreign_hosts && !same_host(host, endpoint_host)) return std::nullopt;
  return target;
}

void ProbeStatus::add(ProbeResult result) {
  if (result.verdict == Verdict::good) {
    latencies.add(result.latency);
    bad_streak = 0;
    last_good = result.time;
  } else {
    ++bad_streak;
    std::string cause = result.word;
    if (!result.detail.empty()) cause += cause.empty() ? result.detail : ", " + result.detail;
    trail.push_back({result.time, std::move(cause)});
    if (trail.size() > kTrailLength) trail.pop_front();
  }
  last = std::move(result);
}

}  // namespace dockhand::health
