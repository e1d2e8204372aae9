#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "fake_world.h"
#include "golden.h"
#include "plugin/cli/metadata.h"

using namespace dockhand;
using Json = nlohmann::json;

namespace {

constexpr std::string_view kShop = R"(name: shop
services:
  web:
    image: shop/web
    depends_on: [catalog]
  catalog:
    image: shop/catalog
    depends_on:
      db:
        condition: service_healthy
  db:
    image: shop/db
  night:
    image: shop/night
    profiles: [batch]
)";

struct Shop : FakeWorld {
  Shop() {
    files.write("/home/me/shop/compose.yaml", std::string(kShop));
    environment.set("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "docker");
  }
};

// Brings the stack up, with its database unhealthy.
void run_shop(FakeWorld& world) {
  world.add("web");
  world.add("catalog", std::chrono::hours(3));
  engine::Container& db = world.add("db");
  db.health = engine::Health{engine::HealthStatus::unhealthy, 3, {{{}, {}, 1, "disk full"}}};
}

}  // namespace

TEST_CASE("the metadata is what every Docker takes") {
  const Json json = Json::parse(plugin::metadata());
  CHECK(json["SchemaVersion"] == "0.1.0");
  CHECK_FALSE(json["Vendor"].get<std::string>().empty());
  CHECK(json["ShortDescription"] == std::string(plugin::kShortDescription));
  CHECK(json["Version"] == "v" + std::string(plugin::version()));
}

TEST_CASE("help in its three forms is the same text") {
  Shop world;
  CHECK(world.run({"help", "dockhand"}) == 0);
  const std::string root = world.out;
  check_golden("help", root);
  CHECK(world.run({"dockhand", "--help"}) == 0);
  CHECK(world.out == root);
  CHECK(world.run({"--help", "dockhand"}) == 0);
  CHECK(world.out == root);
  CHECK(world.run({"dockhand", "help"}) == 0);
  CHECK(world.out == root);
  CHECK(world.run({"dockhand", "nosuch", "--help"}) == 0);
  CHECK(world.out == root);
  CHECK(world.run({"dockhand", "-h"}) == 0);
  CHECK(world.out == "Flag shorthand -h has been deprecated, use --help\n" + root);

  CHECK(world.run({"help", "dockhand", "status"}) == 0);
  const std::string status = world.out;
  check_golden("help-status", status);
  for (const std::vector<std::string>& form :
       {std::vector<std::string>{"dockhand", "status", "--help"},
        {"dockhand", "--help", "status"},
        {"dockhand", "help", "status"},
        {"dockhand", "-p", "x", "status", "web", "--help"}}) {
    CHECK(world.run(form) == 0);
    CHECK(world.out == status);
  }
  CHECK(world.err.empty());
  CHECK(world.run({"help", "dockhand", "nosuch"}) == 1);
  CHECK(world.err == "unknown help topic: nosuch\n");
}

