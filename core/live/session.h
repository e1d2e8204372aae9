#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/log.h"
#include "engine/engine.h"
#include "health/prober.h"
#include "live/snapshot.h"
#include "live/survey.h"

namespace dockhand::live {

// Reconnecting waits this long at first, doubles up to the maximum, and is spread by up to half.
struct Backoff {
  Duration first = std::chrono::milliseconds(250);
  Duration maximum = std::chrono::seconds(10);
};

struct SessionOptions {
  ProbeOptions probes;
  Backoff backoff;
  std::size_t max_projects = 256;       // Views open at once; further ones are refused.
  std::size_t max_containers = 20'000;  // Watched at once; further ones are left out, and logged.
  // The first changes after a quiet spell are published at once; the next ones at most once in this
  // time, those of what runs and those of mere latencies counted apart: no probe delays an event,
  // and many services whose latencies never rest do not keep every screen busy.
  Duration coalesce = std::chrono::milliseconds(250);
  Duration coalesce_latencies = std::chrono::seconds(1);
  Logger log = {};
};

// Everything that Dockhand knows of one Engine while it watches: one event stream, one table of
// containers, however many projects look at it. An event costs one inspect, never a list; a broken
// stream costs one list. Nothing runs while no project is open, and nothing wakes up without an
// event, a due probe or a due publication. Durations follow `clock`'s steady time.
//
// Used by the language server and by `--watch`. Thread-safe. Threads of its own: one for the
// stream, one for inspects and publications (with up to seven helpers while many containers are to
// be inspected), and up to ProbeOptions::concurrency for probes, started when they are first
// needed. Destroying it ends them all, and no observer is called after that.
class Session {
 public:
  // Called with each Snapshot of one view in which something that can be shown is new, in order,
  // from the session's thread: must be quick, and must not destroy the session. It may call the
  // view and may destroy it. The first Snapshot is not told but asked for: View::snapshot().
  using Observer = std::function<void(std::shared_ptr<const Snapshot>)>;

  Session(std::shared_ptr<engine::Engine> engine, std::shared_ptr<health::Prober> prober,
          std::shared_ptr<const Clock> clock, SessionOptions options);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One project as somebody looks at it. Closing (destroying) the last view of a project stops its
  // probes; closing the last of all closes the event stream. The destructor waits for an observer
  // that is being called; none is called after it.
  class View {
   public:
    virtual ~View() = default;
    // The latest; never null. Until the first list has come its services are as the file says and
    // its engine is `connecting`.
    virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
    // The file changed: the same containers in the light of another model.
    virtual void set_project(std::shared_ptr<const compose::Project> project) = 0;
    // Probe now instead of at the next interval.
    virtual void refresh() = 0;
  };

  // Null when max_projects are open. `project` may be null: containers only. Destroy the View
  // before the Session; one that outlives it stays what it was.
  std::unique_ptr<View> open(std::string project_name,
                             std::shared_ptr<const compose::Project> project, Observer observer);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace dockhand::live
