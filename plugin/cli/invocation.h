#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/endpoint.h"
#include "io/environment.h"
#include "plugin/cli/flags.h"

namespace dockhand::plugin {

// How we were called. Docker passes its own argv on as it got it: its global flags in the user's
// spelling, our name, the rest (docker/cli: cli-plugins/plugin). Run by hand, `docker-dockhand`
// has no name among its arguments.
struct Invocation {
  enum class Kind : std::uint8_t {
    command,   // `arguments` are what stands behind our name.
    help,      // `docker help dockhand …`, `docker --help dockhand …`
    version,   // `docker-dockhand --version`, by hand only
    complete,  // `arguments` are the words up to the one to complete, which is last.
    complete_without_descriptions,
  };
  Kind kind = Kind::command;
  engine::GlobalFlags globals;
  FlagValues project_flags;  // Compose's own, which by hand may stand among Docker's.
  bool by_docker = false;    // Else run by hand.
  std::vector<std::string> arguments;

  // What the user types to call us: `docker dockhand`, or `docker-dockhand` by hand.
  std::string program() const { return by_docker ? "docker dockhand" : "docker-dockhand"; }
};

inline constexpr std::string_view kPluginName = "dockhand";

// Docker's global flags.
std::span<const Flag> docker_flags();
// Those of `docker compose` that say which project is meant; understood before and behind a verb.
std::span<const Flag> project_flags();

// `arguments` are without the program. Errors: code `flag-error`, in Docker's words.
Result<Invocation> read_invocation(std::span<const std::string> arguments,
                                   const io::Environment& environment);

}  // namespace dockhand::plugin
