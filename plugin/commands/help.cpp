#include "plugin/commands/verbs.h"

namespace dockhand::plugin {

// The app itself answers it: it alone knows how the program was called.
const Command kHelpCommand = {
    .name = "help",
    .summary = "Show help for a command",
    .usage = "[COMMAND]",
    .description = "",
    .examples = "",
    .flags = {},
    .words = Words::verb,
    .about_project = false,
    .run = nullptr,
};

}  // namespace dockhand::plugin
