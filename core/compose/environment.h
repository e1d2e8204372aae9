#pragma once

#include <string>
#include <vector>

#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::compose {

// Larger .env files are not read.
inline constexpr std::size_t kMaxEnvFileSize = std::size_t{16} << 20;

// What became of some .env files.
struct EnvFiles {
  struct Unreadable {
    std::string path, why;
  };
  std::vector<Unreadable> unreadable;
  std::vector<std::string> problems;  // Lines that were left out, each as `.env:3: …`.
};

// Adds the variables of the files that are not set yet: what is set already always wins; of the
// files, the later one.
EnvFiles fill_gaps(io::Environment& variables, const std::vector<std::string>& paths,
                   const io::FileSystem& files);

}  // namespace dockhand::compose
