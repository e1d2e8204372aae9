#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/check.h"
#include "io/file_system.h"

// Compose files with the findings that are expected written under their lines, as comments:
//
//     networks: [bakc]
// #              ^^^^ error undefined-network
//
// The marks stand under the bytes that the finding's range has in its first line; `<` in the place
// of the first one is for a range that begins where the `#` stands.
namespace dockhand::check::test {

bool is_annotation(std::string_view line);

// Files of one project in /p. A line `--- path` begins a file; without any it is all compose.yaml.
// The annotations are taken out.
class Stack {
 public:
  explicit Stack(std::string_view annotated);

  compose::Project check() const;
  // The same text with the annotations for what was found.
  std::string annotate(const compose::Project& project) const;

  Options wishes;
  std::vector<std::string> profiles;
  io::Environment environment;
  const io::MemoryFileSystem& files() const { return files_; }

 private:
  struct File {
    std::string path;  // Empty for the one that has no `---`.
    std::string text;
  };
  std::vector<File> written_;
  io::MemoryFileSystem files_;
};

// Checks each text, and that its annotations are what is found.
void expect(const std::vector<std::string_view>& texts);

// compose.yaml once its sure fixes, or all, are applied.
std::string fixed(std::string_view text);
std::string all_fixed(std::string_view text);

}  // namespace dockhand::check::test
