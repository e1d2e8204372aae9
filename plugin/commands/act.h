#pragma once

#include <string>
#include <vector>

#include "actions/action.h"
#include "live/snapshot.h"
#include "plugin/cli/command.h"
#include "plugin/commands/project.h"
#include "plugin/context.h"

namespace dockhand::plugin {

struct ActOptions {
  actions::ActionKind kind = actions::ActionKind::restart;
  std::vector<std::string> services;  // None is all.
  bool with_dependents = false;       // Of restart.
  bool no_wait = false;               // Do not wait for the resulting health.
};

int run_act(Context& context, const ActOptions& options);

// What is to be asked of Compose so that no more happens than the user wants: starting leaves alone
// what runs and what has finished. Empty services: there is nothing to do.
actions::ActionRequest plan(const ActOptions& options, const Target& target,
                            const live::Snapshot& snapshot, const compose::LoadOptions& load);

extern const Command kStartCommand, kStopCommand, kRestartCommand;

}  // namespace dockhand::plugin
