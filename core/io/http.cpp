#include "io/http.h"

#include <fmt/format.h>

// Newer versions of the library would wait for a CRLF, however long it takes to come.
#define CPPHTTPLIB_ALLOW_LF_AS_LINE_TERMINATOR
#include <httplib.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/text.h"
#include "io/connect.h"
#include "io/connection.h"
#include "io/wait.h"

namespace dockhand::io {
namespace {

// Bounds of an answer's head. The library matches its first line with std::regex, which recurses
// for every character, and lets the whole head grow without end.
constexpr std::size_t kLongestStatusLine = std::size_t{2} << 10;
constexpr std::size_t kLongestHead = std::size_t{256} << 10;
constexpr std::size_t kBufferSize = std::size_t{16} << 10;
constexpr std::string_view kHttpMark = "HTTP/1.";

std::string describe(const HttpAddress& address) {
  if (address.kind == HttpAddress::Kind::unix_socket) return address.path;
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return fmt::format("{}:{}", is_v6 ? "[" + address.host + "]" : address.host, address.port);
}

// The path alone: a query may hold what belongs on no screen.
std::string describe(const HttpRequest& request) {
  const std::string_view target = request.target;
  return fmt::format("{} {}", request.method, target.substr(0, target.find('?')));
}

// The connection as the library sees it during one exchange.
class Wire final : public httplib::Stream {
 public:
  Wire(Connection& connection, const Patience& patience)
      : connection_(connection), patience_(patience) {}

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  socket_t socket() const override { return INVALID_SOCKET; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}

  ssize_t read(char* into, std::size_t size) override {
    if (head_is_too_long() || (begin_ == end_ && !fill())) return at_end_ ? 0 : -1;
    const std::size_t count = std::min(size, end_ - begin_);
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), count, into);
    begin_ += count;
    if (in_head_) note_head({into, count});
    return may_be_http() ? static_cast<ssize_t>(count) : -1;
  }

  ssize_t write(const char* bytes, std::size_t size) override {
    if (!connection_.write({bytes, size}, patience_)) return -1;
    return static_cast<ssize_t>(size);
  }

  // From here on it is the body: as long as it likes.
  void end_head() { in_head_ = false; }

  bool in_head() const { return in_head_; }
  bool at_end() const { return at_end_; }
  bool has_received() const { return received_ > 0; }
  bool head_is_too_long() const {
    return in_head_ && ((!has_line_ && received_ > kLongestStatusLine) || received_ > kLongestHead);
  }
  // Whoever says something else first, and then keeps the line open, is not waited for.
  bool may_be_http() const { return kHttpMark.starts_with(mark_); }
  bool is_http() const { return received_ >= kHttpMark.size() && mark_ == kHttpMark; }
  // True when nothing was sent but what was asked for.
  bool is_drained() const { return begin_ == end_ && !at_end_; }

 private:
  bool fill() {
    if (at_end_) return false;
    const ssize_t count = connection_.read(buffer_.data(), buffer_.size(), patience_);
    at_end_ = count == 0;
    begin_ = 0;
    end_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    return count > 0;
  }

  void note_head(std::string_view bytes) {
    if (mark_.size() < kHttpMark.size()) mark_ += bytes.substr(0, kHttpMark.size() - mark_.size());
    if (bytes.find('\n') != std::string_view::npos) has_line_ = true;
    received_ += bytes.size();
  }

  Connection& connection_;
  const Patience&
      patience_;  // May change while an answer comes: a stream's head ends its deadline.
  std::array<char, kBufferSize> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // What of the buffer has not been handed on.
  bool at_end_ = false;
  bool in_head_ = true;
  bool has_line_ = false;
  std::size_t received_ = 0;  // In the head.
  std::string mark_;          // The answer's first bytes.
};

// The library's client for one exchange: it writes the request and reads the answer, while the
// connection, its deadlines and its end are ours. Its own socket stays unset.
class Exchange final : public httplib::ClientImpl {
 public:
  explicit Exchange(Wire& wire) : httplib::ClientImpl("localhost", 80), wire_(wire) {
    set_decompress(false);
    set_url_encode(false);
    set_follow_location(false);
    set_keep_alive(true);  // Only whether `Connection: close` is written.
  }

 private:
  bool create_and_connect_socket(Socket&, httplib::Error&) override { return true; }
  bool process_socket(const Socket&, std::function<bool(httplib::Stream&)> callback) override {
    return callback(wire_);
  }

  Wire& wire_;
};

