#include "actions/action.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace dockhand::actions {
namespace {

// How many of Compose's last lines explain a failure.
constexpr std::size_t kLastLines = 3;

// Before the Engine's own words, as Compose passes them on.
constexpr std::string_view kFromDaemon = "Error response from daemon: ";

// Kinds of things whose name comes second in a line of progress,
constexpr std::array<std::string_view, 4> kKinds = {"Container", "Network", "Volume", "Image"};
// and what befalls a service whose name comes first.
constexpr std::array<std::string_view, 7> kServiceStatus = {
    "Pulling", "Pulled", "Building", "Built", "Skipped", "Error", "Warning"};

using Words = std::vector<std::string>;

template <class Range, class Value>
bool contains(const Range& range, const Value& value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

void append_each(Words& words, std::string_view flag, const Words& values) {
  for (const std::string& value : values) append(words, {std::string(flag), value});
}

Words select(const ProjectSelector& project) {
  Words words = {"compose"};
  if (!project.name.empty()) append(words, {"-p", project.name});
  append_each(words, "-f", project.files);
  if (!project.directory.empty()) append(words, {"--project-directory", project.directory});
  append_each(words, "--env-file", project.env_files);
  append_each(words, "--profile", project.profiles);
  return words;
}

// The environment of a Compose that was not called by docker on our behalf: it must not think that
// it is our plugin's process, nor be cancelled by a socket that is ours (Compose: shellout.go).
io::Environment environment_for(const ComposeCommand& compose) {
  io::Environment environment = compose.environment;
  for (const char* name : {"DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND", "DOCKER_CLI_PLUGIN_SOCKET",
                           "DOCKER_CLI_PLUGIN_USE_DIAL_STDIO"}) {
    environment.unset(name);
  }
  environment.set("COMPOSE_PROGRESS", "plain");
  environment.set("COMPOSE_ANSI", "never");
  environment.set("COMPOSE_MENU", "false");
  return environment;
}

struct Cure {
  std::string_view sign;  // In Compose's words, in lower case.
  std::string_view fix;
};

constexpr std::string_view kFreePort =
    "stop what uses the port (docker ps shows which container does), or publish another one in the "
    "compose file";
constexpr std::string_view kGetImage =
    "docker compose build, or docker compose pull, gets the image";

// What to do about the failures that people meet most.
constexpr std::array<Cure, 6> kCures = {{
    {"port is already allocated", kFreePort},
    {"address already in use", kFreePort},
    {"no such image", kGetImage},
    {"pull access denied", kGetImage},
    {"is unhealthy", "docker dockhand status shows the reason of the dependency"},
    {"cannot connect to the docker daemon",
     "docker dockhand doctor tells what keeps the Engine away"},
}};

std::string fix_for(std::string_view words) {
  const std::string lower = to_lower_ascii(words);
  for (const Cure& cure : kCures) {
    if (lower.find(cure.sign) != std::string::npos) return std::string(cure.fix);
  }
  return {};
}

// True when docker itself knows no `compose`: 20.10 to 27 and 28 say so in different words.
bool lacks_compose(std::string_view words) {
  return words.find("'compose' is not a docker command") != std::string_view::npos ||
         words.find("unknown command: docker compose") != std::string_view::npos ||
         // Without a plugin, docker takes the flags behind `compose` for its own.
         words.find("unknown shorthand flag: 'f' in -f") != std::string_view::npos ||
         words.find("unknown shorthand flag: 'p' in -p") != std::string_view::npos;
}

Error no_compose() {
  return {"compose-missing", "cannot run docker compose", "docker has no plugin named compose",
          "install the Compose plugin: https://docs.docker.com/compose/install/linux/ (Debian and "
          "Ubuntu: apt install docker-compose-plugin, or docker-compose-v2)"};
}

Error cancelled() { return {"cancelled", "docker compose was stopped", "cancelled"}; }

// The Engine's own words where Compose passed them on, else Compose's last ones.
std::string reason_in(const Words& lines) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::size_t found = line->find(kFromDaemon);
    if (found != std::string::npos) return line->substr(found + kFromDaemon.size());
  }
  return join(lines, "; ");
}

struct Step {
  std::string verb;
  Words flags;
  Words services;
};

