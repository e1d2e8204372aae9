#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "base/clock.h"

namespace dockhand::lsp {

// The dispatch thread's queue of work and its timers. One thread runs it; any thread may post.
// Waits without waking up while there is nothing to do.
class Loop {
 public:
  using Task = std::function<void()>;
  // The editor's messages wait beyond this; the server's own posts are bounded by who posts them.
  static constexpr std::size_t kMaxQueued = 1000;

  void post(Task task);
  // Blocks while kMaxQueued tasks wait, so that a client that floods the server is slowed down.
  void post_when_room(Task task);
  // Runs `task` on the dispatch thread once `when` has come. One timer for each name: a later call
  // replaces the earlier.
  void schedule(const std::string& name, Instant when, Task task);

  // Runs tasks until stop(); those that are left are dropped.
  void run();
  void stop();

 private:
  struct Timer {
    Instant when;
    Task task;
  };

  bool due(Instant now, Task& task);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::condition_variable room_;
  std::deque<Task> tasks_;
  std::map<std::string, Timer> timers_;
  bool stopped_ = false;
};

}  // namespace dockhand::lsp