HttpResponse response_of(const httplib::Response& answer) {
  HttpResponse response;
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers) {
    std::string& all = response.headers[to_lower_ascii(name)];
    if (!all.empty()) all += ", ";
    all += value;
  }
  return response;
}

// The header's value, or nothing.
const std::string* header_of(const HttpResponse& response, const std::string& name) {
  const auto found = response.headers.find(name);
  return found == response.headers.end() ? nullptr : &found->second;
}

// What an answer's body is given to, and what it thinks of it.
struct Receiver {
  std::function<bool(const HttpResponse& head)> on_head;
  std::function<bool(std::string_view)> on_bytes;
  std::size_t max_body;
};

enum class Verdict { going_on, enough, no_body, too_large, bad_length };

// One request and its answer over one connection.
class Conversation {
 public:
  Conversation(Connection& connection, const Patience& patience, const Receiver& receiver)
      : connection_(connection), receiver_(receiver), wire_(connection, patience) {}

  Result<HttpResponse> carry_out(const HttpAddress& address, const HttpRequest& request) {
    httplib::Request asked = translate(address, request);
    asked.response_handler = [this](const httplib::Response& answer) { return take_head(answer); };
    asked.content_receiver = [this](const char* bytes, std::size_t size, std::uint64_t,
                                    std::uint64_t) {
      return take_bytes({bytes, size});
    };
    httplib::Response answer;
    httplib::Error failure = httplib::Error::Success;
    const Instant start = std::chrono::steady_clock::now();
    bool done = false;
    try {
      Exchange exchange(wire_);
      done = exchange.send(asked, answer, failure);
    } catch (const std::exception& error) {
      return Error{"http-malformed", what(address, request), error.what()};
    }
    const bool ended_by_us = verdict_ == Verdict::enough || verdict_ == Verdict::no_body;
    // Newer versions of the library take a failed read for the end of a body without a length.
    const bool is_whole = done && connection_.broken() == Broken::no;
    if (!is_whole && !ended_by_us) return explain(address, request);
    HttpResponse response = response_of(answer);
    // The library passes over its handler for answers that never have a body.
    if (done && wire_.in_head() && receiver_.on_head) receiver_.on_head(response);
    response.latency = std::chrono::steady_clock::now() - start;
    is_reusable_ =
        is_whole && wire_.is_drained() && answer.version == "HTTP/1.1" && !says_close(response);
    return response;
  }

  // True when the connection can carry another request.
  bool is_reusable() const { return is_reusable_; }

  // True when the server closed the connection without a word: one that was kept alive may have
  // been closed before the request reached it.
  bool was_stale() const {
    const bool closed = wire_.at_end() || connection_.broken() == Broken::lost;
    return closed && !wire_.has_received();
  }

 private:
  static httplib::Request translate(const HttpAddress& address, const HttpRequest& request) {
    httplib::Request asked;
    asked.method = request.method;
    asked.path = request.target;
    asked.body = request.body;
    for (const auto& [name, value] : request.headers) asked.headers.emplace(name, value);
    const auto set_default = [&asked](const char* name, const std::string& value) {
      if (!asked.has_header(name)) asked.headers.emplace(name, value);
    };
    set_default("Host", address.host_header);
    set_default("User-Agent", "dockhand");
    set_default("Accept-Encoding", "identity");
    return asked;
  }

  static bool says_close(const HttpResponse& response) {
    const std::string* const value = header_of(response, "connection");
    return value && to_lower_ascii(*value).find("close") != std::string::npos;
  }

  // Stops the library where it would misread what comes: it waits for the body of a 304, which has
  // none, and takes a length that is no number for 0.
  bool take_head(const httplib::Response& answer) {
    wire_.end_head();
    const HttpResponse head = response_of(answer);
    verdict_ = judge(head);
    return verdict_ == Verdict::going_on;
  }

  Verdict judge(const HttpResponse& head) const {
    const std::string* const length = header_of(head, "content-length");
    const bool is_chunked = header_of(head, "transfer-encoding") != nullptr;
    if (length && !is_chunked) {
      const std::optional<long long> size = parse_integer(*length);
      if (!size || *size < 0) return Verdict::bad_length;
      if (static_cast<unsigned long long>(*size) > receiver_.max_body) return Verdict::too_large;
    }
    if (receiver_.on_head && !receiver_.on_head(head)) return Verdict::enough;
    return head.status == 304 ? Verdict::no_body : Verdict::going_on;
  }

  bool take_bytes(std::string_view bytes) {
    if (bytes.size() > receiver_.max_body - body_size_) {
      verdict_ = Verdict::too_large;
    } else if (!receiver_.on_bytes(bytes)) {
      verdict_ = Verdict::enough;
    }
    body_size_ += bytes.size();
    return verdict_ == Verdict::going_on;
  }

