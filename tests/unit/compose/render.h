#pragma once

#include <string>

#include "compose/loader.h"
#include "compose/project.h"
#include "io/file_system.h"

// A Project as a few lines of text, so that a test compares what matters at one glance. Only what
// differs from the defaults is shown.
namespace dockhand::compose::test {

// `web image=nginx ports=8080:80/tcp depends=db(healthy)` and so on, a line for each service.
std::string render(const Project& project);

// `compose.yaml:3:5 warning compose-unset-variable "the text the range covers"`, a line each.
std::string render_findings(const Project& project);

// Where something is written: `compose.yaml:3 "text"`.
std::string render_origin(const Project& project, const Origin& origin);

// Files for one project, in /p. The text of several files is one string: a line `--- path` begins
// a file; without any it is all compose.yaml.
class Files {
 public:
  explicit Files(std::string_view text);

  Result<Project> load(LoadOptions options) const { return compose::load(options, files_); }
  // With the files that discovery finds in /p.
  Project load() const;

  const io::MemoryFileSystem& system() const { return files_; }

 private:
  io::MemoryFileSystem files_;
};

LoadOptions in_p();

}  // namespace dockhand::compose::test
