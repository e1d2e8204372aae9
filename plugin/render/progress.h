#pragma once

#include <string>
#include <utility>
#include <vector>

#include "actions/action.h"
#include "plugin/render/style.h"

namespace dockhand::plugin::render {

// What an action has told so far, a line for each resource. At most kMost of them are kept, the
// oldest go. Not thread-safe.
class Progress {
 public:
  static constexpr std::size_t kMost = 200;

  // True when something to show has changed.
  bool add(const actions::ActionProgress& step);

  // For a live region: resources under way last, where the eye is.
  std::vector<std::string> lines(const Style& style) const;

 private:
  std::vector<std::pair<std::string, std::string>> steps_;  // Resource, status.
};

// One step as a line of its own, for a pipe.
std::string progress_line(const actions::ActionProgress& step, const Style& style);

}  // namespace dockhand::plugin::render
