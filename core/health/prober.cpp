#include "health/prober.h"

#include <list>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/text.h"
#include "io/socket.h"

namespace dockhand::health {
namespace {

// A page larger than this is there, whatever it says.
constexpr std::size_t kMaxBody = std::size_t{1} << 20;
// Two requests to one origin at once: two services may name the same one.
constexpr std::size_t kConnections = 2;
constexpr std::size_t kDetailWidth = 160;

std::string authority(const std::string& host, std::uint16_t port) {
  const bool bare_v6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return bare_v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

std::string why_of(const Error& error) {
  return first_line(error.why.empty() ? error.what : error.why, kDetailWidth);
}

// What failed, in the words of a result. `place` is host and port.
ProbeResult failed(const Error& error, const std::string& place, Duration timeout) {
  ProbeResult result;
  result.verdict = Verdict::bad;
  const std::string& code = error.code;
  if (code == "http-refused" || code == "tcp-refused") {
    result.word = "refused";
    result.detail = "connection refused at " + place;
  } else if (code == "http-timeout" || code == "tcp-timeout") {
    result.word = "timed out";
    result.detail = fmt::format("no answer from {} within {}", place, human_latency(timeout));
  } else if (code == "http-unreachable" || code == "tcp-unreachable") {
    result.word = "no route";
    result.detail = fmt::format("{} cannot be reached: {}", place, why_of(error));
  } else if (code == "http-closed") {
    // Docker's proxy accepts for a container in which nobody listens, and hangs up.
    result.word = "closed";
    result.detail = "connection closed without an answer at " + place;
  } else if (code == "http-tls") {
    result.word = "TLS failed";
    result.detail = why_of(error);
  } else if (code == "http-malformed") {
    result.word = "not HTTP";
    result.detail = "what answers at " + place + " is not HTTP";
  } else {
    result.word = code == "cancelled" ? "cancelled" : "failed";
    result.detail = why_of(error);
  }
  return result;
}

io::HttpAddress address_of(const io::Url& url) {
  io::HttpAddress address;
  address.kind = url.scheme == "https" ? io::HttpAddress::Kind::tls : io::HttpAddress::Kind::tcp;
  address.host = url.host;
  address.port = url.port;
  address.host_header = authority(url.host, url.port);
  // Development certificates are self-signed, and a probe sends nothing that needs protection.
  address.tls.verify = false;
  return address;
}

ProbeResult probe_port(const ProbeTarget& target, Duration timeout, const std::stop_token& stop) {
  const std::string place = authority(target.host, target.port);
  const Result<Duration> connected =
      io::probe_tcp(target.host, target.port, timeout, std::chrono::milliseconds(20), stop);
  if (!connected) return failed(connected.error(), place, timeout);
  ProbeResult result;
  result.word = "open";
  result.latency = *connected;
  return result;
}

}  // namespace

struct NetworkProber::State {
  struct Entry {
    std::string origin;
    std::shared_ptr<io::HttpClient> client;
  };

  explicit State(const Clock& clock_in) : clock(clock_in) {}

  std::shared_ptr<io::HttpClient> client_for(const io::Url& url) {
    const std::string origin = url.scheme + "://" + authority(url.host, url.port);
    const std::lock_guard lock(mutex);
    if (const auto found = by_origin.find(origin); found != by_origin.end()) {
      by_use.splice(by_use.begin(), by_use, found->second);
      return found->second->client;
    }
    by_use.push_front({origin, io::make_http_client(address_of(url), kConnections)});
    by_origin[origin] = by_use.begin();
    if (by_use.size() > kMaxClients) {
      by_origin.erase(by_use.back().origin);
      by_use.pop_back();
    }
    return by_use.front().client;
  }

  ProbeResult probe_url(const ProbeTarget& target, Duration timeout, const std::stop_token& stop) {
    const std::optional<io::Url> url = io::parse_url(target.url);
    if (!url) {
      return failed(Error{"http-url", "this is no URL: " + printable(target.url)}, "", timeout);
    }
    io::HttpRequest request;
    request.target = url->target;
    request.headers = {{"Accept", "application/json, */*"}, {"User-Agent", "dockhand"}};
    request.connect_timeout = timeout;
    request.timeout = timeout;
    request.max_body = kMaxBody;
    const Instant begin = clock.instant();
    const Result<io::HttpResponse> answer = client_for(*url)->send(request, stop);
    if (answer) {
      ProbeResult result = judge_http(target, answer->status, answer->body);
      result.latency = answer->latency;
      return result;
    }
    if (answer.error().code != "http-too-large") {
      return failed(answer.error(), authority(url->host, url->port), timeout);
    }
    ProbeResult result;
    result.word = "answers";
    result.latency = clock.instant() - begin;
    return result;
  }

  const Clock& clock;
  std::mutex mutex;
  std::list<Entry> by_use;  // The most recently used first.
  std::map<std::string, std::list<Entry>::iterator> by_origin;
};

NetworkProber::NetworkProber(const Clock& clock) : state_(std::make_unique<State>(clock)) {}
NetworkProber::~NetworkProber() = default;

ProbeResult NetworkProber::probe(const ProbeTarget& target, Duration timeout,
                                 std::stop_token stop) {
  ProbeResult result = target.kind == ProbeTarget::Kind::tcp
                           ? probe_port(target, timeout, stop)
                           : state_->probe_url(target, timeout, stop);
  result.time = state_->clock.now();
  return result;
}

}  // namespace dockhand::health
