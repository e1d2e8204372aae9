#include <algorithm>
#include <array>

#include "plugin/commands/act.h"
#include "plugin/commands/deps.h"
#include "plugin/commands/status.h"
#include "plugin/commands/verbs.h"

namespace dockhand::plugin {
namespace {

constexpr std::array<const Command*, 11> kCommands = {
    &kStatusCommand,  &kDepsCommand,    &kStartCommand,  &kStopCommand,
    &kRestartCommand, &kCheckCommand,   &kDoctorCommand, &kConfigCommand,
    &kLspCommand,     &kVersionCommand, &kHelpCommand,
};

}  // namespace

std::span<const Command* const> commands() { return kCommands; }

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                  [name](const Command* command) { return command->name == name; });
  return found == kCommands.end() ? nullptr : *found;
}

const Command& default_command() { return kStatusCommand; }

}  // namespace dockhand::plugin