TEST_CASE("wrong usage is told as Docker tells it") {
  struct Row {
    std::vector<std::string> arguments;
    int exit_code;
    std::string message;
  };
  const std::string root =
      "\n\nUsage:  docker dockhand [OPTIONS] COMMAND\n\nRun 'docker dockhand --help' for more "
      "information\n";
  const std::vector<Row> rows = {
      {{"dockhand", "foo"}, 1, "docker: unknown command: docker dockhand foo" + root},
      {{"dockhand", "--nosuch"}, 125, "unknown flag: --nosuch" + root},
      {{"dockhand", "--context", "x"}, 125, "unknown flag: --context" + root},
      {{"dockhand", "-D"}, 125, "unknown shorthand flag: 'D' in -D" + root},
      {{"dockhand", "--watch", "deps"}, 125, "unknown flag: --watch" + root},
      {{"dockhand", "status", "--nosuch"},
       125,
       "unknown flag: --nosuch\n\nUsage:  docker dockhand status [OPTIONS] [SERVICE...]\n\nRun "
       "'docker "
       "dockhand status --help' for more information\n"},
      {{"dockhand", "version", "x"},
       1,
       "docker: 'docker dockhand version' accepts no arguments\n\nUsage:  docker dockhand version "
       "[OPTIONS]\n\nRun 'docker dockhand version --help' for more information\n"},
      {{"dockhand", "config", "x", "y"},
       1,
       "docker: 'docker dockhand config' accepts at most 1 argument\n\nUsage:  docker dockhand "
       "config [OPTIONS] [PATH]\n\nRun 'docker dockhand config --help' for more information\n"},
      {{"dockhand", "config", "x"},
       1,
       "docker dockhand: a path needs --resolved\n  without it config shows the settings in "
       "force\n  docker dockhand config --resolved x\n"},
  };
  for (const Row& row : rows) {
    Shop world;
    CHECK(world.run(row.arguments) == row.exit_code);
    CHECK(world.err == row.message);
    CHECK(world.out.empty());
  }
}

TEST_CASE("the status of what runs") {
  Shop world;
  run_shop(world);
  world.columns = 80;
  CHECK(world.run({"dockhand"}) == 0);
  CHECK(world.err == "");
  check_golden("app-status", world.out);
  const std::string text = world.out;
  CHECK(world.run({"dockhand", "status"}) == 0);
  CHECK(world.out == text);
  world.environment.unset("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND");
  CHECK(world.run({}) == 0);
  CHECK(world.out == text);
}

TEST_CASE("one look costs one list for each question and one inspect for each container") {
  Shop world;
  run_shop(world);
  world.run({"dockhand"});
  CHECK(world.engine().calls().inspect == 3);
  CHECK(world.engine().calls().list == 1);
  CHECK(world.engine().calls().events == 0);
}

TEST_CASE("status as JSON, by template, and as names") {
  Shop world;
  run_shop(world);
  REQUIRE(world.run({"dockhand", "status", "--format", "json"}) == 0);
  const Json json = Json::parse(world.out);
  CHECK(json["Project"] == "shop");
  CHECK(json["AllGood"] == false);
  REQUIRE(json["Services"].size() == 3);
  CHECK(json["Services"][2]["State"] == "unhealthy");
  CHECK(world.run({"dockhand", "status", "--format", "{{.Service}} {{.State}} {{.Project}}"}) == 0);
  CHECK(world.out == "web running shop\ncatalog running shop\ndb unhealthy shop\n");
  CHECK(world.run({"dockhand", "status", "-q"}) == 0);
  CHECK(world.out == "web\ncatalog\ndb\n");
  CHECK(world.run({"dockhand", "status", "-q", "db"}) == 0);
  CHECK(world.out == "db\n");
  CHECK(world.run({"dockhand", "status", "--format", "{{.Nosuch}}"}) == 1);
  CHECK(world.err.starts_with(
      "docker dockhand: cannot use the template given to --format\n  there is no field .Nosuch"));
}

TEST_CASE("--exit-code fails when something is wrong, and only then") {
  Shop world;
  run_shop(world);
  CHECK(world.run({"dockhand", "status"}) == 0);
  CHECK(world.run({"dockhand", "status", "--exit-code"}) == 1);
  CHECK_FALSE(world.out.empty());
  CHECK(world.run({"dockhand", "status", "--exit-code", "web", "catalog"}) == 0);
  CHECK(world.run({"dockhand", "status", "--exit-code", "db"}) == 1);
}

TEST_CASE("a service that is not there is told with the nearest name") {
  Shop world;
  run_shop(world);
  CHECK(world.run({"dockhand", "status", "catlog"}) == 1);
  CHECK(world.err ==
        "docker dockhand: no such service: catlog\n  shop has: web, catalog, db\n  did you mean "
        "catalog?\n");
}

