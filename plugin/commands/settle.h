#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "explain/report.h"
#include "plugin/commands/follow.h"

namespace dockhand::plugin {

// Waits, showing on stderr's terminal what is still awaited, until `settled` says so, the time is
// up, or the command is cancelled. Returns the last reports; nothing when cancelled.
struct Settled {
  std::vector<explain::ProjectReport> reports;
  bool timed_out = false;
};
std::optional<Settled> settle(
    Context& context, Follower& follower, std::optional<Duration> timeout,
    const std::function<bool(const std::vector<explain::ProjectReport>&)>& settled,
    const std::function<bool(const explain::ServiceReport&)>& awaited);

}  // namespace dockhand::plugin
