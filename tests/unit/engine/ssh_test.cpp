#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine/engine.h"
#include "engine/scripted_server.h"
#include "engine/ssh_command.h"

namespace dockhand::engine {
namespace {

namespace fs = std::filesystem;
using test::ScriptedServer;
using Words = std::vector<std::string>;

Endpoint at(const std::string& host) {
  GlobalFlags flags;
  flags.host = host;
  const auto endpoint = resolve_endpoint(flags, {}, {}, io::MemoryFileSystem());
  REQUIRE(endpoint);
  return *endpoint;
}

// A directory with a program named ssh in it, first in the PATH of its environment.
class FakeSsh {
 public:
  explicit FakeSsh(const std::string& script) {
    std::string name = "/tmp/dockhand-test-ssh-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    directory_ = name;
    std::ofstream(directory_ / "ssh") << "#!/bin/sh\n" << script;
    fs::permissions(directory_ / "ssh", fs::perms::owner_all);
  }
  ~FakeSsh() { fs::remove_all(directory_); }
  FakeSsh(const FakeSsh&) = delete;
  FakeSsh& operator=(const FakeSsh&) = delete;

  io::Environment environment() const {
    io::Environment environment;
    environment.set("PATH", directory_.string() + ":" + io::Environment::of_process().get("PATH"));
    environment.set("HOME", directory_);
    environment.set("RECORD", record());
    return environment;
  }
  std::string record() const { return directory_ / "record"; }
  // What each run was given, one word a line, runs ended by an empty line.
  std::string recorded() const {
    std::ostringstream text;
    text << std::ifstream(record()).rdbuf();
    return text.str();
  }

