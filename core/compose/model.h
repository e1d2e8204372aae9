#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compose/budget.h"
#include "compose/environment.h"
#include "compose/loader.h"
#include "compose/report.h"
#include "compose/value.h"
#include "io/environment.h"
#include "io/file_system.h"

// The steps by which files become one model: read, include, extend, merge. Each step has its own
// source file; what they share in one load() is a Workshop, and what belongs to one model (the
// project's, or an include's) a Scope. One thread.
namespace dockhand::compose {

inline constexpr std::size_t kMaxIncludeDepth = 32;
inline constexpr std::size_t kMaxExtendsDepth = 100;

struct Workshop {
  Workshop(const io::FileSystem& files, std::vector<SourceFile>& read_files)
      : file_system(files), files(read_files), report(read_files) {}

  // The file under its index in `files`: read and parsed at its first use. `standard_input` is what
  // `-` stands for. Errors: those of FileSystem::read(), and `compose-too-many-files`.
  Result<std::uint32_t> open(const std::string& path);

  const io::FileSystem& file_system;
  std::vector<SourceFile>& files;
  std::string standard_input;
  Report report;
  Budget budget;
  Validate validate;
  std::size_t ports = 0;   // Made of short forms; bounded by kMaxPorts.
  std::size_t opened = 0;  // Bounded by kMaxFiles.
  std::map<std::string, std::uint32_t> index;
};

struct Scope {
  std::string directory;  // What relative paths are relative to.
  io::Environment variables;
  VariablePlaces places;           // Where .env files set them.
  std::vector<std::string> chain;  // The files that are being included, outermost first.
};

// The model of some files, merged in order and lifted (compose/canonical/lift.h) after each of
// them, as Compose does it; not normalised, paths not resolved. `where` is what named them;
// findings about the files as such (missing, unreadable) go there. Findings: compose-file (a file
// cannot be read), compose-not-a-mapping.
Value load_model(Workshop& workshop, const Scope& scope, const std::vector<std::string>& paths,
                 std::optional<Origin> where);

// One document's value, as a file holds it, with its includes and extends done; what load_model()
// merges. `path` is the file's.
void apply_includes(Workshop& workshop, const Scope& scope, Value& document);
void apply_extends(Workshop& workshop, const Scope& scope, const std::string& path,
                   Value& document);

// Reads one file's documents, merged, without includes and extends: what `extends.file` refers to.
Value load_documents(Workshop& workshop, const Scope& scope, std::uint32_t file);

}  // namespace dockhand::compose
