#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actions/action.h"
#include "base/log.h"
#include "base/settings.h"
#include "compose/loader.h"
#include "engine/engine.h"
#include "live/survey.h"
#include "plugin/cli/invocation.h"
#include "plugin/render/style.h"
#include "plugin/world.h"

namespace dockhand::plugin {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kFlagError = 125;  // As docker's own commands end on a flag error.
inline constexpr int kCancelled = 130;

// What a command works with: the world, how we were called, and what follows from both, made when
// it is first asked for. Lives as long as the command; used by its thread alone.
class Context {
 public:
  Context(World& world, Invocation invocation, FlagValues project_flags);

  World& world() { return world_; }
  const World& world() const { return world_; }
  const Invocation& invocation() const { return invocation_; }
  Output& out() { return world_.out; }
  Output& err() { return world_.err; }
  std::stop_token stop() const { return world_.stop; }

  const engine::DockerConfig& docker_config();
  Result<engine::Endpoint> endpoint();
  Result<std::shared_ptr<engine::Engine>> engine();

  // Which project the flags and the environment ask for.
  compose::LoadOptions load_options();
  // The same with these files instead of those of the flags.
  compose::LoadOptions load_options(std::vector<std::string> files);
  bool names_project() const;  // -p or COMPOSE_PROJECT_NAME
  bool names_files() const;    // -f or COMPOSE_FILE
  const FlagValues& project_flags() const { return project_flags_; }

  // Settings in force, `project` being the one whose x-dev counts; it may be null.
  Settings settings(const compose::Project* project);
  live::ProbeOptions probe_options(const Settings& settings) const;
  actions::ComposeCommand compose_command() const;
  Logger log() const;

  // What stdout, and what stderr can show.
  render::Style style();
  render::Style error_style();
  io::TerminalSize terminal_size() const;

  // Prints the error and returns the exit code for it. `cancelled` says nothing: whoever cancelled
  // knows.
  int fail(const Error& error);

 private:
  render::Style style_of(bool is_terminal);

  World& world_;
  Invocation invocation_;
  FlagValues project_flags_;
  std::optional<engine::DockerConfig> docker_config_;
  std::shared_ptr<engine::Engine> engine_;
  std::optional<std::string> standard_input_;
};

// `docker dockhand: what`, and below it, indented, why and what to do.
std::string error_text(std::string_view program, const Error& error);

}  // namespace dockhand::plugin