 private:
  fs::path directory_;
};

// Does on this machine what ssh has docker do on the other one.
std::string forward_to(const ScriptedServer& server) {
  return fmt::format(
      "printf '%s\\n' \"$@\" '' >> \"$RECORD\"\n"
      "exec docker --host {} system dial-stdio\n",
      server.docker_host());
}

ScriptedServer::Script engine_script() {
  return [](ScriptedServer::Connection& connection, const ScriptedServer::Request& request) {
    if (request.target.find("/_ping") != std::string::npos) {
      connection.answer(200, "", "Api-Version: 1.41\r\nOstype: linux\r\n");
    } else if (request.target.find("/events") != std::string::npos) {
      connection.write(
          "HTTP/1.1 200 OK\r\n\r\n"
          R"({"Type":"container","Action":"die","Actor":{"ID":"ab"},"timeNano":1})");
      connection.wait_for_end();
    } else {
      connection.answer(200, R"([{"Id":"ab","Names":["/web"]}])");
    }
  };
}

}  // namespace

TEST_CASE("ssh is called as docker calls it") {
  struct Case {
    const char* url;
    Words argv;
  };
  const std::string timeout = "-o ConnectTimeout=30";
  const Case cases[] = {
      {"ssh://h", {"ssh", timeout, "-T", "--", "h", "docker system dial-stdio"}},
      {"ssh://me@h:22",
       {"ssh", "-l", "me", "-p", "22", timeout, "-T", "--", "h", "docker system dial-stdio"}},
      {"ssh://me@[fe80::1]/",
       {"ssh", "-l", "me", timeout, "-T", "--", "fe80::1", "docker system dial-stdio"}},
      {"ssh://h/run/user/1000/docker.sock",
       {"ssh", timeout, "-T", "--", "h",
        "docker '--host=unix:///run/user/1000/docker.sock' system dial-stdio"}},
      {"ssh://h/a%20b;reboot",
       {"ssh", timeout, "-T", "--", "h", "docker '--host=unix:///a b;reboot' system dial-stdio"}},
      {"ssh://h/it's%24x",
       {"ssh", timeout, "-T", "--", "h", "docker \"--host=unix:///it's\\$x\" system dial-stdio"}},
      {"ssh://-oProxyCommand=x@-h",
       {"ssh", "-l", "'-oProxyCommand=x'", timeout, "-T", "--", "-h", "docker system dial-stdio"}},
  };
  for (const Case& c : cases) {
    CAPTURE(c.url);
    CHECK(ssh_command(at(c.url)) == c.argv);
  }
}

TEST_CASE("containers and events come through ssh") {
  const ScriptedServer server(ScriptedServer::On::unix_socket, engine_script());
  const FakeSsh ssh(forward_to(server));
  const auto engine = make_engine(at("ssh://me@build.example:2222/run/docker.sock"),
                                  {.environment = ssh.environment()});
  const auto list = engine->list({});
  REQUIRE_MESSAGE(list, list.error().why);
  CHECK(list->at(0).name == "web");
  CHECK(engine->list({}));
  CHECK(engine->info()->api == "1.41");
  std::stop_source stop;
  std::string seen;
  const auto result = engine->events(
      {}, nullptr,
      [&](const Event& event) {
        seen += event.action;
        stop.request_stop();
      },
      stop.get_token());
  CHECK(result);
  CHECK(seen == "die");
  // One connection for the calls, kept alive, and one for the stream.
  const std::string run =
      "-l\nme\n-p\n2222\n-o ConnectTimeout=30\n-T\n--\nbuild.example\n"
      "docker '--host=unix:///run/docker.sock' system dial-stdio\n\n";
  CHECK(ssh.recorded() == run + run);
}

TEST_CASE("an ssh that fails tells why, each time anew") {
  const FakeSsh ssh(
      "echo 'me@build: Permission denied (publickey).' >&2\n"
      "exit 255\n");
  const auto engine = make_engine(at("ssh://me@build"), {.environment = ssh.environment()});
  for (int i = 0; i < 3; ++i) {
    const Error error = engine->list({}).error();
    CHECK(error.code == "engine-ssh");
    CHECK(error.what == "cannot reach the Docker Engine at ssh://me@build");
    CHECK(error.why == "ssh failed: exit code 255: me@build: Permission denied (publickey).");
    CHECK(error.fix == "ssh -l me -- build docker version   must work first");
  }
}

TEST_CASE("what ssh says is made harmless and short") {
  const FakeSsh ssh(
      "printf '\\033[2Jbanner\\nsecond line\\n' >&2\n"
      "head -c 100000 /dev/zero | tr '\\0' x >&2\n"
      "exit 1\n");
  const auto engine = make_engine(at("ssh://build"), {.environment = ssh.environment()});
  const Error error = engine->info().error();
  CHECK(error.code == "engine-ssh");
  CHECK(error.why.find('\x1b') == std::string::npos);
  CHECK(error.why.size() < 1000);
}

TEST_CASE("the cause is what ssh says last") {
  const FakeSsh ssh(
      "printf '@@@@@@@\\n@ WARNING @\\r\\nHost key verification failed.\\r\\n' >&2; exit 255\n");
  const auto engine = make_engine(at("ssh://build"), {.environment = ssh.environment()});
  CHECK(engine->info().error().why == "ssh failed: exit code 255: Host key verification failed.");
}

TEST_CASE("an ssh that ends well but says nothing, or says something else") {
  const FakeSsh silent("exit 0\n");
  CHECK(
      make_engine(at("ssh://build"), {.environment = silent.environment()})->info().error().code ==
      "engine-closed");
  const FakeSsh shell("echo 'Welcome to build!'; cat > /dev/null\n");
  CHECK(make_engine(at("ssh://build"), {.environment = shell.environment()})->info().error().code ==
        "engine-garbage");
}

TEST_CASE("without an ssh program the message says so") {
  io::Environment environment;
  environment.set("PATH", "/no/such/directory");
  const Error error = make_engine(at("ssh://build"), {.environment = environment})->info().error();
  CHECK(error.code == "engine-ssh");
  CHECK(error.why.find("ssh") != std::string::npos);
  CHECK_FALSE(error.fix.empty());
}

TEST_CASE("a call over a silent ssh can be cancelled") {
  const FakeSsh ssh("exec sleep 60\n");
  const auto engine = make_engine(at("ssh://build"), {.environment = ssh.environment()});
  std::stop_source stop;
  const std::jthread later([&](std::stop_token) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.request_stop();
  });
  CHECK(engine->info(stop.get_token()).error().code == "cancelled");
}

}  // namespace dockhand::engine
