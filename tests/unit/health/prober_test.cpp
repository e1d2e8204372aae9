#include "health/prober.h"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

using namespace dockhand;
using namespace std::chrono_literals;

namespace {

// Accepts connections on a free port of 127.0.0.1, and answers each with the same bytes once it was
// asked something. An empty answer hangs up at once; `silent` never answers.
class Server {
 public:
  explicit Server(std::string answer, bool silent = false)
      : answer_(std::move(answer)), silent_(silent), socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    REQUIRE(::listen(socket_, 16) == 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  void serve() {
    for (int client; (client = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(client)) {
      if (answer_.empty() && !silent_) continue;
      char buffer[4096];
      // A silent server waits until the other side has had enough.
      while (::recv(client, buffer, sizeof buffer, 0) > 0 && silent_) {
      }
      if (!silent_) ::send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
    }
  }

  std::string answer_;
  bool silent_;
  int socket_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

std::string answer(int status, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) +
         " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         body;
}

health::ProbeTarget get(const std::string& url) {
  health::ProbeTarget target;
  target.url = url;
  return target;
}

health::ProbeTarget tcp(std::uint16_t port) {
  health::ProbeTarget target;
  target.kind = health::ProbeTarget::Kind::tcp;
  target.host = "127.0.0.1";
  target.port = port;
  return target;
}

// `good 200` or `bad 503, db: DOWN`.
std::string probed(const health::ProbeTarget& target, Duration timeout = 10s) {
  const SystemClock clock;
  health::NetworkProber prober(clock);
  const health::ProbeResult result = prober.probe(target, timeout, {});
  CHECK(result.time > Time(1h));
  const std::string verdict = result.verdict == health::Verdict::good ? "good " : "bad ";
  return verdict + result.word + (result.detail.empty() ? "" : ", " + result.detail);
}

std::uint16_t closed_port() { return Server("x").port(); }

}  // namespace

TEST_CASE("an HTTP answer is judged") {
  CHECK(probed(get(Server(answer(200, "hello")).url("/"))) == "good 200");
  CHECK(probed(get(Server(answer(200, R"({"status":"UP"})")).url("/health?x=1"))) == "good UP");
  const Server sick(answer(503, R"({"status":"DOWN","components":{"db":{"status":"DOWN"}}})"));
  CHECK(probed(get(sick.url("/"))) == "bad 503, db: DOWN");
  CHECK(probed(get(Server(answer(200, std::string(3 << 20, 'x'))).url("/"))) == "good answers");
}

TEST_CASE("what is no answer is said in words") {
  const std::string closed = std::to_string(closed_port());
  CHECK(probed(get("http://127.0.0.1:" + closed + "/")) ==
        "bad refused, connection refused at 127.0.0.1:" + closed);
  const Server hanging_up("");
  CHECK(probed(get(hanging_up.url("/"))).starts_with("bad closed, connection closed"));
  const Server mute("", true);
  CHECK(probed(get(mute.url("/")), 100ms) == "bad timed out, no answer from 127.0.0.1:" +
                                                 std::to_string(mute.port()) + " within 100 ms");
  CHECK(probed(get(Server("\x16\x03 nonsense\r\n\r\n").url("/"))).starts_with("bad "));
  CHECK(probed(get("http://no-such-host.invalid/")).starts_with("bad no route"));
  CHECK(probed(get("not a url")).starts_with("bad failed"));
}

TEST_CASE("a port is open when somebody stays behind it") {
  CHECK(probed(tcp(Server("", true).port())) == "good open");
  const std::uint16_t closed = closed_port();
  CHECK(probed(tcp(closed)) ==
        "bad refused, connection refused at 127.0.0.1:" + std::to_string(closed));
  // As docker-proxy does for a container in which nobody listens.
  CHECK(probed(tcp(Server("").port())).starts_with("bad refused"));
}

TEST_CASE("one prober is used by many at once, over one connection and over many origins") {
  const SystemClock clock;
  health::NetworkProber prober(clock);
  const Server one(answer(200, "")), two(answer(204, ""));
  std::vector<std::thread> users;
  for (int user = 0; user < 8; ++user) {
    users.emplace_back([&, user] {
      for (int i = 0; i < 10; ++i) {
        const Server& server = (user + i) % 2 == 0 ? one : two;
        const auto result = prober.probe(get(server.url("/")), 10s, {});
        CHECK(result.status == (&server == &one ? 200 : 204));
      }
    });
  }
  for (std::thread& user : users) user.join();
}