std::vector<Step> steps_of(const ActionRequest& request) {
  if (request.kind == ActionKind::stop) return {{"stop", {}, request.services}};
  const std::string verb(to_string(request.kind));
  const Words flags = request.with_dependents ? Words{"--no-deps"} : Words{};
  const Words up = {"-d", "--no-recreate"};
  if (request.services.empty()) {
    const bool create = request.kind == ActionKind::start && !request.not_created.empty();
    return {create ? Step{"up", up, {}} : Step{verb, flags, {}}};
  }
  Words missing, present;
  for (const std::string& service : request.services) {
    (contains(request.not_created, service) ? missing : present).push_back(service);
  }
  std::vector<Step> steps;
  if (!missing.empty()) steps.push_back({"up", up, missing});
  if (!present.empty()) steps.push_back({verb, flags, present});
  return steps;
}

Words words_of(const ProjectSelector& project, const Step& step) {
  Words words = select(project);
  words.push_back(step.verb);
  append(words, step.flags);
  if (!step.services.empty()) words.emplace_back("--");
  append(words, step.services);
  return words;
}

Error failure(const ActionRequest& request, const Words& last_lines, int exit_code) {
  const std::string whom =
      request.services.empty() ? request.project.name : join(request.services, ", ");
  std::string why = reason_in(last_lines);
  if (why.empty()) why = fmt::format("docker compose ended with exit code {}", exit_code);
  return {"action-failed", fmt::format("cannot {} {}", to_string(request.kind), whom), why,
          fix_for(why)};
}

// One call of Compose, to its end.
Result<void> run_step(const ActionRequest& request, io::ProcessRequest process,
                      io::ProcessRunner& processes,
                      const std::function<void(const ActionProgress&)>& on_progress,
                      const std::stop_token& stop) {
  Words last;
  process.on_line = [&](std::string_view line) {
    const ActionProgress progress = parse_progress(line);
    if (progress.text.empty()) return;
    if (last.size() == kLastLines) last.erase(last.begin());
    last.push_back(progress.text);
    if (on_progress) on_progress(progress);
  };
  Result<io::ProcessResult> result = processes.run(process, stop);
  if (stop.stop_requested()) return cancelled();
  if (!result && result.error().code == "process-missing") return no_compose();
  if (!result) return result.error();
  if (result->exit_code == 0) return {};
  if (lacks_compose(result->errors)) return no_compose();
  return failure(request, last, result->exit_code);
}

}  // namespace

std::string_view to_string(ActionKind kind) {
  switch (kind) {
    case ActionKind::start:
      return "start";
    case ActionKind::stop:
      return "stop";
    case ActionKind::restart:
      return "restart";
  }
  return "";
}

std::vector<std::vector<std::string>> arguments(const ActionRequest& request) {
  std::vector<Words> all;
  for (const Step& step : steps_of(request)) all.push_back(words_of(request.project, step));
  return all;
}

ActionProgress parse_progress(std::string_view line) {
  ActionProgress progress{{}, {}, std::string(trim(printable(line)))};
  const std::string_view text = progress.text;
  const auto head = [](std::string_view from) { return from.substr(0, from.find(' ')); };
  const std::string_view first = head(text);
  const std::string_view rest = trim(text.substr(first.size()));
  const std::string_view second = head(rest);
  if (contains(kKinds, first)) {
    const std::string_view status = trim(rest.substr(second.size()));
    if (status.empty()) return progress;
    progress.resource = fmt::format("{} {}", first, second);
    progress.status = std::string(status);
  } else if (contains(kServiceStatus, second)) {
    progress.resource = std::string(first);
    progress.status = std::string(rest);
  }
  return progress;
}

Result<void> run(const ActionRequest& request, const ComposeCommand& compose,
                 io::ProcessRunner& processes,
                 const std::function<void(const ActionProgress&)>& on_progress,
                 std::stop_token stop) {
  io::ProcessRequest process;
  process.environment = environment_for(compose);
  process.timeout = Duration::zero();
  for (const Step& step : steps_of(request)) {
    if (stop.stop_requested()) return cancelled();
    process.argv = compose.docker;
    append(process.argv, words_of(request.project, step));
    if (Result<void> done = run_step(request, process, processes, on_progress, stop); !done) {
      return done;
    }
  }
  return {};
}

}  // namespace dockhand::actions
