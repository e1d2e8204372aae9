#include "plugin/commands/doctor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "base/text.h"
#include "plugin/cli/metadata.h"
#include "plugin/commands/language_server.h"
#include "plugin/commands/verbs.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin {
namespace {

using Json = nlohmann::ordered_json;
using Verdict = Check::Verdict;

constexpr std::array<Flag, 1> kFlags = {
    {{"format", 0, FlagKind::text, "Format output: \"table\" or \"json\"", Values::words,
      "table json"}}};

constexpr std::string_view kPluginFile = "docker-dockhand";
// Where docker looks for plugins besides its configuration folder (docker/cli:
// cli-plugins/manager/manager_unix.go).
constexpr std::array<std::string_view, 4> kSystemFolders = {
    "/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins"};

Check broken(std::string name, const Error& error) {
  std::string detail = error.what;
  if (!error.why.empty()) detail += ": " + error.why;
  return {std::move(name), Verdict::broken, std::move(detail), error.fix};
}

// Both streams' first line, of a program that should tell its version.
Result<std::string> answer(Context& context, std::vector<std::string> argv,
                           const io::Environment& environment) {
  io::ProcessRequest request;
  request.argv = std::move(argv);
  request.environment = environment;
  request.timeout = std::chrono::seconds(10);
  const Result<io::ProcessResult> result = context.world().processes->run(request, context.stop());
  if (!result) return result.error();
  const std::string text =
      first_line(result->exit_code == 0 ? result->output : result->errors, 160);
  if (result->exit_code == 0) return text;
  return Error{
      "failed", text.empty() ? fmt::format("it ended with {}", result->exit_code) : text, {}, {}};
}

// Every copy of the plugin that docker could run, the one it does run first.
std::vector<std::string> installed_copies(Context& context) {
  const io::FileSystem& files = *context.world().files;
  std::vector<std::string> folders = {
      io::join_path(context.docker_config().directory, "cli-plugins")};
  folders.insert(folders.end(), kSystemFolders.begin(), kSystemFolders.end());
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    const std::string path = io::join_path(folder, kPluginFile);
    if (files.is_file(path)) found.push_back(path);
  }
  return found;
}

Check plugin(Context& context) {
  const std::string& self = context.world().program_path;
  const std::vector<std::string> copies = installed_copies(context);
  Check check{"plugin", Verdict::ok, {}, {}};
  if (copies.empty()) {
    check.verdict = Verdict::broken;
    check.detail = fmt::format("{} at {}, where docker does not look for it", version(), self);
    const std::string folder = io::join_path(context.docker_config().directory, "cli-plugins");
    check.fix = fmt::format("mkdir -p {0} && ln -s {1} {0}/{2}", folder, self, kPluginFile);
    return check;
  }
  const std::string& used = copies.front();
  if (context.world().files->real_path(used) != self) {
    check.verdict = Verdict::note;
    check.detail = fmt::format("this is {} at {}; docker runs {}", version(), self, used);
    return check;
  }
  check.detail = fmt::format("{}, {}", version(), used);
  if (copies.size() > 1) check.detail += fmt::format(" (before {})", copies[1]);
  return check;
}

Check docker_command(Context& context) {
  const actions::ComposeCommand command = context.compose_command();
  const Result<std::string> said =
      answer(context, {command.docker.front(), "--version"}, command.environment);
  if (!said) {
    return {"docker", Verdict::broken,
            fmt::format("cannot run {}: {}", command.docker.front(), said.error().what),
            "install the docker command: https://docs.docker.com/engine/install/"};
  }
  return {"docker", Verdict::ok, *said, {}};
}

Check docker_config(Context& context) {
  const engine::DockerConfig& config = context.docker_config();
  const std::string path = io::join_path(config.directory, "config.json");
  if (config.problem) return broken("configuration", *config.problem);
  const bool exists = context.world().files->is_file(path);
  return {"configuration", Verdict::ok, exists ? path : fmt::format("no {}: defaults", path), {}};
}

Check endpoint(Context& context) {
  const Result<engine::Endpoint> endpoint = context.endpoint();
  if (!endpoint) return broken("endpoint", endpoint.error());
  return {"endpoint", Verdict::ok, fmt::format("{}, from {}", endpoint->url, endpoint->origin), {}};
}

Check engine_check(Context& context) {
  const Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return {"engine", Verdict::note, "not asked: there is no endpoint", {}};
  const Result<engine::EngineInfo> info = (*engine)->info(context.stop());
  if (!info) return broken("engine", info.error());
  const std::string name = info->version.empty() ? "answers" : info->version;
  return {"engine", Verdict::ok, fmt::format("{}, API {}, {}", name, info->api, info->os), {}};
}

Check compose_plugin(Context& context) {
  const actions::ComposeCommand command = context.compose_command();
  std::vector<std::string> argv = command.docker;
  argv.insert(argv.end(), {"compose", "version", "--short"});
  const Result<std::string> said = answer(context, std::move(argv), command.environment);
  if (said) return {"compose", Verdict::ok, *said, {}};
  return {"compose", Verdict::broken,
          fmt::format("docker compose does not answer: {}", said.error().what),
          "install the package docker-compose-plugin: https://docs.docker.com/compose/install/"};
}

