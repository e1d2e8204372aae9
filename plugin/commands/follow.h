#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "explain/report.h"
#include "live/session.h"
#include "plugin/commands/project.h"
#include "plugin/commands/sources.h"
#include "plugin/context.h"

namespace dockhand::plugin {

// A command's thread follows projects as they change: it waits here, and the session, the terminal
// and whoever cancels wake it. Whenever it wakes it also looks whether the projects' files have
// changed. Made and used by one thread; lives no longer than the context.
class Follower {
 public:
  Follower(Context& context, std::shared_ptr<engine::Engine> engine, std::vector<Target> targets);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  struct Woken {
    bool changed = false;  // A new Snapshot of some target.
    bool resized = false;
    bool suspend = false;  // The user pressed Ctrl-Z: World::suspend() is to be called.
    bool stopped = false;
    // None of them: the time is up, or a file is to be looked at again.
  };
  Woken wait(Duration at_most);
  // Waits until known(); false when the command was cancelled before.
  bool wait_until_known();

  // The reports of all targets as they stand now.
  std::vector<explain::ProjectReport> reports() const;
  // True once every target has heard from the Engine.
  bool known() const;
  // True once every service that is probed has been, since its container was started: before, a
  // service that will turn out to be ill may look well.
  bool probed() const;

  // As they were given: at least one. Their projects are those of the beginning.
  const std::vector<Target>& targets() const { return targets_; }

 private:
  void reread_changed();

  Context& context_;
  const std::vector<Target> targets_;
  std::string host_;  // Under which services are reached.
  health::ProbePolicy policy_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  Woken woken_;
  std::vector<std::shared_ptr<const live::Snapshot>> snapshots_;
  std::unique_ptr<live::Session> session_;
  std::vector<std::unique_ptr<live::Session::View>> views_;  // Gone before the session.
  std::vector<Sources> sources_;                             // Of each view.
};

// How long a screen that shows these reports may sleep: until the first of their durations reads
// differently, rounded up to the next whole second, or the next whole ten seconds where no seconds
// are shown. So the clocks of many services, each with a beginning of its own, tick together.
Duration until_words_change(const std::vector<explain::ProjectReport>& reports, Time now);

}  // namespace dockhand::plugin
