#pragma once

#include <string>

#include "base/result.h"
#include "compose/project.h"

namespace dockhand::compose {

// The project as `docker compose config --format json` prints it: the active services, maps in the
// order of their keys, objects in Compose's own order of members, what Compose omits left out, and
// every `$` doubled, because Compose reads its own output again. Values are not masked.
// Errors: `json-number` for a number that JSON lacks, as Compose refuses to print it.
Result<std::string> to_json(const Project& project);

}  // namespace dockhand::compose
