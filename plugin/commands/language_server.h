#pragma once

#include <optional>
#include <string>

#include "plugin/context.h"

namespace dockhand::plugin {

// The `dockhand-lsp` that belongs to this plugin: the one beside its real path, else in PATH.
// Empty when there is none.
std::string find_language_server(Context& context);

// What that program calls its version; nothing when it does not answer.
std::optional<std::string> language_server_version(Context& context, const std::string& path);

}  // namespace dockhand::plugin
