#pragma once

#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "engine/endpoint.h"

namespace dockhand::lsp {

// The command line of dockhand-lsp.
struct Options {
  bool help = false;
  bool version = false;
  std::string check;  // File to check from the shell; empty: serve.
  LogLevel log = LogLevel::warning;
  engine::GlobalFlags flags;  // Which Engine: docker's own flags.
};

// Error `usage`: an unknown or incomplete option. `--stdio`, which editors add, passes.
Result<Options> parse_options(const std::vector<std::string>& arguments);

std::string help_text();

}  // namespace dockhand::lsp
