#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <utility>

#include "base/text.h"
#include "engine/engine.h"
#include "engine/failure.h"
#include "engine/host_string.h"
#include "engine/json.h"
#include "engine/ping.h"
#include "engine/ssh_command.h"
#include "io/file_system.h"
#include "io/http.h"

namespace dockhand::engine {
namespace {

constexpr int kOk = 200;
constexpr int kNotFound = 404;
// Every connection over ssh is a process on each side.
constexpr std::size_t kSshConnections = 3, kConnections = 8;
// ssh itself is given thirty seconds to connect.
constexpr Duration kSshPatience = std::chrono::seconds(35);
constexpr std::size_t kMaxInspect = std::size_t{16} << 20;
constexpr std::size_t kMaxList = std::size_t{64} << 20;
constexpr std::size_t kMaxRefusal = std::size_t{64} << 10;

// Of all the Engine tells about containers, what changes what is shown. `exec_*`, of which every
// health probe makes three, stays on the server.
constexpr std::string_view kEventFilter =
    R"({"type":["container"],"event":["create","destroy","die","health_status","kill","oom",)"
    R"("pause","rename","restart","start","stop","unpause","update"]})";

Error cancelled() { return {"cancelled", "the call was cancelled"}; }

// A way to the Engine. Made anew after every loss, so that what is kept alive, and what an ssh that
// failed said, is never that of an Engine before.
struct Wire {
  std::unique_ptr<io::DialStdio> dial;  // Over ssh alone. Outlives the client.
  std::unique_ptr<io::HttpClient> client;
};

std::string encoded_path(const std::string& path) {
  std::string encoded;
  for (const std::string_view part : split(path, '/')) {
    if (!part.empty()) encoded += '/' + io::url_encode(part);
  }
  return encoded;
}

// What the connection itself decides is not the user's to set.
std::map<std::string, std::string> request_headers(const Endpoint& endpoint) {
  constexpr std::array<std::string_view, 5> kOurs = {"user-agent", "host", "content-length",
                                                     "transfer-encoding", "connection"};
  std::map<std::string, std::string> headers = endpoint.headers;
  std::erase_if(headers, [&](const auto& header) {
    return std::find(kOurs.begin(), kOurs.end(), to_lower_ascii(header.first)) != kOurs.end();
  });
  headers["User-Agent"] = "dockhand/" DOCKHAND_VERSION;
  return headers;
}

io::HttpAddress address_of(const Endpoint& endpoint, const io::DialStdio* dial) {
  io::HttpAddress address;
  if (dial != nullptr || endpoint.transport == Transport::unix_socket) {
    address.kind = io::HttpAddress::Kind::unix_socket;
    address.path = dial != nullptr ? dial->socket_path() : endpoint.path;
    return address;
  }
  address.kind = endpoint.tls ? io::HttpAddress::Kind::tls : io::HttpAddress::Kind::tcp;
  address.host = endpoint.host;
  address.port = endpoint.port;
  address.tls = endpoint.tls.value_or(io::TlsFiles{});
  address.host_header = join_host_port(endpoint.host, std::to_string(endpoint.port));
  return address;
}

// `seconds.nanoseconds` with nine digits: the only form that every Engine reads.
std::string unix_time(Time time) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  const std::int64_t nanos = std::max<std::int64_t>(0, time.time_since_epoch().count());
  return fmt::format("{}.{:09}", nanos / kNanosPerSecond, nanos % kNanosPerSecond);
}

std::string list_query(const ContainerFilter& filter) {
  if (filter.project.empty() && !filter.compose_only) return "?all=1";
  std::string label(label::kProject);
  if (!filter.project.empty()) label += '=' + filter.project;
  const json::Value filters = {{"label", json::Value::array({label})}};
  return "?all=1&filters=" +
         io::url_encode(filters.dump(-1, ' ', false, json::Value::error_handler_t::replace));
}

class HttpEngine final : public Engine {
 public:
  HttpEngine(Endpoint endpoint, EngineOptions options)
      : endpoint_(std::move(endpoint)), options_(std::move(options)) {}

  const Endpoint& endpoint() const override { return endpoint_; }
  Result<EngineInfo> info(std::stop_token stop) override;
  Result<std::vector<ContainerSummary>> list(const ContainerFilter& filter,
                                             std::stop_token stop) override;
  Result<Container> inspect(const std::string& id, std::stop_token stop) override;
  Result<void> events(std::optional<Time> since, const std::function<void()>& on_open,
                      const std::function<void(const Event&)>& on_event,
                      std::stop_token stop) override;

 private:
  using SharedWire = std::shared_ptr<const Wire>;

  Result<SharedWire> wire();
  Error lost(const SharedWire& wire, const Error& error);
  Result<EngineInfo> negotiate(std::stop_token stop);
  Result<std::string> api(std::stop_token stop);
  void forget_version();
  std::string pinned() const;
  io::HttpRequest request(const std::string& target) const;
  Result<io::HttpResponse> get(const std::string& path, std::size_t max_body, std::stop_token stop);
  Error refused(const io::HttpResponse& response, const std::string& wish) const;
  Error refused_events(const std::string& target, std::stop_token stop);
  const io::FileSystem& files() const { return options_.files ? *options_.files : real_files_; }

