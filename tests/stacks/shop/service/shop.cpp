// The one program behind every service of the demo shop: small, static, no dependencies, so that
// its image is built FROM scratch and needs no registry. What it plays is chosen by its arguments:
//
//   shop http             an HTTP service: /actuator/health, and any other path does its work
//   shop store            a TCP store that greets and answers each line (stands for db and cache)
//   shop migrate ADDRESS  a job: applies migrations to a store, then ends
//   shop traffic URL      a customer: asks for URL again and again
//   shop check URL        a health check: http://… or tcp://…; says why and exits 1 when it is bad
//
// `http` and `store` read their settings from the environment: NAME and PORT; for `http` also
//   DATABASE, CACHE  host:port of the stores that it needs; their state is part of its health
//   CALLS            URLs that it asks for on each request, in turn, separated by spaces
//   WORK_MS          how long its own work takes
// and these paths change how it feels:
//   /down?reason=…   reports itself DOWN from now on; /up ends that
//   /crash?times=N   runs out of memory, and again after each of its next N-1 starts

#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using std::string;
using std::string_view;

constexpr int kTimeoutMs = 1500;
constexpr size_t kMaxMessage = 64 * 1024;
constexpr int kMaxConnections = 128;

string setting(const char* name, const string& otherwise = "") {
  const char* value = getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

// ---- Log lines: one JSON object each, with the W3C trace they belong to.

struct Trace {
  string trace_id, span_id, parent_id;

  // `00-<trace id>-<span id>-01`, what the next service is told.
  string parent_header() const { return "00-" + trace_id + "-" + span_id + "-01"; }
};

string random_hex(size_t length) {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  string text;
  while (text.size() < length) text += "0123456789abcdef"[generator() % 16];
  return text;
}

// A span of the trace that the caller's `traceparent` names, or of a new one.
Trace span_of(string_view parent) {
  if (parent.size() >= 55 && parent.substr(0, 3) == "00-") {
    return {string(parent.substr(3, 32)), random_hex(16), string(parent.substr(36, 16))};
  }
  return {random_hex(32), random_hex(16), ""};
}

string json_quoted(string_view text) {
  string out = "\"";
  for (const char c : text) {
    char code[8];
    snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned char>(c));
    const bool plain = c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
    out += plain ? string(1, c) : code;
  }
  return out + '"';
}

string now_text() {
  timeval now{};
  gettimeofday(&now, nullptr);
  tm utc{};
  gmtime_r(&now.tv_sec, &utc);
  char date[32], text[48];
  strftime(date, sizeof date, "%FT%T", &utc);
  snprintf(text, sizeof text, "%s.%03dZ", date, static_cast<int>(now.tv_usec / 1000));
  return text;
}

void log(const char* level, const string& message, const Trace& trace = {}) {
  string line = "{\"time\":\"" + now_text() + "\",\"level\":\"" + level +
                "\",\"service\":" + json_quoted(setting("NAME", "shop")) +
                ",\"msg\":" + json_quoted(message);
  if (!trace.trace_id.empty()) {
    line += ",\"trace_id\":\"" + trace.trace_id + "\",\"span_id\":\"" + trace.span_id + "\"";
  }
  if (!trace.parent_id.empty()) line += ",\"parent_id\":\"" + trace.parent_id + "\"";
  line += "}\n";
  // One write, so that lines of several threads never mix.
  if (write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
}

// ---- Connections.

class Socket {
 public:
  explicit Socket(int fd = -1) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~Socket() { close(fd_); }
  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }

  void send_all(string_view data) const {
    while (!data.empty()) {
      const ssize_t sent = send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      data.remove_prefix(static_cast<size_t>(sent));
    }
  }

  // Reads until `end` has arrived, or to the end of the stream when `end` is empty.
  string read_until(string_view end) const {
    string data;
    char buffer[4096];
    while (data.size() < kMaxMessage && (end.empty() || data.find(end) == string::npos)) {
      const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      data.append(buffer, static_cast<size_t>(count));
    }
    return data;
  }

 private:
  int fd_;
};

