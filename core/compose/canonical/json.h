#pragma once

#include <string>

#include "compose/project.h"

namespace dockhand::compose {

// The project as `docker compose config --format json` prints it: the active services, maps in the
// order of their keys, objects in Compose's own order of members, what Compose omits left out, and
// every `$` doubled, because Compose reads its own output again. Values are not masked.
std::string to_json(const Project& project);

}  // namespace dockhand::compose
