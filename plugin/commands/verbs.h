#pragma once

#include "plugin/cli/command.h"

// The verbs that need no more of each other than their row.
namespace dockhand::plugin {

extern const Command kCheckCommand, kConfigCommand, kDoctorCommand, kHelpCommand, kLspCommand,
    kVersionCommand;

}  // namespace dockhand::plugin
