#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <vector>

#include "explain/report.h"
#include "live/session.h"
#include "plugin/commands/project.h"
#include "plugin/context.h"

namespace dockhand::plugin {

// A command's thread follows projects as they change: it waits here, and the session, the terminal
// and whoever cancels wake it. Made and used by one thread; lives no longer than the context.
class Follower {
 public:
  Follower(Context& context, std::shared_ptr<engine::Engine> engine,
           const std::vector<Target>& targets);
  ~Follower();
  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  struct Woken {
    bool changed = false;  // A new Snapshot of some target.
    bool resized = false;
    bool stopped = false;
    // None of them: the time is up.
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

 private:
  Context& context_;
  std::string host_;  // Under which services are reached.
  health::ProbePolicy policy_;
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  bool changed_ = false, resized_ = false;
  std::vector<std::shared_ptr<const live::Snapshot>> snapshots_;
  std::unique_ptr<live::Session> session_;
  std::vector<std::unique_ptr<live::Session::View>> views_;  // Gone before the session.
};

// How long the words of a report stay true: until the first of its durations reads differently.
Duration until_words_change(const std::vector<explain::ProjectReport>& reports, Time now);

}  // namespace dockhand::plugin