TEST_CASE("flags of the project may stand on either side of the verb") {
  Shop world;
  run_shop(world);
  world.files.write("/tmp/other.yaml", "name: other\nservices: {lonely: {image: x}}\n");
  for (const std::vector<std::string>& form :
       {std::vector<std::string>{"dockhand", "-f", "/tmp/other.yaml", "status", "-q"},
        {"dockhand", "status", "-q", "--file=/tmp/other.yaml"}}) {
    CHECK(world.run(form) == 0);
    CHECK(world.out == "lonely\n");
  }
}

TEST_CASE("-p alone finds a project by its containers") {
  Shop world;
  run_shop(world);
  world.working_directory = "/tmp";
  CHECK(world.run({"dockhand", "-p", "shop", "status", "-q"}) == 0);
  CHECK(world.out == "web\ncatalog\ndb\n");
  CHECK(world.run({"dockhand", "-p", "shpo", "status"}) == 1);
  CHECK(world.err ==
        "docker dockhand: no project named shpo\n  on this Engine there are: shop\n  docker "
        "dockhand -p shop\n");
  // The file is gone: what runs is still shown.
  world.files.remove("/home/me/shop/compose.yaml");
  CHECK(world.run({"dockhand", "-p", "shop", "status", "-q"}) == 0);
  CHECK(world.out == "catalog\ndb\nweb\n");
}

TEST_CASE("without a compose file it says what runs, and how to see it") {
  Shop world;
  world.working_directory = "/tmp";
  CHECK(world.run({"dockhand"}) == 1);
  CHECK(world.err.starts_with("docker dockhand: "));
  CHECK(world.err.find("--all") == std::string::npos);
  run_shop(world);
  CHECK(world.run({"dockhand"}) == 1);
  CHECK(world.err.find("one project is on this Engine: shop\n") != std::string::npos);
  CHECK(world.err.find("docker dockhand status --all   or   docker dockhand -p shop\n") !=
        std::string::npos);
}

TEST_CASE("a project that runs under another name from the same file is found") {
  Shop world;
  for (const char* service : {"web", "db"})
    world.add(service).labels["com.docker.compose.project"] = "staging";
  CHECK(world.run({"dockhand", "status", "--format", "{{.Project}} {{.Service}} {{.State}}"}) == 0);
  CHECK(world.out == "staging web running\nstaging catalog not created\nstaging db running\n");
}

TEST_CASE("--all shows every project") {
  Shop world;
  run_shop(world);
  engine::Container& ghost = world.add("ghost");
  ghost.labels["com.docker.compose.project"] = "blog";
  ghost.labels["com.docker.compose.project.config_files"] = "/gone/compose.yaml";
  CHECK(world.run({"dockhand", "status", "--all", "-q"}) == 0);
  CHECK(world.out == "blog\nshop\n");
  world.columns = 100;
  CHECK(world.run({"dockhand", "status", "-a"}) == 0);
  check_golden("app-all", world.out);
  world.columns = 0;
  CHECK(world.run({"dockhand", "status", "-a", "--format", "json"}) == 0);
  CHECK(Json::parse(world.out).size() == 2);
}

