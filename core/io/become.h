#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "io/environment.h"

namespace dockhand::io {

// Runs another program in the place of this one, with this process's streams: argv[0] is its path.
// Returns only to say why it cannot be run. Signals are handed on as they were before io::Signals,
// which blocks them and ignores SIGPIPE.
Error become(const std::vector<std::string>& argv, const Environment& environment);

}  // namespace dockhand::io
