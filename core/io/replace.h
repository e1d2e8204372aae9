#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dockhand::io {

// Puts the content in the place of an existing regular file, in one step: whoever reads it sees the
// old content or the new one, whatever happens meanwhile. A symbolic link stays, and what it leads
// to is replaced. Permissions stay, and the owner where that is allowed.
// Errors: `file-missing`, `file-denied`, `file-is-directory`, `file-unwritable` for the rest.
Result<void> replace_file(const std::string& path, std::string_view content);

}  // namespace dockhand::io
