#include "lsp/resolver.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace dockhand::lsp {
namespace {

Instant now_instant() { return std::chrono::steady_clock::now(); }

}  // namespace

Resolver::Resolver(Resolve resolve, Done done)
    : resolve_(std::move(resolve)),
      done_(std::move(done)),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

Resolver::~Resolver() {
  thread_.request_stop();
  changed_.notify_all();
}

void Resolver::now(const std::string& uri, ResolveRequest request) {
  put(uri, std::move(request), {});
}

void Resolver::when_quiet(const std::string& uri, ResolveRequest request) {
  put(uri, std::move(request), kQuiet);
}

void Resolver::put(const std::string& uri, ResolveRequest request, Duration delay) {
  {
    const std::lock_guard lock(mutex_);
    const Instant now = now_instant();
    const auto [job, fresh] = jobs_.try_emplace(uri);
    if (fresh) job->second.asked = now;
    job->second.request = std::move(request);
    job->second.due = std::min(now + delay, job->second.asked + kMaxDelay);
    urgent_ = urgent_ || delay == Duration{};
  }
  changed_.notify_one();
}

void Resolver::forget(const std::string& uri) {
  const std::lock_guard lock(mutex_);
  jobs_.erase(uri);
}

void Resolver::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    urgent_ = false;
    const auto next =
        std::min_element(jobs_.begin(), jobs_.end(),
                         [](const auto& a, const auto& b) { return a.second.due < b.second.due; });
    if (next == jobs_.end()) {
      changed_.wait(lock, stop, [this] { return !jobs_.empty(); });
      continue;
    }
    const Instant due = next->second.due;
    if (due > now_instant()) {
      // What is typed meanwhile is due later; only urgent work cuts the wait short.
      changed_.wait_until(lock, stop, due, [this] { return urgent_; });
      continue;
    }
    const std::string uri = next->first;
    const ResolveRequest request = std::move(next->second.request);
    jobs_.erase(next);
    lock.unlock();
    done_(uri, resolve_(request));
    lock.lock();
  }
}

}  // namespace dockhand::lsp
