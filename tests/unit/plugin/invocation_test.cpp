#include "plugin/cli/invocation.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace dockhand;
using namespace dockhand::plugin;

namespace {

using Kind = Invocation::Kind;

Result<Invocation> read(const std::string& line, const std::string& original = "docker") {
  std::vector<std::string> words;
  for (const std::string_view word : split(line, ' ')) {
    if (!word.empty()) words.emplace_back(word == "''" ? "" : word);
  }
  io::Environment environment;
  if (!original.empty()) environment.set("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", original);
  return read_invocation(words, environment);
}

}  // namespace

TEST_CASE("docker passes its own argv on verbatim") {
  struct Row {
    std::string line;
    Kind kind;
    std::string arguments;
  };
  const std::vector<Row> rows = {
      {"dockhand", Kind::command, ""},
      {"dockhand status -D", Kind::command, "status -D"},
      {"-c prod --log-level=debug dockhand status", Kind::command, "status"},
      {"--debug=false -H tcp://x dockhand -- web", Kind::command, "-- web"},
      {"help dockhand", Kind::help, ""},
      {"help dockhand status", Kind::help, "status"},
      {"--context x help dockhand status", Kind::help, "status"},
      {"--help dockhand", Kind::help, ""},
      {"dockhand --help", Kind::command, "--help"},
      {"dockhand help status", Kind::command, "help status"},
      {"__complete dockhand st", Kind::complete, "st"},
      {"__complete dockhand status ''", Kind::complete, "status "},
      {"__completeNoDesc dockhand st", Kind::complete_without_descriptions, "st"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const Result<Invocation> made = read(row.line);
    REQUIRE(made);
    CHECK(made->kind == row.kind);
    CHECK(join(made->arguments, " ") == row.arguments);
    CHECK(made->by_docker);
    CHECK(made->program() == "docker dockhand");
  }
}

TEST_CASE("run by hand there is no name among the arguments") {
  struct Row {
    std::string line;
    Kind kind;
    std::string arguments;
  };
  const std::vector<Row> rows = {
      {"", Kind::command, ""},
      {"status web", Kind::command, "status web"},
      {"--watch", Kind::command, "--watch"},
      {"-H tcp://x -f a.yaml status -f b.yaml", Kind::command, "status -f b.yaml"},
      {"help", Kind::help, ""},
      {"help status", Kind::help, "status"},
      {"--help", Kind::help, ""},
      {"--version", Kind::version, ""},
      {"-v", Kind::version, ""},
      {"__completeNoDesc st", Kind::complete_without_descriptions, "st"},
      {"__completeNoDesc status ''", Kind::complete_without_descriptions, "status "},
      {"__completeNoDesc dockhand", Kind::complete_without_descriptions, "dockhand"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const Result<Invocation> made = read(row.line, "");
    REQUIRE(made);
    CHECK(made->kind == row.kind);
    CHECK(join(made->arguments, " ") == row.arguments);
    CHECK(made->program() == "docker-dockhand");
  }
  CHECK(read("dockhand status", "")->program() == "docker dockhand");
}

TEST_CASE("docker's global flags reach the engine") {
  const Result<Invocation> made = read(
      "--config /c -c prod -Dl debug --tls --tlscacert ca --tlscert=cert --tlskey key "
      "--tlsverify=false "
      "dockhand");
  REQUIRE(made);
  CHECK(made->globals.config == "/c");
  CHECK(made->globals.context == "prod");
  CHECK(made->globals.debug);
  CHECK(made->globals.log_level == "debug");
  CHECK(made->globals.tls);
  CHECK(made->globals.tls_verify == false);
  CHECK(made->globals.tls_ca == "ca");
  CHECK(made->globals.tls_cert == "cert");
  CHECK(made->globals.tls_key == "key");
  CHECK_FALSE(made->globals.host);
  CHECK(read("-H a dockhand")->globals.host == "a");
  CHECK_FALSE(read("dockhand")->globals.tls_verify);
}

TEST_CASE("by hand Compose's flags may stand among Docker's") {
  const Result<Invocation> made = read("-p shop -c prod -fa.yaml status", "");
  REQUIRE(made);
  CHECK(made->project_flags.text("project-name") == "shop");
  CHECK(made->project_flags.list("file") == std::vector<std::string>{"a.yaml"});
  CHECK(made->globals.context == "prod");
}

TEST_CASE("only one host may be given") {
  const Result<Invocation> made = read("-H a -H b dockhand");
  REQUIRE_FALSE(made);
  CHECK(made.error().what == "specify only one -H");
}