void set_timeouts(int fd, int milliseconds) {
  const timeval limit{milliseconds / 1000, milliseconds % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

// Connects to `host:port`. On failure the socket is not open and `error` says why.
Socket connect_to(const string& address, string& error) {
  const size_t colon = address.rfind(':');
  const string host = address.substr(0, colon);
  const string port = colon == string::npos ? "80" : address.substr(colon + 1);
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) {
    error = "unknown host " + host;
    return Socket();
  }
  Socket peer(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  set_timeouts(peer.fd(), kTimeoutMs);
  const int failed = connect(peer.fd(), found->ai_addr, found->ai_addrlen);
  const int reason = errno;
  freeaddrinfo(found);
  if (failed == 0) return peer;
  error = (reason == ECONNREFUSED  ? "connection refused"
           : reason == EINPROGRESS ? "timed out"
                                   : strerror(reason)) +
          (" at " + address);
  return Socket();
}

Socket listen_on(int port) {
  Socket listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  if (bind(listener.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener.fd(), 64) != 0) {
    log("fatal", "cannot listen on port " + std::to_string(port) + ": " + strerror(errno));
    _exit(1);
  }
  return listener;
}

// Gives each connection to `serve` on a thread of its own, for ever.
template <typename Serve>
[[noreturn]] void accept_all(const Socket& listener, Serve serve) {
  std::atomic<int> connections{0};
  for (;;) {
    Socket peer(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer.open() || connections >= kMaxConnections) continue;
    ++connections;
    std::thread([&connections, &serve, peer = std::move(peer)] {
      serve(peer);
      --connections;
    }).detach();
  }
}

// ---- The store: greets, then answers `ok` to every line. A line may end in a `traceparent=…`.

constexpr char kGreeting[] = "shop-store 1 ready\n";

void serve_store(const Socket& peer) {
  set_timeouts(peer.fd(), 60'000);
  peer.send_all(kGreeting);
  for (string line; !(line = peer.read_until("\n")).empty();) {
    const size_t mark = line.find(" traceparent=");
    if (mark != string::npos)
      log("info", line.substr(0, mark), span_of(string_view(line).substr(mark + 13)));
    peer.send_all("ok\n");
  }
}

// Sends one statement to a store. Returns what went wrong, or nothing.
string ask_store(const string& address, const string& statement) {
  string error;
  const Socket store = connect_to(address, error);
  if (!store.open()) return error;
  if (store.read_until("\n").empty()) return "no greeting from " + address;
  if (statement.empty()) return "";
  store.send_all(statement + "\n");
  return store.read_until("\n") == "ok\n" ? "" : "no answer from " + address;
}

// ---- HTTP.

struct Answer {
  int status = 0;  // 0: there was none, and the body says why.
  string body;
  string type = "application/json";
};

string_view after(string_view text, string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : string_view();
}

Answer http_get(const string& url, const string& headers) {
  const string_view rest = after(url, "http://");
  const size_t slash = std::min(rest.find('/'), rest.size());
  const string address(rest.substr(0, slash));
  const string path = slash < rest.size() ? string(rest.substr(slash)) : "/";
  Answer answer;
  const Socket peer = connect_to(address, answer.body);
  if (!peer.open()) return answer;
  peer.send_all("GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n" + headers +
                "Connection: close\r\n\r\n");
  const string reply = peer.read_until("");
  const size_t body = reply.find("\r\n\r\n");
  if (reply.size() < 12 || body == string::npos) return {0, "no answer from " + address};
  return {atoi(reply.c_str() + 9), reply.substr(body + 4)};
}

struct Request {
  string path, query;
  std::map<string, string> headers;  // Names in lower case.
};

Request parse_request(const string& text) {
  Request request;
  std::istringstream lines(text);
  string method, target, line;
  lines >> method >> target;
  const size_t mark = std::min(target.find('?'), target.size());
  request.path = target.substr(0, mark);
  request.query = mark < target.size() ? target.substr(mark + 1) : "";
  std::getline(lines, line);
  while (std::getline(lines, line) && line.size() > 1) {
    const size_t colon = line.find(": ");
    if (colon == string::npos) continue;
    string name = line.substr(0, colon);
    for (char& c : name) c = static_cast<char>(tolower(c));
    request.headers[name] = line.substr(colon + 2, line.size() - colon - 3);
  }
  return request;
}

// The value of `key=…` in a query, percent-decoded.
string query_value(const string& query, const string& key) {
  const size_t start = ("&" + query).find("&" + key + "=");
  if (start == string::npos) return "";
  const string raw =
      query.substr(start + key.size() + 1, query.find('&', start) - start - key.size() - 1);
  string text;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%' && i + 2 < raw.size()) {
      text += static_cast<char>(strtol(raw.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      text += raw[i] == '+' ? ' ' : raw[i];
    }
  }
  return text;
}

// ---- The HTTP service.

// Takes memory until the kernel ends the program; ends it likewise where there is no limit.
[[noreturn]] void run_out_of_memory() {
  log("fatal", "cannot take the next mail: out of memory");
  constexpr size_t kStep = 8 << 20, kEnough = 256 << 20;
  for (size_t taken = 0; taken < kEnough; taken += kStep) {
    char* block = new char[kStep];
    for (size_t i = 0; i < kStep; i += 512) *const_cast<volatile char*>(block + i) = 1;
  }
  _exit(137);
}

// How often the program is still to crash when it starts. The file outlives a restart of the
// container, as a poisonous mail in a queue would.
constexpr char kPoison[] = "/poison";

void crash(int times) {
  std::ofstream(kPoison) << times - 1;
  if (times > 0) run_out_of_memory();
}

class HttpService {
 public:
  // Serves one request.
  void serve(const Socket& peer) {
    set_timeouts(peer.fd(), kTimeoutMs);
    Request request = parse_request(peer.read_until("\r\n\r\n"));
    if (request.path.empty()) return;
    const Answer answer = handle(request);
    peer.send_all("HTTP/1.1 " + std::to_string(answer.status) +
                  (answer.status < 400 ? " OK" : " Failed") + "\r\nContent-Type: " + answer.type +
                  "\r\nContent-Length: " + std::to_string(answer.body.size()) +
                  "\r\nConnection: close\r\n\r\n" + answer.body);
    if (request.path == "/crash")
      crash(std::max(1, atoi(query_value(request.query, "times").c_str())));
  }

 private:
  Answer handle(Request& request) {
    if (request.path == "/") return {200, "{\"service\":" + json_quoted(name_) + "}\n"};
    if (request.path == "/actuator/health")
      return health(request.headers["accept"] == "text/plain");
    if (request.path == "/crash") return {202, "{\"status\":\"out of memory\"}\n"};
    if (request.path == "/down" || request.path == "/up") {
      const string reason = query_value(request.query, "reason");
      const std::lock_guard lock(mutex_);
      trouble_ = request.path == "/up" ? "" : reason.empty() ? "switched off" : reason;
      return {200, "{\"status\":\"" + string(trouble_.empty() ? "UP" : "DOWN") + "\"}\n"};
    }
    return work(request);
  }

  // What is wrong with the service and its stores: component to reason, empty for a good one.
  std::map<string, string> components() {
    std::map<string, string> found{{"ping", ""}};
    if (!database_.empty()) found["db"] = ask_store(database_, "");
    if (!cache_.empty()) found["cache"] = ask_store(cache_, "");
    const std::lock_guard lock(mutex_);
    if (!trouble_.empty()) found["shop"] = trouble_;
    return found;
  }

  // Spring Boot Actuator's body, or the bad components as plain text.
  Answer health(bool plain) {
    string json, text;
    for (const auto& [name, reason] : components()) {
      json += (json.empty() ? "\"" : ",\"") + name + "\":{\"status\":\"" +
              (reason.empty() ? "UP\"}" : "DOWN\"");
      if (reason.empty()) continue;
      json += ",\"details\":{\"error\":" + json_quoted(reason) + "}}";
      text += (text.empty() ? "" : "; ") + name + ": " + reason;
    }
    const int status = text.empty() ? 200 : 503;
    if (plain) return {status, (text.empty() ? "UP" : text) + "\n", "text/plain"};
    return {status, string("{\"status\":\"") + (text.empty() ? "UP" : "DOWN") +
                        "\",\"components\":{" + json + "}}\n"};
  }

  // A request of a customer: own work, then the stores, then the services behind.
  Answer work(Request& request) {
    const Trace trace = span_of(request.headers["traceparent"]);
    const auto start = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(work_ms_));
    const string error = do_work(request.path, trace);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    const string words = " in " + std::to_string(std::lround(took.count())) + " ms";
    if (!error.empty()) {
      log("error", "GET " + request.path + " 503" + words + ": " + error, trace);
      return {503, "{\"error\":" + json_quoted(error) + "}\n"};
    }
    log("info", "GET " + request.path + " 200" + words, trace);
    return {200, "{\"service\":" + json_quoted(name_) + "}\n"};
  }

  string do_work(const string& path, const Trace& trace) {
    const string mark = " traceparent=" + trace.parent_header();
    if (!cache_.empty()) ask_store(cache_, "GET " + path + mark);
    if (!database_.empty()) {
      const string error = ask_store(database_, "SELECT * FROM " + path.substr(1) + mark);
      if (!error.empty()) return "db: " + error;
    }
    std::istringstream calls(setting("CALLS"));
    for (string url; calls >> url;) {
      const Answer answer = http_get(url, "traceparent: " + trace.parent_header() + "\r\n");
      if (answer.status == 0) return answer.body;
      if (answer.status >= 400) return url + " answered " + std::to_string(answer.status);
    }
    return "";
  }

  const string name_ = setting("NAME", "shop"), database_ = setting("DATABASE"),
               cache_ = setting("CACHE");
  const int work_ms_ = atoi(setting("WORK_MS", "0").c_str());
  std::mutex mutex_;
  string trouble_;  // Guarded by mutex_.
};

// ---- The programs.

int run_http() {
  int poison = 0;
  if (std::ifstream(kPoison) >> poison && poison > 0) crash(poison);
  const Socket listener = listen_on(atoi(setting("PORT", "8080").c_str()));
  HttpService service;
  log("info", "ready");
  accept_all(listener, [&service](const Socket& peer) { service.serve(peer); });
}

int run_store() {
  const Socket listener = listen_on(atoi(setting("PORT", "5432").c_str()));
  log("info", "ready");
  accept_all(listener, serve_store);
}

int run_migrate(const string& address) {
  for (const char* step : {"CREATE TABLE products", "CREATE TABLE orders", "CREATE INDEX by_day"}) {
    const string error = ask_store(address, step);
    if (!error.empty()) {
      log("fatal", step + (": " + error));
      return 1;
    }
    log("info", step);
  }
  return 0;
}

int run_traffic(const string& url) {
  for (;;) {
    const Trace trace = span_of("");
    const Answer answer = http_get(url, "traceparent: " + trace.parent_header() + "\r\n");
    log(answer.status == 200 ? "info" : "warn",
        url + (answer.status == 0 ? ": " + answer.body
                                  : " answered " + std::to_string(answer.status)),
        trace);
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

int run_check(const string& url) {
  string error;
  if (const string_view address = after(url, "tcp://"); !address.empty()) {
    error = ask_store(string(address), "");
  } else {
    const Answer answer = http_get(url, "Accept: text/plain\r\n");
    if (answer.status < 200 || answer.status > 399) error = answer.body;
  }
  while (!error.empty() && error.back() == '\n') error.pop_back();
  puts(error.empty() ? "UP" : error.c_str());
  return error.empty() ? 0 : 1;
}

// The first process of a container is only ended by signals that it handles.
void stop(int) { _exit(0); }

}  // namespace

int main(int argc, char** argv) {
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  signal(SIGPIPE, SIG_IGN);
  setenv("RES_OPTIONS", "timeout:1 attempts:1", 0);  // A name that is gone must not block a check.
  const string command = argc > 1 ? argv[1] : "", argument = argc > 2 ? argv[2] : "";
  if (command == "http" && argc == 2) return run_http();
  if (command == "store" && argc == 2) return run_store();
  if (command == "migrate" && argc == 3) return run_migrate(argument);
  if (command == "traffic" && argc == 3) return run_traffic(argument);
  if (command == "check" && argc == 3) return run_check(argument);
  fputs("usage: shop http | store | migrate ADDRESS | traffic URL | check URL\n", stderr);
  return 2;
}
