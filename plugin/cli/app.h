#pragma once

#include <span>
#include <string>

#include "plugin/world.h"

namespace dockhand::plugin {

// The whole program but the metadata: reads the arguments (without the program), finds the verb,
// runs it, and returns the exit code.
int run_app(World& world, std::span<const std::string> arguments);

}  // namespace dockhand::plugin
