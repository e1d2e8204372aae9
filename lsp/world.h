#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "base/log.h"
#include "engine/endpoint.h"
#include "engine/engine.h"
#include "health/prober.h"
#include "io/environment.h"
#include "io/file_system.h"
#include "io/process.h"

namespace dockhand::lsp {

// Everything outside the server, so that tests give it another world. What it points to outlives
// the server.
struct World {
  const io::FileSystem* files = nullptr;
  io::ProcessRunner* processes = nullptr;
  io::Environment environment;
  engine::GlobalFlags flags;
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<health::Prober> prober;
  std::function<std::shared_ptr<engine::Engine>(engine::Endpoint, engine::EngineOptions)>
      make_engine;
  // io::wait_for_process_end(), or another.
  std::function<bool(std::int64_t process, const std::stop_token&)> wait_for_process_end;
  Logger log;
};

}  // namespace dockhand::lsp
