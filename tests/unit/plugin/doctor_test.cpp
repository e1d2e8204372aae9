#include "plugin/commands/doctor.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "fake_world.h"
#include "golden.h"
#include "plugin/cli/metadata.h"
#include "plugin/render/layout.h"

using namespace dockhand;
using namespace dockhand::plugin;
using Json = nlohmann::json;

namespace {

io::ProcessResult says(std::string text, int exit_code = 0) {
  io::ProcessResult result;
  result.exit_code = exit_code;
  (exit_code == 0 ? result.output : result.errors) = std::move(text);
  return result;
}

struct HealthyWorld : FakeWorld {
  HealthyWorld() {
    environment.set("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "docker");
    files.write("/home/me/shop/compose.yaml", "name: shop\nservices: {web: {image: x}}\n");
    files.write("/opt/dockhand/dockhand-lsp", "");
    answers["docker --version"] = says("Docker version 28.5.1, build abc\n");
    answers["docker compose version --short"] = says("2.40.3\n");
    answers["/opt/dockhand/dockhand-lsp --version"] =
        says("dockhand-lsp " + std::string(version()) + "\n");
  }
};

// `broken` and so on, by the name of the check.
std::map<std::string, std::string> verdicts(FakeWorld& world) {
  world.run({"dockhand", "doctor", "--format", "json"});
  std::map<std::string, std::string> out;
  for (const Json& check : Json::parse(world.out)) out[check["Check"]] = check["Status"];
  return out;
}

}  // namespace

TEST_CASE("what is in order is told so, and what is not with its fix") {
  HealthyWorld world;
  auto found = verdicts(world);
  CHECK(found["plugin"] == "broken");  // Nothing is installed in this world's folders.
  found.erase("plugin");
  for (const auto& check : found) {
    CAPTURE(check.first);
    CHECK(check.second == "ok");
  }

  world.engine().fail(Error{"engine-down", "cannot reach the Docker Engine", "", "start it"});
  world.answers["docker compose version --short"] =
      says("docker: 'compose' is not a docker command.\n", 1);
  world.answers["/opt/dockhand/dockhand-lsp --version"] = says("dockhand-lsp 9.9.9\n");
  world.files.write("/home/me/.docker/config.json", "{");
  world.environment.set("DOCKHAND_PROBE_TIMEOUT_SECONDS", "soon");
  CHECK(world.run({"dockhand", "doctor"}) == 1);
  found = verdicts(world);
  for (const char* name : {"engine", "compose", "editor", "configuration", "settings"}) {
    CAPTURE(name);
    CHECK(found[name] == "broken");
  }
  world.files.remove("/home/me/shop/compose.yaml");
  CHECK(verdicts(world)["compose file"] == "note");
}

TEST_CASE("the doctor's page") {
  const std::vector<Check> checks = {
      {"plugin", Check::Verdict::ok, "0.1.0, /home/me/.docker/cli-plugins/docker-dockhand", ""},
      {"compose file", Check::Verdict::note, "none in /home/me or above it", ""},
      {"engine", Check::Verdict::broken,
       "cannot reach the Docker Engine at unix:///var/run/docker.sock: permission denied: the "
       "socket belongs to "
       "root:docker, your user is not in the group docker",
       "sudo usermod -aG docker $USER   then log in again"}};
  render::Style style;
  style.width = 80;
  check_golden("doctor-80", render::joined_lines(check_lines(checks, style)));
  check_golden("doctor-pipe", render::joined_lines(check_lines(checks, render::Style{})));
}
