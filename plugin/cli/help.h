#pragma once

#include <string>
#include <string_view>

#include "plugin/cli/command.h"

namespace dockhand::plugin {

// The help of the plugin, and of one verb, laid out as Docker lays out its own. `program` is what
// the user types; flags are wrapped to `width` columns less one.
std::string root_help(std::string_view program, int width);
std::string command_help(const Command& command, std::string_view program, int width);

// `Usage:  docker dockhand status [OPTIONS] [SERVICE...]`; null is the plugin itself.
std::string usage_line(const Command* command, std::string_view program);

// The end of a message about wrong usage: usage line, and where to read more.
std::string usage_hint(const Command* command, std::string_view program);

}  // namespace dockhand::plugin
