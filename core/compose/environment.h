#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::compose {

// Larger .env files are not read.
inline constexpr std::size_t kMaxEnvFileSize = std::size_t{16} << 20;

// Names no file, so that none is read.
inline constexpr std::string_view kNoEnvFile = "/dev/null";

// Where variables are set: by .env files, and COMPOSE_PROJECT_NAME by `name:`. Those that are
// missing here are the process's own.
struct VariablePlace {
  std::string file;
  std::uint32_t line = 0;  // From 1.
};
using VariablePlaces = std::map<std::string, VariablePlace, std::less<>>;

// What became of some .env files.
struct EnvFiles {
  struct Unreadable {
    std::string path, why;
  };
  std::vector<Unreadable> unreadable;
  std::vector<std::string> problems;  // Lines that were left out, each as `.env:3: …`.
};

// Adds the variables of the files that are not set yet: what is set already always wins; of the
// files, the later one. `places` is told where they were set.
EnvFiles fill_gaps(io::Environment& variables, VariablePlaces& places,
                   const std::vector<std::string>& paths, const io::FileSystem& files);

}  // namespace dockhand::compose
