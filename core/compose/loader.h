#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compose/project.h"
#include "compose/report.h"
#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::compose {

// Bounds against hostile files. What lies beyond gives a finding and is left out.
inline constexpr std::size_t kMaxFileSize = std::size_t{64} << 20;
inline constexpr std::size_t kMaxNodes = 1'000'000;  // Values written in all files together.
inline constexpr std::size_t kMaxCopies =
    100'000;                                   // Values that aliases and extends add: see Budget.
inline constexpr std::size_t kMaxFiles = 500;  // Files read, those read twice counted twice.
inline constexpr std::size_t kMaxPorts = 65'536;  // Of all services together, ranges expanded.

// What decides which project is meant: Compose's own global flags and the environment.
struct LoadOptions {
  std::string working_directory;   // Absolute.
  std::vector<std::string> files;  // -f, in order; `-` is `standard_input`.
  std::string standard_input = {};
  std::string project_directory = {};       // --project-directory
  std::string project_name = {};            // -p
  std::vector<std::string> profiles = {};   // --profile; `*` is all.
  std::vector<std::string> env_files = {};  // --env-file
  io::Environment environment = {};
};

// The files of the project that a directory belongs to: COMPOSE_FILE (with its separator), else the
// first of Compose's four names in the directory or the nearest one above it, with its override
// file. Empty when there is none. `warnings` names further candidates that lost.
struct Discovery {
  std::vector<std::string> files;
  std::string directory;
  std::vector<std::string> warnings;
};
Discovery discover(const LoadOptions& options, const io::FileSystem& files);

// The name that Compose gives a project whose directory is called so.
std::string normalize_project_name(std::string_view text);

// Sees every model that Compose itself holds against its schema: what the files read so far make,
// includes and extends done, short forms as they are written, before the next file is laid over it.
using Validate = std::function<void(const Value& model, Report& report)>;

// Resolves a project. Mistakes in files are findings in the Project (never an Error), and cost only
// what they touch: the other services are all there.
// Errors: `compose-no-file` (none found, or one that was named is missing), `compose-unreadable`,
// `compose-bad-name` (an explicit project name that Compose refuses), `compose-bad-setting` (a
// variable of Compose's own that it cannot read).
Result<Project> load(const LoadOptions& options, const io::FileSystem& files,
                     const Validate& validate = {});

// True for a file name that Compose itself would look for, or that belongs to it by habit:
// compose*.y[a]ml and docker-compose*.y[a]ml.
bool is_compose_file_name(std::string_view base_name);

}  // namespace dockhand::compose
