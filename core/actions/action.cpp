#include "actions/action.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>

#include "base/text.h"

namespace dockhand::actions {
namespace {

// How many of Compose's last lines are kept to explain a failure.
constexpr std::size_t kLastLines = 4;

// Kinds of things that Compose reports progress of, as its lines begin.
constexpr std::array<std::string_view, 5> kResources = {"Container", "Network", "Volume", "Image",
                                                        "Service"};

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
}

void append_each(Words& words, std::string_view flag, const Words& values) {
  for (const std::string& value : values) append(words, {std::string(flag), value});
}

Words select(const ProjectSelector& project) {
  Words words = {"compose"};
  if (!project.directory.empty()) append(words, {"--project-directory", project.directory});
  append_each(words, "-f", project.files);
  append_each(words, "--env-file", project.env_files);
  append_each(words, "--profile", project.profiles);
  if (!project.name.empty()) append(words, {"-p", project.name});
  return words;
}

bool contains(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
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

// What to do about the failures that people meet most.
constexpr std::array<Cure, 6> kCures = {{
    {"port is already allocated", "stop whatever holds the port, or publish another one"},
    {"address already in use", "stop whatever holds the port, or publish another one"},
    {"pull access denied", "build the image (docker compose build), or log in (docker login)"},
    {"no such image", "build the image: docker compose build"},
    {"no such service", "name a service of this project: docker dockhand status lists them"},
    {"is unhealthy", "look at why: docker dockhand status"},
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
  return {"compose-missing", "cannot find Docker Compose", "docker has no plugin named compose",
          "install it: https://docs.docker.com/compose/install/"};
}

// The lines that say why, of the last ones: those that report an error, else all of them.
std::string reason_in(const std::deque<std::string>& lines) {
  Words errors, all;
  for (const std::string& line : lines) {
    const std::string lower = to_lower_ascii(line);
    if (lower.find("error") != std::string::npos) errors.push_back(line);
    all.push_back(line);
  }
  return errors.empty() ? join(all, "; ") : errors.back();
}

Error failure(const ActionRequest& request, const std::deque<std::string>& lines, int exit_code) {
  const std::string whom =
      request.services.empty() ? request.project.name : join(request.services, ", ");
  Error error{"action-failed", fmt::format("cannot {} {}", to_string(request.kind), whom),
              reason_in(lines)};
  if (error.why.empty()) error.why = fmt::format("docker compose exited with {}", exit_code);
  error.fix = fix_for(error.why);
  return error;
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
  const Words base = select(request.project);
  const auto step = [&base](const Words& verb, const Words& services) {
    Words words = base;
    append(words, verb);
    append(words, services);
    return words;
  };
  if (request.kind != ActionKind::start) {
    return {step({std::string(to_string(request.kind))}, request.services)};
  }
  std::vector<Words> steps;
  Words created;
  for (const std::string& service : request.services) {
    if (!contains(request.not_created, service)) created.push_back(service);
  }
  if (!request.not_created.empty()) {
    steps.push_back(step({"up", "-d", "--no-recreate"}, request.not_created));
  }
  // No name at all would mean every service.
  const bool all = request.services.empty() && request.not_created.empty();
  if (!created.empty() || all) steps.push_back(step({"start"}, created));
  return steps;
}

ActionProgress parse_progress(std::string_view line) {
  ActionProgress progress{{}, {}, std::string(trim(printable(line)))};
  const std::string_view text = progress.text;
  const std::size_t space = text.find(' ');
  const std::string_view kind = text.substr(0, space);
  if (std::find(kResources.begin(), kResources.end(), kind) == kResources.end()) return progress;
  if (space == std::string_view::npos) return progress;
  const std::string_view rest = trim(text.substr(space));
  const std::size_t name = rest.find(' ');
  if (name == std::string_view::npos) return progress;
  progress.resource = fmt::format("{} {}", kind, rest.substr(0, name));
  progress.status = std::string(trim(rest.substr(name)));
  return progress;
}

Result<void> run(const ActionRequest& request, const ComposeCommand& compose,
                 io::ProcessRunner& processes,
                 const std::function<void(const ActionProgress&)>& on_progress,
                 std::stop_token stop) {
  const io::Environment environment = environment_for(compose);
  for (const Words& step : arguments(request)) {
    std::deque<std::string> last;
    io::ProcessRequest process;
    process.argv = compose.docker;
    append(process.argv, step);
    process.environment = environment;
    process.timeout = Duration::zero();
    process.on_line = [&](std::string_view line) {
      const ActionProgress progress = parse_progress(line);
      if (progress.text.empty()) return;
      last.push_back(progress.text);
      if (last.size() > kLastLines) last.pop_front();
      if (on_progress) on_progress(progress);
    };
    Result<io::ProcessResult> result = processes.run(process, stop);
    if (!result && result.error().code == "process-missing") return no_compose();
    if (!result) return result.error();
    if (result->exit_code == 0) continue;
    if (lacks_compose(result->errors)) return no_compose();
    return failure(request, last, result->exit_code);
  }
  return {};
}

}  // namespace dockhand::actions