  const Endpoint endpoint_;
  const EngineOptions options_;
  const io::RealFileSystem real_files_;

  std::mutex mutex_;
  std::condition_variable_any negotiated_;
  SharedWire wire_;
  std::optional<EngineInfo> info_;
  bool negotiating_ = false;
  std::uint64_t attempts_ = 0;
  std::optional<Error> last_failure_;  // Of the last attempt to negotiate.
};

Result<HttpEngine::SharedWire> HttpEngine::wire() {
  const std::lock_guard lock(mutex_);
  if (wire_) return wire_;
  auto made = std::make_shared<Wire>();
  const bool ssh = endpoint_.transport == Transport::ssh;
  if (ssh) {
    auto dial = io::DialStdio::open(ssh_command(endpoint_), options_.environment);
    if (!dial) return ssh_failure(dial.error().why, endpoint_);
    made->dial = std::move(*dial);
  }
  made->client = io::make_http_client(address_of(endpoint_, made->dial.get()),
                                      ssh ? kSshConnections : kConnections);
  wire_ = std::move(made);
  return wire_;
}

// Forgets the way that failed, and what was agreed over it: who answers next may be another Engine.
Error HttpEngine::lost(const SharedWire& wire, const Error& error) {
  if (error.code == "cancelled") return error;
  {
    const std::lock_guard lock(mutex_);
    if (wire_ == wire) {
      wire_.reset();
      info_.reset();
    }
  }
  // Already there when the connection is seen to end (io::DialStdio).
  const std::string ssh = wire->dial ? wire->dial->last_failure() : std::string();
  Error failure = connection_failure(error, endpoint_, ssh, files());
  options_.log.write(LogLevel::debug,
                     fmt::format("engine: {}: {} ({})", failure.code, failure.why, error.code));
  return failure;
}

// Docker reads its variable with or without a `v`.
std::string HttpEngine::pinned() const {
  const std::string& version = options_.api_version;
  return version.empty() || version.front() != 'v' ? version : version.substr(1);
}

io::HttpRequest HttpEngine::request(const std::string& target) const {
  io::HttpRequest request;
  request.target =
      encoded_path(endpoint_.transport == Transport::tcp ? endpoint_.path : "") + target;
  request.headers = request_headers(endpoint_);
  request.timeout = options_.timeout;
  // Any call may find that it has to connect first.
  if (endpoint_.transport == Transport::ssh) {
    request.timeout = std::max(request.timeout, kSshPatience);
  }
  return request;
}

Result<EngineInfo> HttpEngine::negotiate(std::stop_token stop) {
  const Result<SharedWire> way = wire();
  if (!way) return way.error();
  io::HttpRequest ping = request("/_ping");
  ping.method = "HEAD";
  ping.max_body = kMaxRefusal;
  Result<io::HttpResponse> answer = (*way)->client->send(ping, stop);
  // Proxies may not know HEAD here. What failed before anything was answered would fail again.
  const bool again =
      answer ? answer->status != kOk || !answer->headers.contains("api-version")
             : answer.error().code == "http-malformed" || answer.error().code == "http-closed";
  if (again) {
    ping.method = "GET";
    answer = (*way)->client->send(ping, stop);
  }
  if (!answer) return lost(*way, answer.error());
  Result<EngineInfo> info = read_ping(*answer, endpoint_, pinned());
  if (info) {
    options_.log.write(LogLevel::debug,
                       fmt::format("engine: {} speaks API {}", shown(endpoint_), info->api));
  }
  return info;
}

// One caller negotiates; those who come meanwhile share what comes of it.
Result<EngineInfo> HttpEngine::info(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    if (stop.stop_requested()) return cancelled();
    if (info_) return *info_;
    if (!negotiating_) break;
    const std::uint64_t attempt = attempts_;
    negotiated_.wait(lock, stop, [&] { return attempts_ != attempt; });
    const bool failed = attempts_ != attempt && !info_ && last_failure_;
    if (failed && last_failure_->code != "cancelled") return *last_failure_;
  }
  negotiating_ = true;
  lock.unlock();
  Result<EngineInfo> result = negotiate(stop);
  lock.lock();
  negotiating_ = false;
  ++attempts_;
  last_failure_ = result ? std::nullopt : std::optional<Error>(result.error());
  if (result) info_ = *result;
  negotiated_.notify_all();
  return result;
}

Result<std::string> HttpEngine::api(std::stop_token stop) {
  if (const std::string version = pinned(); !version.empty()) return version;
  const Result<EngineInfo> negotiated = info(stop);
  if (!negotiated) return negotiated.error();
  return negotiated->api;
}

