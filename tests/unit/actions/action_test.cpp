#include "actions/action.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/text.h"

using namespace dockhand;
using actions::ActionKind;
using actions::ActionRequest;

namespace {

// Every step as one line.
std::vector<std::string> lines(const ActionRequest& request) {
  std::vector<std::string> all;
  for (const auto& words : actions::arguments(request)) all.push_back(join(words, " "));
  return all;
}

ActionRequest request(ActionKind kind, std::vector<std::string> services,
                      std::vector<std::string> not_created = {}) {
  ActionRequest made;
  made.kind = kind;
  made.project.name = "shop";
  made.services = std::move(services);
  made.not_created = std::move(not_created);
  return made;
}

using Lines = std::vector<std::string>;

struct Outcome {
  Result<void> result;
  std::vector<io::ProcessRequest> requests;
  Lines progress;
};

// Runs a restart of `web` through a docker that writes `errors` and exits so.
Outcome run(const ActionRequest& request, int exit_code, const std::string& errors,
            io::Environment environment = {}, std::stop_token stop = {}) {
  io::ScriptedProcessRunner runner(
      [&](const io::ProcessRequest& asked) -> Result<io::ProcessResult> {
        for (const std::string_view line : split_lines(errors)) asked.on_line(line);
        io::ProcessResult result;
        result.exit_code = exit_code;
        result.errors = errors;
        return result;
      });
  actions::ComposeCommand compose;
  compose.docker = {"/usr/bin/docker", "--context", "prod"};
  compose.environment = std::move(environment);
  Lines progress;
  Result<void> result = actions::run(
      request, compose, runner,
      [&](const actions::ActionProgress& step) {
        progress.push_back(step.resource + "|" + step.status);
      },
      stop);
  return {std::move(result), runner.requests(), std::move(progress)};
}

}  // namespace

TEST_CASE("what is asked of Compose") {
  CHECK(lines(request(ActionKind::start, {})) == Lines{"compose -p shop start"});
  CHECK(lines(request(ActionKind::start, {"web"})) == Lines{"compose -p shop start -- web"});
  CHECK(lines(request(ActionKind::start, {"web"}, {"web"})) ==
        Lines{"compose -p shop up -d --no-recreate -- web"});
  CHECK(lines(request(ActionKind::start, {"web", "db", "job"}, {"db", "other"})) ==
        Lines{"compose -p shop up -d --no-recreate -- db", "compose -p shop start -- web job"});
  CHECK(lines(request(ActionKind::start, {}, {"db"})) ==
        Lines{"compose -p shop up -d --no-recreate"});
  CHECK(lines(request(ActionKind::stop, {})) == Lines{"compose -p shop stop"});
  CHECK(lines(request(ActionKind::stop, {"web", "db"}, {"db"})) ==
        Lines{"compose -p shop stop -- web db"});
  CHECK(lines(request(ActionKind::restart, {"web"})) == Lines{"compose -p shop restart -- web"});
  CHECK(lines(request(ActionKind::restart, {"web", "db"}, {"db"})) ==
        Lines{"compose -p shop up -d --no-recreate -- db", "compose -p shop restart -- web"});
  ActionRequest dependents = request(ActionKind::restart, {"db", "web"});
  dependents.with_dependents = true;
  CHECK(lines(dependents) == Lines{"compose -p shop restart --no-deps -- db web"});
}

TEST_CASE("the project is told in full") {
  ActionRequest made = request(ActionKind::stop, {});
  made.project.files = {"/s/compose.yaml", "/s/compose.override.yaml"};
  made.project.directory = "/s";
  made.project.env_files = {"/s/.env", "/s/more.env"};
  made.project.profiles = {"debug", "*"};
  CHECK(
      lines(made) ==
      Lines{"compose -p shop -f /s/compose.yaml -f /s/compose.override.yaml --project-directory /s "
            "--env-file /s/.env --env-file /s/more.env --profile debug --profile * stop"});
  made.project = {};
  CHECK(lines(made) == Lines{"compose stop"});
}

TEST_CASE("names that look like flags stay names") {
  const auto words =
      actions::arguments(request(ActionKind::stop, {"--volumes", "$(reboot)"})).at(0);
  CHECK(words == Lines{"compose", "-p", "shop", "stop", "--", "--volumes", "$(reboot)"});
}

