#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "compose/project.h"
#include "io/file_system.h"
#include "plugin/commands/project.h"

namespace dockhand::plugin {

// The files of a target, read again when they change: for commands that stay. Looks when it is
// asked to and never by itself; a look costs one stat for each file. Not thread-safe. `files`
// outlives it.
class Sources {
 public:
  // `now` is when the target's project was read.
  Sources(const io::FileSystem& files, const Target& target, Time now);

  // The project as its files say it now; null when none has changed, or when they cannot be read.
  std::shared_ptr<const compose::Project> reread(Time now);

  // A file changed so shortly before it was read that it may not have been written to its end, or
  // may change once more without looking newer: reread() again in kSettling.
  static constexpr Duration kSettling = std::chrono::seconds(1);
  bool unsettled() const { return unsettled_; }

 private:
  // Type, size and time of each file that the project is made from, and of the directory in which
  // others may appear.
  std::vector<std::int64_t> stamps() const;
  void remember(Time now);

  const io::FileSystem& files_;
  compose::LoadOptions options_;
  std::shared_ptr<const compose::Project> project_;
  std::vector<std::int64_t> seen_;
  bool unsettled_ = false;
};

}  // namespace dockhand::plugin