  static std::string what(const HttpAddress& address, const HttpRequest& request) {
    return fmt::format("no usable answer from {} to {}", describe(address), describe(request));
  }

  Error explain(const HttpAddress& address, const HttpRequest& request) const {
    const auto [code, why] = reason(request);
    return {code, what(address, request), why};
  }

  std::pair<std::string, std::string> reason(const HttpRequest& request) const {
    switch (connection_.broken()) {
      case Broken::stopped:
        return {"cancelled", "cancelled"};
      case Broken::timeout:
        return {"http-timeout", "no complete answer in time"};
      case Broken::tls:
        return {"http-tls", connection_.reason()};
      case Broken::lost:
      case Broken::no:
        break;
    }
    if (verdict_ == Verdict::too_large) {
      return {"http-too-large", fmt::format("its body is larger than {} bytes", request.max_body)};
    }
    if (verdict_ == Verdict::bad_length) {
      return {"http-malformed", "its Content-Length is not a number"};
    }
    if (wire_.head_is_too_long()) return {"http-malformed", "its head is too long"};
    const bool is_lost = connection_.broken() == Broken::lost;
    if (!wire_.has_received()) {
      return {"http-closed", is_lost ? connection_.reason() : "the connection was closed at once"};
    }
    if (!wire_.is_http()) return {"http-malformed", "it is not HTTP"};
    if (is_lost) return {"http-closed", connection_.reason()};
    if (wire_.at_end()) return {"http-closed", "the connection was closed in the middle of it"};
    return {"http-malformed", wire_.in_head() ? "its head is not HTTP" : "its chunks are not HTTP"};
  }

  Connection& connection_;
  const Receiver& receiver_;
  Wire wire_;
  Verdict verdict_ = Verdict::going_on;
  std::size_t body_size_ = 0;
  bool is_reusable_ = false;
};

// Kept-alive connections, and how many calls may be under way. Thread-safe.
class Pool {
 public:
  explicit Pool(std::size_t most) : most_(std::max<std::size_t>(most, 1)) {}

  // Waits for the right to hold a connection; how that ended.
  Waited enter(const Patience& patience, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const auto is_free = [this] { return busy_ < most_; };
    // A day is as good as for ever, and every clock can hold it.
    const Instant until = patience.earlier_of(std::chrono::hours(24));
    const bool entered = changed_.wait_until(lock, stop, until, is_free);
    if (stop.stop_requested()) return Waited::stopped;
    if (!entered) return Waited::timeout;
    ++busy_;
    return Waited::ready;
  }

  void leave() {
    {
      const std::lock_guard lock(mutex_);
      --busy_;
    }
    changed_.notify_one();
  }

  // The one used last that is still open, or none.
  std::unique_ptr<Connection> take() {
    const std::lock_guard lock(mutex_);
    while (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      if (connection->is_quiet()) return connection;
    }
    return nullptr;
  }

  // There are never more of them than calls under way at once.
  void keep(std::unique_ptr<Connection> connection) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
  }

 private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t busy_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// The place in the pool that one call holds.
class Place {
 public:
  explicit Place(Pool& pool) : pool_(pool) {}
  ~Place() { pool_.leave(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  Pool& pool_;
};

std::string code_of(ConnectProblem problem) {
  switch (problem) {
    case ConnectProblem::refused:
      return "http-refused";
    case ConnectProblem::missing:
      return "http-missing";
    case ConnectProblem::denied:
      return "http-denied";
    case ConnectProblem::unreachable:
    case ConnectProblem::timeout:
      return "http-unreachable";
    case ConnectProblem::stopped:
      return "cancelled";
  }
  return "http-unreachable";
}

bool is_token(std::string_view text) {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={}";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return c > 0x20 && c < 0x7F && kSeparators.find(c) == std::string_view::npos;
  });
}

bool is_one_line(std::string_view text) {
  constexpr std::string_view kEnds("\r\n\0", 3);
  return text.find_first_of(kEnds) == std::string_view::npos;
}

// The target with whatever would end the request's first line encoded.
std::string safe_target(std::string_view target) {
  std::string safe = target.starts_with('/') ? "" : "/";
  for (const char c : target) {
    const bool is_plain = c > 0x20 && c < 0x7F;
    safe += is_plain ? std::string(1, c) : url_encode(std::string_view(&c, 1));
  }
  return safe;
}

