#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace dockhand::lsp {

// A few threads for work that takes its time. Started when first needed. Thread-safe. Destroying
// it asks what runs to stop, drops what waits, and joins.
class Workers {
 public:
  using Task = std::function<void(std::stop_token)>;

  Workers(std::size_t max_threads, std::size_t max_queued)
      : max_threads_(max_threads), max_queued_(max_queued) {}
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // False, and the task is dropped, when max_queued tasks wait already. Tasks must not throw.
  bool run(Task task);

 private:
  void work(const std::stop_token& stop);

  const std::size_t max_threads_, max_queued_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Task> queue_;
  std::size_t idle_ = 0;
  std::vector<std::jthread> threads_;
};

}  // namespace dockhand::lsp
