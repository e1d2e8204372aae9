#include "plugin/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace dockhand::plugin {
namespace {

constexpr int kUsualWidth = 80;
constexpr int kUsualRows = 24;

bool locale_is_utf8(const io::Environment& environment) {
  for (const std::string_view name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (environment.get(name).empty()) continue;
    const std::string locale = to_lower_ascii(environment.get(name));
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

// Terminals that are known to show OSC 8 links; FORCE_HYPERLINK overrules, as elsewhere.
bool knows_hyperlinks(const io::Environment& environment) {
  if (environment.has("FORCE_HYPERLINK")) return environment.get("FORCE_HYPERLINK") != "0";
  constexpr std::array<std::string_view, 7> kPrograms = {
      "iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"};
  const std::string& program = environment.get("TERM_PROGRAM");
  if (std::find(kPrograms.begin(), kPrograms.end(), program) != kPrograms.end()) return true;
  const std::string& term = environment.get("TERM");
  if (term.starts_with("xterm-kitty") || term.starts_with("foot") ||
      term.starts_with("alacritty")) {
    return true;
  }
  const auto at_least = [&environment](std::string_view name, long long version) {
    return parse_integer(environment.get(name)).value_or(0) >= version;
  };
  // GNOME's terminals since VTE 0.50, Konsole since 20.12, Windows Terminal.
  return at_least("VTE_VERSION", 5000) || at_least("KONSOLE_VERSION", 201200) ||
         !environment.get("WT_SESSION").empty();
}

std::string indented(std::string_view text) {
  std::string out;
  for (const std::string_view line : split_lines(text)) out += fmt::format("  {}\n", line);
  return out;
}

SettingLayer environment_layer(const io::Environment& environment) {
  return {"environment", [&environment](const SettingRow& row) -> std::optional<std::string> {
            const std::string& value = environment.get(row.environment);
            return value.empty() ? std::nullopt : std::optional(value);
          }};
}

using Texts = std::map<std::string, std::string>;

SettingLayer map_layer(std::string origin, const Texts& values) {
  return {std::move(origin), [&values](const SettingRow& row) -> std::optional<std::string> {
            const auto found = values.find(std::string(row.name));
            return found == values.end() ? std::nullopt : std::optional(found->second);
          }};
}

}  // namespace

Context::Context(World& world, Invocation invocation, FlagValues project_flags)
    : world_(world), invocation_(std::move(invocation)), project_flags_(std::move(project_flags)) {}

const engine::DockerConfig& Context::docker_config() {
  if (!docker_config_) {
    docker_config_ =
        engine::read_docker_config(invocation_.globals, world_.environment, *world_.files);
  }
  return *docker_config_;
}

Result<engine::Endpoint> Context::endpoint() {
  return engine::resolve_endpoint(invocation_.globals, docker_config(), world_.environment,
                                  *world_.files);
}

Result<std::shared_ptr<engine::Engine>> Context::engine() {
  if (engine_) return engine_;
  Result<engine::Endpoint> endpoint = this->endpoint();
  if (!endpoint) return endpoint.error();
  engine::EngineOptions options;
  options.timeout = settings(nullptr).seconds("engine.timeout");
  options.api_version = world_.environment.get("DOCKER_API_VERSION");
  options.environment = world_.environment;
  options.log = log();
  engine_ = world_.make_engine(std::move(*endpoint), std::move(options));
  return engine_;
}

compose::LoadOptions Context::load_options() { return load_options(project_flags_.list("file")); }

compose::LoadOptions Context::load_options(std::vector<std::string> files) {
  compose::LoadOptions options;
  options.working_directory = world_.working_directory;
  options.files = std::move(files);
  options.project_directory = project_flags_.text("project-directory");
  options.project_name = project_flags_.text("project-name");
  options.profiles = project_flags_.list("profile");
  options.env_files = project_flags_.list("env-file");
  options.environment = world_.environment;
  const bool from_stdin =
      std::find(options.files.begin(), options.files.end(), "-") != options.files.end();
  if (from_stdin) {
    if (!standard_input_) standard_input_ = world_.read_stdin();
    options.standard_input = *standard_input_;
  }
  return options;
}

bool Context::names_project() const {
  return !project_flags_.text("project-name").empty() ||
         !world_.environment.get("COMPOSE_PROJECT_NAME").empty();
}

bool Context::names_files() const {
  return project_flags_.has("file") || !world_.environment.get("COMPOSE_FILE").empty();
}

Settings Context::settings(const compose::Project* project) {
  const Texts none;
  const Texts& x_dev = project == nullptr ? none : project->x_dev_settings;
  return Settings({environment_layer(world_.environment), map_layer("x-dev", x_dev),
                   map_layer(io::join_path(docker_config().directory, "config.json"),
                             docker_config().plugin_settings)});
}

live::ProbeOptions Context::probe_options(const Settings& settings) const {
  live::ProbeOptions options;
  options.policy.enabled = settings.flag("probe.enabled");
  // The user has named this project on a command line: what its x-dev wants probed is probed.
  options.policy.foreign_hosts = true;
  options.interval = settings.seconds("probe.interval");
  options.timeout = settings.seconds("probe.timeout");
  options.concurrency = settings.count("probe.concurrency");
  return options;
}

actions::ComposeCommand Context::compose_command() const {
  actions::ComposeCommand command;
  const std::string& original = world_.environment.get("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND");
  command.docker = {original.empty() ? "docker" : original};
  for (std::string& word : invocation_.globals.argv()) command.docker.push_back(std::move(word));
  command.environment = world_.environment;
  // These are ours: the docker that we start makes its own.
  command.environment.unset("DOCKER_CLI_PLUGIN_SOCKET");
  command.environment.unset("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND");
  return command;
}

Logger Context::log() const {
  if (invocation_.globals.debug) return {LogLevel::debug, io::stderr_sink()};
  const std::string level = invocation_.globals.log_level.value_or("");
  if (level == "debug") return {LogLevel::debug, io::stderr_sink()};
  return {LogLevel::error, io::stderr_sink()};
}

io::TerminalSize Context::terminal_size() const {
  std::optional<io::TerminalSize> size = world_.terminal_size();
  if (!size || size->columns <= 0) return {kUsualWidth, kUsualRows};
  return *size;
}

render::Style Context::style_of(bool is_terminal) {
  const io::Environment& environment = world_.environment;
  const std::string wish = settings(nullptr).text("color");
  const std::string& force = environment.get("CLICOLOR_FORCE");
  const bool dumb = environment.get("TERM") == "dumb";
  render::Style style;
  style.utf8 = locale_is_utf8(environment);
  style.width = is_terminal ? terminal_size().columns : 0;
  style.colour = is_terminal && !dumb;
  if (!force.empty() && force != "0") style.colour = true;
  if (!environment.get("NO_COLOR").empty()) style.colour = false;
  if (wish == "always") style.colour = true;
  if (wish == "never") style.colour = false;
  style.hyperlinks = is_terminal && !dumb && knows_hyperlinks(environment);
  return style;
}

render::Style Context::style() { return style_of(world_.out_is_terminal); }
render::Style Context::error_style() { return style_of(world_.err_is_terminal); }

int Context::fail(const Error& error) {
  if (error.code == "cancelled" || world_.stop.stop_requested()) return kCancelled;
  err().write(error_text(invocation_.program(), error));
  return kFailed;
}

std::string error_text(std::string_view program, const Error& error) {
  return fmt::format("{}: {}\n{}{}", program, error.what, indented(error.why), indented(error.fix));
}

}  // namespace dockhand::plugin
