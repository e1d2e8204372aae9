#include "lsp/loop.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace dockhand::lsp {

void Loop::post(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Loop::post_when_room(Task task) {
  {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return stopped_ || tasks_.size() < kMaxQueued; });
    if (stopped_) return;
    tasks_.push_back(std::move(task));
  }
  changed_.notify_one();
}

void Loop::schedule(const std::string& name, Instant when, Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) return;
    timers_[name] = {when, std::move(task)};
  }
  changed_.notify_one();
}

// Messages first: what is due waits for them no longer than they take.
bool Loop::due(Instant now, Task& task) {
  if (!tasks_.empty()) {
    task = std::move(tasks_.front());
    tasks_.pop_front();
    return true;
  }
  const auto timer = std::find_if(timers_.begin(), timers_.end(),
                                  [&](const auto& entry) { return entry.second.when <= now; });
  if (timer == timers_.end()) return false;
  task = std::move(timer->second.task);
  timers_.erase(timer);
  return true;
}

void Loop::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    Task task;
    if (due(std::chrono::steady_clock::now(), task)) {
      lock.unlock();
      room_.notify_one();
      task();
      task = nullptr;
      lock.lock();
      continue;
    }
    if (timers_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto next = std::min_element(
        timers_.begin(), timers_.end(),
        [](const auto& a, const auto& b) { return a.second.when < b.second.when; });
    const Instant when = next->second.when;
    changed_.wait_until(lock, when);
  }
  tasks_.clear();
  timers_.clear();
}

void Loop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  room_.notify_all();
}

}  // namespace dockhand::lsp