TEST_CASE("flags that exclude each other are refused") {
  Shop world;
  for (const std::vector<std::string>& flags :
       {std::vector<std::string>{"--watch", "--wait"}, {"--watch", "--all"}, {"--timeout", "3"}}) {
    std::vector<std::string> arguments = {"dockhand", "status"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    CHECK(world.run(arguments) == 1);
    CHECK(world.err.starts_with("docker dockhand: these flags exclude each other\n"));
  }
}

TEST_CASE("--wait ends when all is well, and at once when it cannot be") {
  Shop world;
  world.add("web");
  world.add("catalog");
  world.add("db");
  CHECK(world.run({"dockhand", "status", "--wait", "-q"}) == 0);
  CHECK(world.out == "web\ncatalog\ndb\n");
  run_shop(world);
  CHECK(world.run({"dockhand", "status", "--wait", "-q"}) == 1);
  CHECK(world.err.find("shop cannot come up by itself\n  db is unhealthy: ") != std::string::npos);
  CHECK(world.run({"dockhand", "status", "--wait", "-q", "web"}) == 0);
}

TEST_CASE("--wait gives up when its time is over") {
  Shop world;
  world.add("web");
  world.add("catalog");
  world.add("db").health = engine::Health{engine::HealthStatus::starting, 0, {}};
  CHECK(world.run({"dockhand", "status", "--wait", "--timeout", "0", "-q"}) == 1);
  CHECK(world.err.find("shop is not up after 0s\n  db is starting") != std::string::npos);
}

TEST_CASE("an Engine that is not there is told once, with what to do") {
  Shop world;
  world.engine().fail(Error{"engine-down", "cannot reach the Docker Engine", "nobody listens",
                            "systemctl start docker"});
  for (const char* verb : {"status", "start", "stop", "restart"}) {
    CHECK(world.run({"dockhand", verb}) == 1);
    CHECK(world.err ==
          "docker dockhand: cannot reach the Docker Engine\n  nobody listens\n  systemctl start "
          "docker\n");
    CHECK(world.out.empty());
  }
}

TEST_CASE("an empty or broken file is told, not shown as an empty table") {
  Shop world;
  world.files.write("/home/me/shop/compose.yaml", "");
  CHECK(world.run({"dockhand"}) == 1);
  CHECK(world.err.find("there are no services in compose.yaml") != std::string::npos);
}

TEST_CASE("a file that loses against another of Compose's names is told") {
  Shop world;
  run_shop(world);
  world.files.write("/home/me/shop/docker-compose.yml", std::string(kShop));
  CHECK(world.run({"dockhand", "status"}) == 0);
  CHECK(world.err ==
        "/home/me/shop/docker-compose.yml is not used, because there is compose.yaml\n");
  CHECK(world.run({"dockhand", "-f", "compose.yaml", "status"}) == 0);
  CHECK(world.err.empty());
}

TEST_CASE("whoever cancels knows why it ends") {
  Shop world;
  run_shop(world);
  world.stop.request_stop();
  for (const char* flag : {"--watch", "--wait"}) {
    CHECK(world.run({"dockhand", "status", flag}) == 130);
    CHECK(world.err.empty());
  }
}

TEST_CASE("a reader that went away is no failure, a full disk is") {
  Shop world;
  run_shop(world);
  world.write_failure = Error{"output-closed", "the reader went away"};
  CHECK(world.run({"dockhand"}) == 0);
  CHECK(world.err.empty());
  CHECK(world.run({"dockhand", "status", "--watch"}) == 0);
  world.write_failure =
      Error{"output-failed", "cannot write the output", "no space left on device"};
  CHECK(world.run({"dockhand"}) == 1);
  CHECK(world.err == "docker dockhand: cannot write the output\n  no space left on device\n");
}

TEST_CASE("dependencies both ways, with and without an Engine") {
  Shop world;
  run_shop(world);
  CHECK(world.run({"dockhand", "deps"}) == 0);
  check_golden("app-deps", world.out);
  CHECK(world.run({"dockhand", "deps", "--reverse", "db"}) == 0);
  check_golden("app-deps-reverse", world.out);
  REQUIRE(world.run({"dockhand", "deps", "catalog", "--format", "json"}) == 0);
  const Json json = Json::parse(world.out);
  CHECK(json["Services"][0]["DependsOn"][0]["Condition"] == "service_healthy");
  CHECK(json["Services"][0]["DependsOn"][0]["Place"] == "compose.yaml:9");
  CHECK(json["Services"][0]["UsedBy"] == Json::array({"web"}));
  world.engine().fail(Error{"engine-down", "cannot reach the Docker Engine"});
  CHECK(world.run({"dockhand", "deps"}) == 0);
  CHECK(world.out == "web\n└─ catalog\n   └─ db\n");
  CHECK(world.err == "states are not shown: cannot reach the Docker Engine\n");
}

TEST_CASE("a cycle is shown and ends") {
  Shop world;
  world.files.write(
      "/home/me/shop/compose.yaml",
      "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n");
  CHECK(world.run({"dockhand", "deps"}) == 0);
  CHECK(world.out.find("(a cycle)") != std::string::npos);
}

TEST_CASE("settings are shown with where they come from") {
  Shop world;
  world.environment.set("DOCKHAND_HEALTH_POLL_INTERVAL_SECONDS", "7");
  world.files.write("/home/me/.docker/config.json",
                    R"({"plugins":{"dockhand":{"probe.timeout":"3"}}})");
  REQUIRE(world.run({"dockhand", "config", "--format", "json"}) == 0);
  std::map<std::string, std::string> shown;
  for (const Json& row : Json::parse(world.out)) {
    shown[row["Setting"]] =
        row["Value"].get<std::string>() + " " + row["Origin"].get<std::string>();
  }
  CHECK(shown["probe.interval"] == "7 environment");
  CHECK(shown["probe.timeout"] == "3 /home/me/.docker/config.json");
  CHECK(shown["probe.concurrency"] == "16 default");
}

TEST_CASE("the version, in the forms that Compose has") {
  Shop world;
  const std::string number(plugin::version());
  CHECK(world.run({"dockhand", "version"}) == 0);
  CHECK(world.out == "Dockhand version " + number + "\n");
  CHECK(world.run({"dockhand", "version", "--short"}) == 0);
  CHECK(world.out == number + "\n");
  CHECK(world.run({"dockhand", "version", "--format", "json"}) == 0);
  CHECK(world.out == "{\"Version\":\"" + number + "\"}\n");
  CHECK(world.run({"dockhand", "version", "--format", "v{{.Version}}"}) == 0);
  CHECK(world.out == "v" + number + "\n");
  world.environment.unset("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND");
  CHECK(world.run({"--version"}) == 0);
  CHECK(world.out == "Dockhand version " + number + "\n");
}

TEST_CASE("lsp becomes the server beside the plugin, and tells of another version") {
  Shop world;
  CHECK(world.run({"dockhand", "lsp"}) == 1);
  CHECK(world.err.find("cannot find dockhand-lsp") != std::string::npos);
  const std::string path = "/opt/dockhand/dockhand-lsp";
  world.files.write(path, "");
  io::ProcessResult answer;
  answer.output = "dockhand-lsp 9.9.9\n";
  world.answers[path + " --version"] = answer;
  world.run({"-H", "tcp://x:1", "dockhand", "lsp", "--check", "compose.yaml"});
  CHECK(world.became == std::vector<std::string>{path, "--check", "compose.yaml"});
  CHECK(world.became_in.get("DOCKER_HOST") == "tcp://x:1");
  CHECK(world.err.find("is version 9.9.9, this plugin is") != std::string::npos);
}

TEST_CASE("an empty file has nothing to wait for, or to watch") {
  Shop world;
  world.files.write("/home/me/shop/compose.yaml", "name: shop\n");
  for (const char* flag : {"--watch", "--wait"}) {
    CHECK(world.run({"dockhand", "status", flag}) == 1);
    CHECK(world.err.find("there are no services in compose.yaml") != std::string::npos);
  }
}

TEST_CASE("COMPOSE_PROJECT_NAME without a file means what runs under that name") {
  Shop world;
  run_shop(world);
  world.working_directory = "/tmp";
  world.environment.set("COMPOSE_PROJECT_NAME", "shop");
  CHECK(world.run({"dockhand", "status", "-q"}) == 0);
  CHECK(world.out == "web\ncatalog\ndb\n");
}
