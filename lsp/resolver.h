#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "lsp/resolve.h"

namespace dockhand::lsp {

// Resolves documents' projects on a thread of its own. Of several requests for one document only
// the latest counts, so that typing queues nothing up.
class Resolver {
 public:
  using Resolve = std::function<std::vector<ResolvedProject>(const ResolveRequest&)>;
  // Called from the resolver's thread.
  using Done = std::function<void(const std::string& uri, std::vector<ResolvedProject>)>;

  // Typing is waited out for this long, but not longer than kMaxDelay in all.
  static constexpr Duration kQuiet = std::chrono::milliseconds(40);
  static constexpr Duration kMaxDelay = std::chrono::milliseconds(400);

  Resolver(Resolve resolve, Done done);
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  void now(const std::string& uri, ResolveRequest request);
  // After a change of the text.
  void when_quiet(const std::string& uri, ResolveRequest request);
  void forget(const std::string& uri);

 private:
  struct Job {
    ResolveRequest request;
    Instant due, asked;
  };

  void put(const std::string& uri, ResolveRequest request, Duration delay);
  void work(const std::stop_token& stop);

  Resolve resolve_;
  Done done_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Job> jobs_;  // By URI: at most one for each open document.
  bool urgent_ = false;              // A job that does not wait was put.
  std::jthread thread_;
};

}  // namespace dockhand::lsp
