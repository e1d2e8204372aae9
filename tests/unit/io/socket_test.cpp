#include "io/socket.h"

#include <doctest/doctest.h>

#include <memory>

#include "io/test_server.h"

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

std::string code_of(const Result<Duration>& result) {
  return result ? "open" : result.error().code;
}

TEST_CASE("a port that somebody listens on is open") {
  TestServer server([](const Peer& peer) { peer.hear_out(); });
  for (const char* const host : {"127.0.0.1", "localhost"}) {
    const Result<Duration> latency = probe_tcp(host, server.port(), 5s);
    REQUIRE(latency);
    CHECK(*latency > Duration::zero());
    CHECK(*latency < 5s);
  }
}

TEST_CASE("a server that speaks first is open") {
  TestServer server([](const Peer& peer) {
    peer.say("220 ready\r\n");
    peer.hear_out();
  });
  CHECK(code_of(probe_tcp("127.0.0.1", server.port(), 5s, 5s)) == "open");
}

TEST_CASE("a server that speaks and closes is open, too") {
  TestServer server([](const Peer& peer) { peer.say("bye\r\n"); });
  CHECK(code_of(probe_tcp("127.0.0.1", server.port(), 5s, 5s)) == "open");
}

TEST_CASE("a port that nobody listens on is refused") {
  std::uint16_t port = 0;
  {
    TestServer server([](const Peer&) {});
    port = server.port();
  }
  CHECK(code_of(probe_tcp("127.0.0.1", port, 5s)) == "tcp-refused");
  CHECK(code_of(probe_tcp("localhost", port, 5s)) == "tcp-refused");
}

TEST_CASE("a port that accepts and closes at once is refused: so does docker-proxy for nobody") {
  TestServer server([](const Peer&) { std::this_thread::sleep_for(5ms); });
  CHECK(code_of(probe_tcp("127.0.0.1", server.port(), 5s, 2s)) == "tcp-refused");
}

// A listener whose queue is full: the kernel lets further connections wait without an answer.
class DeafListener {
 public:
  DeafListener() {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    listen(listener_, 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i < 3; ++i) {
      const int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      (void)connect(fd, reinterpret_cast<sockaddr*>(&address), size);
      waiting_.push_back(fd);
    }
    std::this_thread::sleep_for(20ms);
  }
  ~DeafListener() {
    for (const int fd : waiting_) close(fd);
    close(listener_);
  }
  std::uint16_t port() const { return port_; }

 private:
  int listener_;
  std::uint16_t port_ = 0;
  std::vector<int> waiting_;
};

TEST_CASE("a port that does not answer takes the time it is given, and no more") {
  const DeafListener listener;
  const Instant start = std::chrono::steady_clock::now();
  CHECK(code_of(probe_tcp("127.0.0.1", listener.port(), 100ms)) == "tcp-timeout");
  CHECK(std::chrono::steady_clock::now() - start < 10s);
}

TEST_CASE("a stop ends a probe, before and while it connects and while it settles") {
  const DeafListener deaf;
  TestServer server([](const Peer& peer) { peer.hear_out(); });
  for (const std::uint16_t port : {deaf.port(), server.port()}) {
    std::stop_source stop;
    std::thread stopper([&] {
      std::this_thread::sleep_for(50ms);
      stop.request_stop();
    });
    CHECK(code_of(probe_tcp("127.0.0.1", port, 60s, 60s, stop.get_token())) == "cancelled");
    stopper.join();
    CHECK(code_of(probe_tcp("127.0.0.1", port, 60s, 60s, stop.get_token())) == "cancelled");
  }
}

TEST_CASE("a name that does not exist is unreachable") {
  const Result<Duration> result = probe_tcp("no-such-host.invalid", 80, 30s);
  CHECK(code_of(result) == "tcp-unreachable");
  CHECK(result.error().why.find("no-such-host.invalid") != std::string::npos);
  CHECK(code_of(probe_tcp("", 80, 30s)) == "tcp-unreachable");
  CHECK(code_of(probe_tcp(std::string("a\0b", 3), 80, 30s)) == "tcp-unreachable");
}

// Docker's cancellation socket.

std::string abstract_name() {
  static std::atomic<int> count{0};
  return "@docker_cli_test_" + std::to_string(getpid()) + "_" + std::to_string(++count);
}

TEST_CASE("the end of docker's socket is a cancel, once") {
  const TempDirectory directory;
  for (const std::string& name : {abstract_name(), directory / "socket"}) {
    CAPTURE(name);
    std::atomic<bool> close_now{false};
    TestServer server(name, [&](const Peer&) {
      while (!close_now) std::this_thread::sleep_for(1ms);
    });
    std::atomic<int> cancels{0};
    const CancellationSocket socket(name, [&] { ++cancels; });
    std::this_thread::sleep_for(30ms);
    CHECK(cancels == 0);
    close_now = true;
    CHECK(becomes_true([&] { return cancels > 0; }));
    server.stop();
    std::this_thread::sleep_for(30ms);
    CHECK(cancels == 1);
  }
}

TEST_CASE("what docker might say means nothing") {
  const std::string name = abstract_name();
  std::atomic<bool> close_now{false};
  TestServer server(name, [&](const Peer& peer) {
    peer.say("hello");
    while (!close_now) std::this_thread::sleep_for(1ms);
  });
  std::atomic<int> cancels{0};
  const CancellationSocket socket(name, [&] { ++cancels; });
  std::this_thread::sleep_for(50ms);
  CHECK(cancels == 0);
  close_now = true;
  CHECK(becomes_true([&] { return cancels == 1; }));
}

TEST_CASE("a plugin that is done does not wait for docker, and cancels nothing") {
  const std::string name = abstract_name();
  TestServer server(name, [](const Peer& peer) { peer.hear_out(); });
  std::atomic<int> cancels{0};
  for (int i = 0; i < 50; ++i) const CancellationSocket socket(name, [&] { ++cancels; });
  CHECK(cancels == 0);
}

TEST_CASE("a socket that cannot be reached is as good as none") {
  std::atomic<int> cancels{0};
  for (const char* const address : {"", "@no_such_docker", "/no/such/docker", "@"}) {
    const CancellationSocket socket(address, [&] { ++cancels; });
  }
  const CancellationSocket too_long("@" + std::string(500, 'x'), [&] { ++cancels; });
  CHECK(cancels == 0);
}

TEST_CASE("the callback may destroy its socket") {
  const std::string name = abstract_name();
  std::atomic<bool> made{false}, destroyed{false};
  TestServer server(name, [](const Peer&) {});
  std::unique_ptr<CancellationSocket> socket;
  socket = std::make_unique<CancellationSocket>(name, [&] {
    while (!made) std::this_thread::yield();
    socket.reset();
    destroyed = true;
  });
  made = true;
  CHECK(becomes_true([&] { return destroyed.load(); }));
}

}  // namespace
}  // namespace dockhand::io