Check compose_file(Context& context) {
  const Result<compose::Project> project =
      compose::load(context.load_options(), *context.world().files);
  if (!project && project.error().code == "compose-no-file" && !context.names_files()) {
    return {"compose file",
            Verdict::note,
            fmt::format("none in {} or above it", context.world().working_directory),
            {}};
  }
  if (!project) return broken("compose file", project.error());
  for (std::uint32_t file = 0; file < project->files.size(); ++file) {
    for (const Finding& finding : project->files[file].findings) {
      if (finding.severity != Severity::error) continue;
      return {
          "compose file", Verdict::broken,
          fmt::format("{}: {}", project->place({file, finding.range}), printable(finding.message)),
          "mend the file; an editor with dockhand-lsp shows every mistake in its place"};
    }
  }
  return {"compose file",
          Verdict::ok,
          fmt::format("{}, {} in project {}", join(project->file_paths, " + "),
                      human_count(project->services.size(), "service"), project->name),
          {}};
}

Check settings_check(Context& context) {
  const Settings settings = context.settings(nullptr);
  if (settings.problems().empty())
    return {"settings", Verdict::ok, "in order; see: docker dockhand config", {}};
  return broken("settings", settings.problems().front());
}

Check editor(Context& context) {
  const std::string path = find_language_server(context);
  if (path.empty()) {
    return {"editor", Verdict::broken, "dockhand-lsp is neither beside the plugin nor in PATH",
            fmt::format("install it into {}", io::parent_path(context.world().program_path))};
  }
  const std::optional<std::string> other = language_server_version(context, path);
  if (!other)
    return {"editor", Verdict::broken, fmt::format("{} does not run", path), "install it again"};
  if (*other != version()) {
    return {"editor", Verdict::broken,
            fmt::format("{} is version {}, the plugin is {}", path, *other, version()),
            "install both from the same release"};
  }
  return {"editor", Verdict::ok, fmt::format("dockhand-lsp {}, {}", *other, path), {}};
}

Check terminal(Context& context) {
  const render::Style style = context.style();
  std::string detail = style.utf8 ? "UTF-8" : "no UTF-8 locale: shown in ASCII";
  detail += style.colour ? ", colours" : ", no colours";
  if (style.hyperlinks) detail += ", links";
  if (style.terminal()) detail += fmt::format(", {} columns", style.width);
  return {"terminal", Verdict::ok, std::move(detail), {}};
}

std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::note:
      return "note";
    case Verdict::broken:
      return "broken";
  }
  return "broken";
}

render::Cell mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return {"✓", render::Paint::good, {}};
    case Verdict::note:
      return {"○", render::Paint::dim, {}};
    case Verdict::broken:
      break;
  }
  return {"✕", render::Paint::bad, {}};
}

std::string as_json(const std::vector<Check>& checks) {
  Json list = Json::array();
  for (const Check& check : checks) {
    list.push_back({{"Check", check.name},
                    {"Status", word_of(check.verdict)},
                    {"Detail", check.detail},
                    {"Fix", check.fix}});
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

int run(Context& context, const Parsed& given) {
  const std::string format = given.flags.optional("format").value_or("table");
  if (format != "table" && format != "json") {
    return context.fail(
        {"format-unknown", "no such format: " + format, "doctor can print: table, json", {}});
  }
  const std::vector<Check> checks = examine(context);
  if (context.stop().stop_requested()) return kCancelled;
  if (format == "json") {
    context.out().line(as_json(checks));
  } else {
    context.out().lines(check_lines(checks, context.style()));
  }
  const bool any_broken = std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return check.verdict == Verdict::broken;
  });
  return any_broken ? kFailed : kDone;
}

}  // namespace

const Command kDoctorCommand = {
    .name = "doctor",
    .summary = "Check that everything Dockhand needs is in order",
    .usage = "[OPTIONS]",
    .description =
        "The plugin, Docker, the Engine, Compose, the compose file, the editor: each with its "
        "fix.\n"
        "Exits with 1 when something is broken.",
    .examples = "",
    .flags = kFlags,
    .words = Words::none,
    .run = run,
};

std::vector<Check> examine(Context& context) {
  constexpr std::array kChecks = {plugin,         docker_command, docker_config, endpoint,
                                  engine_check,   compose_plugin, compose_file,  editor,
                                  settings_check, terminal};
  std::vector<Check> checks;
  for (const auto& check : kChecks) {
    if (context.stop().stop_requested()) break;
    checks.push_back(check(context));
  }
  return checks;
}

std::vector<std::string> check_lines(const std::vector<Check>& checks, const render::Style& style) {
  constexpr std::size_t kGap = 2;
  std::size_t column = 0;
  for (const Check& check : checks) column = std::max(column, check.name.size() + kGap);
  const std::size_t indent = 1 + kGap + column;
  const auto width = static_cast<std::size_t>(style.width);
  const std::size_t room =
      !style.terminal() ? 100'000 : std::max<std::size_t>(width, indent + 24) - indent;
  std::vector<std::string> lines;
  for (const Check& check : checks) {
    const render::Cell sign = mark(check.verdict);
    std::string left = render::painted(style, sign.paint, render::spelled(style, sign.text)) +
                       "  " + render::padded(check.name, column);
    for (const std::string& part :
         render::wrap(render::spelled(style, printable(check.detail)), room)) {
      lines.push_back(left + part);
      left = std::string(indent, ' ');
    }
    // Not wrapped: it may be a command to copy.
    for (const std::string_view part : split_lines(check.fix)) {
      lines.push_back(std::string(indent, ' ') + render::painted(style, render::Paint::bold, part));
    }
  }
  return lines;
}

}  // namespace dockhand::plugin
