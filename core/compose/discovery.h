#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "compose/environment.h"
#include "compose/loader.h"

namespace dockhand::compose {

// What the flags and the environment select, before any Compose file is read.
struct Selection {
  Discovery found;
  io::Environment variables;          // The process's, and what the .env files add.
  VariablePlaces places;              // Of what .env files add.
  std::vector<std::string> problems;  // Lines of .env files that were left out.
};

// Errors: `compose-no-file` for an --env-file that is missing, `compose-bad-setting` for a variable
// that Compose cannot read.
Result<Selection> select(const LoadOptions& options, const io::FileSystem& files);

// -p or COMPOSE_PROJECT_NAME; empty when neither is set. Errors: `compose-bad-name`.
Result<std::string> explicit_name(const LoadOptions& options, const io::Environment& variables);

}  // namespace dockhand::compose
