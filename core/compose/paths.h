#pragma once

#include <string>
#include <string_view>

#include "compose/value.h"
#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::compose {

// True for what Compose fetches from elsewhere: URLs, git repositories, OCI artifacts.
bool is_remote(std::string_view path);

// The path as Compose reads it in a file: relative to the directory, `~` is HOME.
std::string resolve_path(std::string_view path, std::string_view directory,
                         const io::Environment& variables);

// What the relative paths of one model are relative to.
struct PathScope {
  std::string_view directory;
  const io::Environment& variables;
  const io::FileSystem& files;
};

// Makes the relative paths in a lifted model absolute (compose-go: paths): each file's are relative
// to the directory of the model it belongs to, so this comes before models are laid over each
// other. The files of `extends` are among them.
void resolve_paths(Value& model, const PathScope& scope);

}  // namespace dockhand::compose
