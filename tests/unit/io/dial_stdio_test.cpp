#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "io/file_system.h"
#include "io/http.h"
#include "io/process.h"
#include "io/test_server.h"

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

// Stands in for `ssh host docker system dial-stdio`: answers every request on its stdin.
constexpr const char* kAnswering =
    "while read -r line; do [ \"$line\" = \"$(printf '\\r')\" ] && "
    "printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok'; done";

Environment some_environment() {
  Environment environment;
  environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
  return environment;
}

std::unique_ptr<DialStdio> dial(std::vector<std::string> argv, Environment environment) {
  Result<std::unique_ptr<DialStdio>> opened =
      DialStdio::open(std::move(argv), std::move(environment));
  REQUIRE(opened);
  return *std::move(opened);
}

std::unique_ptr<DialStdio> dial_shell(const char* script,
                                      Environment environment = some_environment()) {
  return dial({"/bin/sh", "-c", script}, std::move(environment));
}

std::unique_ptr<HttpClient> client_of(const DialStdio& dialed, std::size_t connections = 8) {
  HttpAddress address;
  address.kind = HttpAddress::Kind::unix_socket;
  address.path = dialed.socket_path();
  return make_http_client(address, connections);
}

int pid_in(const std::string& path) {
  int pid = 0;
  std::ifstream(path) >> pid;
  return pid;
}

TEST_CASE("HTTP goes through the stdin and stdout of a program, one for each connection") {
  const TempDirectory directory;
  Environment environment = some_environment();
  environment.set("LOG", directory / "log");
  environment.set("ANSWER", kAnswering);
  const auto dialed = dial_shell("echo started >> \"$LOG\"; eval \"$ANSWER\"", environment);
  const auto client = client_of(*dialed, 1);
  for (int i = 0; i < 3; ++i) {
    const Result<HttpResponse> response = client->send({});
    REQUIRE(response);
    CHECK(response->body == "ok");
  }
  CHECK(RealFileSystem().read(directory / "log", 1000).value_or("") == "started\n");
  CHECK(dialed->last_failure().empty());
}

TEST_CASE("several connections are several programs") {
  const auto dialed = dial_shell(kAnswering);
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] { good += client_of(*dialed)->send({}) ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 6);
}

TEST_CASE("why a program failed is known when its connection has ended") {
  const auto dialed = dial_shell("echo 'ssh: no route to host' >&2; exit 255");
  const auto client = client_of(*dialed);
  for (int i = 0; i < 20; ++i) {
    const Result<HttpResponse> response = client->send({});
    REQUIRE_FALSE(response);
    CHECK(response.error().code == "http-closed");
    CHECK(dialed->last_failure() == "exit code 255: ssh: no route to host");
  }
}

TEST_CASE("of many complaints the last are kept") {
  const auto dialed =
      dial_shell("head -c 100000 /dev/zero | tr '\\0' x >&2; printf END >&2; exit 1");
  CHECK_FALSE(client_of(*dialed)->send({}));
  const std::string failure = dialed->last_failure();
  CHECK(failure.ends_with("xEND"));
  CHECK(failure.size() <= 4096 + 20);
}

TEST_CASE("a program that is not there is the failure") {
  const auto dialed = dial({"no-such-ssh"}, some_environment());
  const Result<HttpResponse> response = client_of(*dialed)->send({});
  CHECK(response.error().code == "http-closed");
  CHECK(dialed->last_failure() == "cannot run no-such-ssh: no such program in PATH");
}

TEST_CASE("the socket is this user's alone, and goes in the end") {
  std::string path;
  {
    const auto dialed = dial_shell(kAnswering);
    path = dialed->socket_path();
    const FileInfo directory = RealFileSystem().info(parent_path(path));
    CHECK(directory.mode == 0700);
    CHECK(directory.owner == geteuid());
    CHECK(RealFileSystem().info(path).type == FileType::socket);
  }
  CHECK(RealFileSystem().info(parent_path(path)).type == FileType::none);
}

TEST_CASE("the socket lies where the environment has a place for it, if its path is short enough") {
  const TempDirectory directory;
  Environment environment = some_environment();
  environment.set("XDG_RUNTIME_DIR", directory.path());
  CHECK(dial_shell(kAnswering, environment)->socket_path().starts_with(directory.path()));
  environment.set("XDG_RUNTIME_DIR", directory / "none");
  CHECK(dial_shell(kAnswering, environment)->socket_path().starts_with("/tmp/"));
  const std::string deep = directory / std::string(100, 'd');
  REQUIRE(mkdir(deep.c_str(), 0700) == 0);
  environment.set("XDG_RUNTIME_DIR", deep);
  CHECK(dial_shell(kAnswering, environment)->socket_path().starts_with("/tmp/"));
}

TEST_CASE("programs that run go with it, willing or not") {
  for (const char* const script : {"echo $$ > \"$FILE\"; exec sleep 60",
                                   "trap '' TERM HUP; echo $$ > \"$FILE\"; while :; do "
                                   "sleep 1; done"}) {
    CAPTURE(script);
    const TempDirectory directory;
    Environment environment = some_environment();
    environment.set("FILE", directory / "pid");
    std::stop_source stop;
    std::thread caller;
    {
      const auto dialed = dial_shell(script, environment);
      caller = std::thread([client = std::shared_ptr<HttpClient>(client_of(*dialed)), &stop] {
        (void)client->send({.timeout = 60s}, stop.get_token());
      });
      REQUIRE(becomes_true([&] { return pid_in(directory / "pid") > 0; }));
    }
    const int pid = pid_in(directory / "pid");
    CHECK(becomes_true([&] { return !is_alive(pid); }));
    stop.request_stop();
    caller.join();
  }
}

TEST_CASE("a program whose client has gone is ended, and that is no failure") {
  const TempDirectory directory;
  Environment environment = some_environment();
  environment.set("FILE", directory / "pid");
  const auto dialed = dial_shell("echo $$ > \"$FILE\"; exec sleep 60", environment);
  CHECK(client_of(*dialed)->send({.timeout = 300ms}).error().code == "http-timeout");
  REQUIRE(becomes_true([&] { return pid_in(directory / "pid") > 0; }));
  const int pid = pid_in(directory / "pid");
  CHECK(becomes_true([&] { return !is_alive(pid); }));
  CHECK(dialed->last_failure().empty());
}

}  // namespace
}  // namespace dockhand::io