// A GET below the negotiated version. An Engine that was replaced without our noticing may refuse
// the version once.
Result<io::HttpResponse> HttpEngine::get(const std::string& path, std::size_t max_body,
                                         std::stop_token stop) {
  for (bool retried = false;; retried = true) {
    const Result<std::string> version = api(stop);
    if (!version) return version.error();
    const Result<SharedWire> way = wire();
    if (!way) return way.error();
    io::HttpRequest wish = request("/v" + io::url_encode(*version) + path);
    wish.max_body = max_body;
    Result<io::HttpResponse> answer = (*way)->client->send(wish, stop);
    if (!answer) return lost(*way, answer.error());
    if (retried || !pinned().empty() || !denies_version(*answer)) return answer;
    forget_version();
  }
}

// The next call negotiates again.
void HttpEngine::forget_version() {
  const std::lock_guard lock(mutex_);
  info_.reset();
}

Error HttpEngine::refused(const io::HttpResponse& response, const std::string& wish) const {
  if (!denies_version(response)) return answer_failure(response, endpoint_, wish);
  // Its own sentence names both versions.
  const std::string why = answer_failure(response, endpoint_, wish).why;
  const bool theirs_is_older = response.body.find("too new") != std::string::npos;
  return theirs_is_older ? too_old(endpoint_, why, !pinned().empty())
                         : too_new(endpoint_, why, !pinned().empty());
}

Result<std::vector<ContainerSummary>> HttpEngine::list(const ContainerFilter& filter,
                                                       std::stop_token stop) {
  const Result<io::HttpResponse> answer =
      get("/containers/json" + list_query(filter), kMaxList, stop);
  if (!answer) return answer.error();
  if (answer->status != kOk) return refused(*answer, "list the containers");
  auto list = parse_container_list(answer->body);
  if (!list) return garbage(endpoint_, "its list of containers is no JSON");
  return std::move(*list);
}

Result<Container> HttpEngine::inspect(const std::string& id, std::stop_token stop) {
  const Result<io::HttpResponse> answer =
      get("/containers/" + io::url_encode(id) + "/json", kMaxInspect, stop);
  if (!answer) return answer.error();
  if (answer->status == kNotFound) {
    return Error{"container-missing", fmt::format("there is no container {}", printable(id)),
                 answer_failure(*answer, endpoint_, "inspect it").why};
  }
  if (answer->status != kOk) return refused(*answer, "inspect a container");
  auto container = parse_container(answer->body);
  if (!container) return garbage(endpoint_, "its description of a container is no JSON");
  return std::move(*container);
}

// Asked once more with an end in the past, so that the answer is a whole one within the timeout
// and brings the reason.
Error HttpEngine::refused_events(const std::string& target, std::stop_token stop) {
  const Result<SharedWire> way = wire();
  if (!way) return way.error();
  io::HttpRequest wish = request(target);
  wish.max_body = kMaxRefusal;
  const Result<io::HttpResponse> answer = (*way)->client->send(wish, stop);
  if (!answer) return lost(*way, answer.error());
  if (answer->status == kOk) {
    return {"engine-closed",
            fmt::format("the Docker Engine at {} gave no event stream", shown(endpoint_)),
            "it refused once, and would not say why", "docker events   shows whether it does now"};
  }
  if (denies_version(*answer)) forget_version();
  return refused(*answer, "send its events");
}

Result<void> HttpEngine::events(std::optional<Time> since, const std::function<void()>& on_open,
                                const std::function<void(const Event&)>& on_event,
                                std::stop_token stop) {
  const Result<std::string> version = api(stop);
  if (!version) return stop.stop_requested() ? Result<void>() : version.error();
  const Result<SharedWire> way = wire();
  if (!way) return way.error();
  const std::string target =
      fmt::format("/v{}/events?filters={}", io::url_encode(*version), io::url_encode(kEventFilter));
  const std::string from = since ? unix_time(*since) : std::string();
  int status = 0;
  const auto on_head = [&](const io::HttpResponse& head) {
    status = head.status;
    if (status == kOk && on_open) on_open();
    return status == kOk;
  };
  EventReader reader;
  const auto on_bytes = [&](std::string_view bytes) {
    for (const Event& event : reader.feed(bytes)) {
      if (stop.stop_requested()) return false;
      on_event(event);
    }
    return !reader.astray();
  };
  const Result<io::HttpResponse> answer = (*way)->client->stream(
      request(target + (since ? "&since=" + from : "")), on_head, on_bytes, stop);
  if (stop.stop_requested()) return {};
  if (status != 0 && status != kOk) {
    return refused_events(fmt::format("{0}&since={1}&until={1}", target, since ? from : "1"), stop);
  }
  if (reader.astray()) {
    return garbage(endpoint_, "it answers to /events, but not with events");
  }
  const Error ended{"http-closed", "the stream ended", "the event stream ended"};
  return lost(*way, answer ? ended : answer.error());
}

}  // namespace

std::unique_ptr<Engine> make_engine(Endpoint endpoint, EngineOptions options) {
  return std::make_unique<HttpEngine>(std::move(endpoint), std::move(options));
}

}  // namespace dockhand::engine