class Client final : public HttpClient {
 public:
  Client(HttpAddress address, std::size_t max_connections)
      : address_(std::move(address)), pool_(max_connections) {}

  Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop) override {
    if (std::optional<Error> error = refuse(request)) return *std::move(error);
    HttpRequest safe = request;
    safe.target = safe_target(request.target);
    Patience patience(instant_after(request.timeout), stop);
    const Waited entered = pool_.enter(patience, stop);
    if (entered == Waited::stopped) return cancelled();
    if (entered == Waited::timeout) {
      return Error{"http-timeout", "no free connection to " + describe(address_),
                   "as many requests as may be are under way"};
    }
    const Place place(pool_);
    return exchange(safe, patience);
  }

  Result<HttpResponse> stream(const HttpRequest& request,
                              const std::function<bool(const HttpResponse& head)>& on_head,
                              const std::function<bool(std::string_view)>& on_bytes,
                              std::stop_token stop) override {
    if (std::optional<Error> error = refuse(request)) return *std::move(error);
    HttpRequest safe = request;
    safe.target = safe_target(request.target);
    Patience patience(instant_after(request.timeout), stop);
    const Receiver receiver{[&](const HttpResponse& head) {
                              patience.set_deadline(std::nullopt);
                              return on_head(head);
                            },
                            on_bytes, std::numeric_limits<std::size_t>::max()};
    Result<std::unique_ptr<Connection>> connection = open(safe, patience);
    if (!connection) return connection.error();
    return Conversation(**connection, patience, receiver).carry_out(address_, safe);
  }

 private:
  Error cancelled() const {
    return {"cancelled", "the request to " + describe(address_) + " was not sent", "cancelled"};
  }

  // Nothing that came from a file or a container may add a line to the request.
  std::optional<Error> refuse(const HttpRequest& request) const {
    bool fits = is_token(request.method) && is_one_line(address_.host_header);
    for (const auto& [name, value] : request.headers) {
      fits = fits && is_token(name) && is_one_line(value);
    }
    if (fits) return std::nullopt;
    return Error{"http-malformed", "cannot send a request to " + describe(address_),
                 "its method or a header has characters that HTTP does not allow"};
  }

  Result<HttpResponse> exchange(const HttpRequest& request, Patience& patience) {
    std::string body;
    const Receiver receiver{nullptr,
                            [&body](std::string_view bytes) {
                              body += bytes;
                              return true;
                            },
                            request.max_body};
    std::unique_ptr<Connection> kept = pool_.take();
    const bool may_repeat = kept && (request.method == "GET" || request.method == "HEAD");
    for (bool first = true;; first = false) {
      if (!kept) {
        Result<std::unique_ptr<Connection>> opened = open(request, patience);
        if (!opened) return opened.error();
        kept = std::move(*opened);
      }
      Conversation conversation(*kept, patience, receiver);
      Result<HttpResponse> response = conversation.carry_out(address_, request);
      if (!response && first && may_repeat && conversation.was_stale()) {
        kept.reset();
        continue;
      }
      if (response) response->body = std::move(body);
      if (conversation.is_reusable()) pool_.keep(std::move(kept));
      return response;
    }
  }

  Result<std::unique_ptr<Connection>> open(const HttpRequest& request, Patience& patience) {
    const std::optional<Instant> whole = patience.deadline();
    patience.set_deadline(patience.earlier_of(request.connect_timeout));
    Connected connected = address_.kind == HttpAddress::Kind::unix_socket
                              ? connect_unix(address_.path, patience)
                              : connect_tcp(address_.host, address_.port, patience);
    patience.set_deadline(whole);
    if (!connected.socket) {
      return Error{code_of(connected.problem), "cannot connect to " + describe(address_),
                   connected.reason};
    }
    if (address_.kind != HttpAddress::Kind::tls) {
      return make_plain_connection(std::move(connected.socket));
    }
    const Result<TlsContext>& tls = tls_context();
    if (!tls) return tls.error();
    return tls->connect(std::move(connected.socket), address_.host, patience);
  }

  // Made when the first connection needs it: reading the system's CAs takes milliseconds.
  const Result<TlsContext>& tls_context() {
    const std::lock_guard lock(tls_mutex_);
    if (!tls_) tls_.emplace(TlsContext::make(address_.tls));
    return *tls_;
  }

  const HttpAddress address_;
  Pool pool_;
  std::mutex tls_mutex_;
  std::optional<Result<TlsContext>> tls_;
};

}  // namespace

std::unique_ptr<HttpClient> make_http_client(HttpAddress address, std::size_t max_connections) {
  return std::make_unique<Client>(std::move(address), max_connections);
}

}  // namespace dockhand::io
