#include <doctest/doctest.h>

#include "base/text.h"
#include "fake_world.h"

using namespace dockhand;

namespace {

struct Shop : FakeWorld {
  Shop() {
    files.write("/home/me/shop/compose.yaml",
                "name: shop\nservices:\n  web: {image: shop/web}\n  worker: {image: shop/worker}\n"
                "  night: {image: x, profiles: [batch]}\n");
    // Nothing but names of projects may ask the Engine.
    engine().fail(Error{"engine-down", "not to be asked"});
  }
};

// The candidates without descriptions, and the directive: `web worker :4`.
std::string completed(const std::string& line) {
  Shop world;
  std::vector<std::string> arguments = {"__completeNoDesc"};
  for (const std::string_view word : split(line, ' ')) arguments.emplace_back(word);
  CHECK(world.run(arguments) == 0);
  std::string out;
  for (const std::string_view each : split_lines(world.out)) {
    out += (out.empty() ? "" : " ") + std::string(each);
  }
  return out;
}

}  // namespace

TEST_CASE("verbs, services, flags and their values are offered") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"st", "status start stop :4"},
      {"dockhand st", "status start stop :4"},
      {"status ", "web worker night :4"},
      {"status w", "web worker :4"},
      {"status web w", "worker :4"},
      {"--project-name x status w", "web worker :4"},
      {"status --wa", "--wait --watch :4"},
      {"--wa", "--wait --watch :4"},
      {"status --format ", "table json :4"},
      {"status --format=j", "json :4"},
      {"deps --format ", "tree json :4"},
      {"-f ", "yaml yml :8"},
      {"status --file c", "yaml yml :8"},
      {"--project-directory ", ":16"},
      {"--env-file ", ":0"},
      {"--profile ", "batch :4"},
      {"-p ", ":4"},
      {"help do", "doctor :4"},
      {"config ", "name services networks :4"},
      {"nosuch ", ":4"},
      {"lsp ", ":0"},
      {"status --timeout ", ":4"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(completed(row.first) == row.second);
  }
}

TEST_CASE("docker asks with our name and wants descriptions") {
  Shop world;
  world.run({"__complete", "dockhand", "status", "we"});
  CHECK(world.out == "web\tshop/web\n:4\n");
  world.environment.set("DOCKER_CLI_DISABLE_COMPLETION_DESCRIPTION", "1");
  world.run({"__complete", "dockhand", "status", "we"});
  CHECK(world.out == "web\n:4\n");
}

TEST_CASE("services come from the file that the words name") {
  Shop world;
  world.files.write("/tmp/other.yaml", "services: {lonely: {image: x}}\n");
  world.run({"__completeNoDesc", "-f", "/tmp/other.yaml", "status", ""});
  CHECK(world.out == "lonely\n:4\n");
  world.run({"__completeNoDesc", "status", "--file=/tmp/nosuch.yaml", ""});
  CHECK(world.out == ":4\n");
}

TEST_CASE("names of projects come from the Engine") {
  Shop world;
  world.engine().fail(std::nullopt);
  world.add("web");
  world.run({"__complete", "dockhand", "-p", ""});
  CHECK(world.out == "shop\t/home/me/shop\n:4\n");
}
