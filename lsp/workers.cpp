#include "lsp/workers.h"

#include <utility>

namespace dockhand::lsp {

Workers::~Workers() {
  for (std::jthread& thread : threads_) thread.request_stop();
  changed_.notify_all();
}

bool Workers::run(Task task) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() >= max_queued_) return false;
    queue_.push_back(std::move(task));
    if (idle_ < queue_.size() && threads_.size() < max_threads_) {
      threads_.emplace_back([this](const std::stop_token& stop) { work(stop); });
    }
  }
  changed_.notify_one();
  return true;
}

void Workers::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++idle_;
    const bool more = changed_.wait(lock, stop, [this] { return !queue_.empty(); });
    --idle_;
    if (!more || stop.stop_requested()) return;
    Task task = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    task(stop);
    task = nullptr;
    lock.lock();
  }
}

}  // namespace dockhand::lsp
