#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "compose/loader.h"
#include "compose/project.h"
#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::lsp {

// A project that runs, as its containers' labels tell it.
struct RunningProject {
  std::string name;
  std::string directory;
  std::vector<std::string> files;  // Absolute, symbolic links resolved.
  friend bool operator==(const RunningProject&, const RunningProject&) = default;
};

// What to find out about one document.
struct ResolveRequest {
  std::string path;
  std::vector<RunningProject> running;  // Those whose files name the document.
};

// One of the projects that a document belongs to, as far as it could be resolved.
struct ResolvedProject {
  std::string key;               // The same for every document that leads to the same project.
  compose::LoadOptions options;  // With which it was loaded.
  Result<std::shared_ptr<const compose::Project>> project;
};

// Which projects a document belongs to, and what they are: those that run and were started from
// it, else the one that discovery gives for its folder. A file that discovery leaves out, and that
// the project does not include, stands alone when all its services do (stands_alone()), else it is
// taken for an override of the project. Reads files; called by a worker. At least one project.
std::vector<ResolvedProject> resolve(const ResolveRequest& request,
                                     const io::Environment& environment,
                                     const io::FileSystem& files);

// True when `path` is one of the files that the project was read from.
bool reads(const compose::Project& project, const std::string& path);

}  // namespace dockhand::lsp
