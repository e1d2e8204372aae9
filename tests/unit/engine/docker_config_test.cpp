#include <doctest/doctest.h>

#include "engine/endpoint.h"

namespace dockhand::engine {
namespace {

DockerConfig read(const std::string& text) {
  io::MemoryFileSystem files;
  files.write("/c/config.json", text);
  return read_docker_config({.config = "/c"}, io::Environment(), files);
}

}  // namespace

TEST_CASE("the configuration's directory: flag, variable, home") {
  io::MemoryFileSystem files;
  io::Environment environment({{"HOME", "/home/me"}, {"PWD", "/src"}});
  CHECK(read_docker_config({}, environment, files).directory == "/home/me/.docker");
  environment.set("DOCKER_CONFIG", "/env");
  CHECK(read_docker_config({}, environment, files).directory == "/env");
  CHECK(read_docker_config({.config = ""}, environment, files).directory == "/env");
  CHECK(read_docker_config({.config = "here/../there"}, environment, files).directory ==
        "/src/there");
  CHECK(read_docker_config({.config = "/flag/"}, environment, files).directory == "/flag");
}

TEST_CASE("without HOME the user's own entry tells the home") {
  io::MemoryFileSystem files;
  files.write("/proc/self/status",
              "Name:\tx\nUid:\t7\t1000\t7\t7\nGid:\t1\t2\t3\t4\nGroups:\t4 27 \n");
  files.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n");
  CHECK(read_docker_config({}, io::Environment(), files).directory == "/home/me/.docker");
  CHECK(read_docker_config({}, io::Environment(), io::MemoryFileSystem()).directory == "/.docker");
}

TEST_CASE("members in any case, and nothing else, are read") {
  const DockerConfig config = read(R"({
    "auths": {"x": {}}, "CurrentContext": "prod", "HTTPHEADERS": {"X-A": "1"},
    "plugins": {"compose": {"a": "b"}, "dockhand": {"probe-interval": "5s", "theme": "dark"}}
  })");
  CHECK_FALSE(config.problem);
  CHECK(config.current_context == "prod");
  CHECK(config.http_headers == std::map<std::string, std::string>{{"X-A", "1"}});
  CHECK(config.plugin_settings ==
        std::map<std::string, std::string>{{"probe-interval", "5s"}, {"theme", "dark"}});
}

TEST_CASE("a missing or empty file is no problem") {
  CHECK_FALSE(read("").problem);
  CHECK_FALSE(read(" \n").problem);
  CHECK_FALSE(read("{}").problem);
  CHECK_FALSE(read_docker_config({.config = "/c"}, {}, io::MemoryFileSystem()).problem);
}

TEST_CASE("what follows the first object is not looked at") {
  const DockerConfig config = read(R"({"currentContext":"pr}od\"{"} garbage)");
  CHECK_FALSE(config.problem);
  CHECK(config.current_context == "pr}od\"{");
}

TEST_CASE("a malformed file reads as an empty one, with the problem") {
  for (const char* text :
       {"{", "[]", "5", "null", "<html>", "{\"currentContext\":\"prod\"", "\xFF\xFE", "{\"a\":}"}) {
    CAPTURE(text);
    const DockerConfig config = read(text);
    REQUIRE(config.problem);
    CHECK(config.problem->code == "config-malformed");
    CHECK(config.problem->what == "error parsing config file (/c/config.json)");
    CHECK(config.current_context.empty());
    CHECK(config.directory == "/c");
  }
}

TEST_CASE("a member of the wrong type is a problem and leaves the others standing") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"currentContext":5,"HttpHeaders":{"X":"1"}})", "`currentContext` is no string"},
      {R"({"plugins":[],"HttpHeaders":{"X":"1"}})", "`plugins` is no object"},
      {R"({"plugins":{"x":{"n":5}},"HttpHeaders":{"X":"1"}})", "`plugins.x.n` is no string"},
      {R"({"plugins":{"dockhand":true},"HttpHeaders":{"X":"1"}})",
       "`plugins.dockhand` is no object"},
      {R"({"HttpHeaders":{"X":"1","Y":{}}})", "`HttpHeaders.Y` is no string"},
  };
  for (const auto& [text, why] : cases) {
    CAPTURE(text);
    const DockerConfig config = read(text);
    REQUIRE(config.problem);
    CHECK(config.problem->why == why);
    CHECK(config.http_headers == std::map<std::string, std::string>{{"X", "1"}});
  }
}

TEST_CASE("flags are given on as they came") {
  GlobalFlags flags;
  CHECK(flags.argv().empty());
  flags.config = "/c";
  flags.context = "prod";
  flags.host = "";
  flags.debug = true;
  flags.log_level = "debug";
  flags.tls = true;
  flags.tls_verify = false;
  flags.tls_ca = "ca";
  flags.tls_cert = "-c";
  flags.tls_key = "k";
  CHECK(flags.argv() == std::vector<std::string>{"--config=/c", "--context=prod",
                                                 "--host=", "--debug", "--log-level=debug", "--tls",
                                                 "--tlsverify=false", "--tlscacert=ca",
                                                 "--tlscert=-c", "--tlskey=k"});
  CHECK(GlobalFlags{.tls_verify = true}.argv() == std::vector<std::string>{"--tlsverify"});
}

}  // namespace dockhand::engine
