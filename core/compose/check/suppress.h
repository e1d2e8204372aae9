#pragma once

#include "compose/project.h"

namespace dockhand::check {

// Takes away the findings that the file's comments ask not to be told of: `# dockhand: ignore` with
// codes behind it, or without any for all of them, at the end of a line or alone on the line above.
void suppress(compose::SourceFile& file);

}  // namespace dockhand::check