TEST_CASE("progress is read from Compose's lines") {
  const auto read = [](std::string_view line) {
    const actions::ActionProgress step = actions::parse_progress(line);
    return step.resource + "|" + step.status + "|" + step.text;
  };
  CHECK(read(" Container shop-web-1  Starting") ==
        "Container shop-web-1|Starting|Container shop-web-1  Starting");
  CHECK(read(" Container shop-web-1 Started ") ==
        "Container shop-web-1|Started|Container shop-web-1 Started");
  CHECK(read(" Network shop_default  Created") ==
        "Network shop_default|Created|Network shop_default  Created");
  CHECK(read(" web Pulling ") == "web|Pulling|web Pulling");
  CHECK(read(" Container a  Error response from daemon: no") ==
        "Container a|Error response from daemon: no|Container a  Error response from daemon: no");
  CHECK(read("Error response from daemon: boom") == "||Error response from daemon: boom");
  CHECK(read("no such service: x") == "||no such service: x");
  CHECK(read("Container") == "||Container");
  CHECK(read("Container x") == "||Container x");
  CHECK(read("") == "||");
  CHECK(read("\x1b[2J boom") == "||\\x1b[2J boom");
}

TEST_CASE("docker is run with its flags, without the plugin's own variables") {
  const io::Environment environment({{"PATH", "/bin"},
                                     {"DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "docker"},
                                     {"DOCKER_CLI_PLUGIN_SOCKET", "@x"},
                                     {"COMPOSE_ANSI", "always"},
                                     {"DOCKER_HOST", "unix:///x"}});
  const Outcome outcome =
      run(request(ActionKind::restart, {"web"}), 0, " Container a  Restarting\n\n", environment);
  CHECK(outcome.result);
  CHECK(outcome.progress == Lines{"Container a|Restarting"});
  REQUIRE(outcome.requests.size() == 1);
  CHECK(join(outcome.requests[0].argv, " ") ==
        "/usr/bin/docker --context prod compose -p shop restart -- web");
  const io::Environment& child = outcome.requests[0].environment;
  CHECK_FALSE(child.has("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"));
  CHECK_FALSE(child.has("DOCKER_CLI_PLUGIN_SOCKET"));
  CHECK(child.get("COMPOSE_PROGRESS") == "plain");
  CHECK(child.get("COMPOSE_ANSI") == "never");
  CHECK(child.get("DOCKER_HOST") == "unix:///x");
}

TEST_CASE("a failure gives Compose's own last words, and the fix where one is known") {
  const Outcome port = run(request(ActionKind::start, {"web"}), 1,
                           " Container shop-web-1  Starting\n"
                           "Error response from daemon: Bind for 0.0.0.0:80 failed: port is "
                           "already allocated\n");
  REQUIRE_FALSE(port.result);
  CHECK(port.result.error().code == "action-failed");
  CHECK(port.result.error().what == "cannot start web");
  CHECK(port.result.error().why == "Bind for 0.0.0.0:80 failed: port is already allocated");
  CHECK(port.result.error().fix.find("stop what uses the port") == 0);

  const Outcome image = run(request(ActionKind::start, {"web"}), 1,
                            "Error response from daemon: No such image: nothing:latest\n");
  CHECK(image.result.error().fix.find("docker compose build") == 0);

  const Outcome unknown = run(request(ActionKind::stop, {"x"}), 14, "a\nb\nc\n\x1b[31md\n");
  CHECK(unknown.result.error().why == "b; c; \\x1b[31md");
  CHECK(unknown.result.error().fix.empty());
}

TEST_CASE("the first step that fails is the last") {
  const Outcome outcome = run(request(ActionKind::start, {"a", "b"}, {"a"}), 1, "boom\n");
  CHECK_FALSE(outcome.result);
  CHECK(outcome.requests.size() == 1);
}

TEST_CASE("a missing Compose is told apart, with the way to install it") {
  for (const char* words : {"docker: 'compose' is not a docker command.\nSee 'docker --help'\n",
                            "docker: unknown command: docker compose\n",
                            "unknown shorthand flag: 'p' in -p\nUsage:\n"}) {
    const Outcome outcome = run(request(ActionKind::stop, {}), 125, words);
    REQUIRE_FALSE(outcome.result);
    CHECK(outcome.result.error().code == "compose-missing");
    CHECK(outcome.result.error().fix.find("install") == 0);
  }
  io::ScriptedProcessRunner runner([](const io::ProcessRequest&) -> Result<io::ProcessResult> {
    return Error{"process-missing", "there is no program docker"};
  });
  const Result<void> result = actions::run(request(ActionKind::stop, {}), {}, runner, nullptr, {});
  CHECK(result.error().code == "compose-missing");
}

TEST_CASE("cancelling is neither success nor failure") {
  std::stop_source stop;
  stop.request_stop();
  const Outcome before = run(request(ActionKind::stop, {}), 0, "", {}, stop.get_token());
  CHECK(before.result.error().code == "cancelled");
  CHECK(before.requests.empty());

  std::stop_source during;
  io::ScriptedProcessRunner runner([&](const io::ProcessRequest&) -> Result<io::ProcessResult> {
    during.request_stop();
    io::ProcessResult killed;
    killed.exit_code = 143;
    return killed;
  });
  const Result<void> result =
      actions::run(request(ActionKind::stop, {}), {}, runner, nullptr, during.get_token());
  CHECK(result.error().code == "cancelled");
}
