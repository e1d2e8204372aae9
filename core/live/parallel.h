#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

// What survey and session share. For this folder only.
namespace dockhand::live {

// Inspects that run at once: as many as the Engine's client keeps connections.
inline constexpr std::size_t kInspectThreads = 8;

// Calls work(0) … work(count - 1), on at most `threads` threads, the caller's among them; returns
// when all are done. `work` must not throw.
void in_parallel(std::size_t count, std::size_t threads,
                 const std::function<void(std::size_t)>& work);

// One inspect for each id, in the order of the ids.
std::vector<Result<engine::Container>> inspect_all(engine::Engine& engine,
                                                   const std::vector<std::string>& ids,
                                                   const std::stop_token& stop);

}  // namespace dockhand::live
