#include "live/parallel.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>

namespace dockhand::live {

void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> helpers;
  const std::size_t wanted = std::min(count, threads);
  for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
  run();
}

std::vector<Result<engine::Container>> inspect_all(engine::Engine& engine,
                                                   const std::vector<std::string>& ids,
                                                   const std::stop_token& stop) {
  std::vector<std::optional<Result<engine::Container>>> slots(ids.size());
  in_parallel(ids.size(), kInspectThreads,
              [&](std::size_t i) { slots[i] = engine.inspect(ids[i], stop); });
  std::vector<Result<engine::Container>> answers;
  answers.reserve(slots.size());
  for (auto& slot : slots) answers.push_back(std::move(*slot));
  return answers;
}

}  // namespace dockhand::live
