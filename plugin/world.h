#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "health/prober.h"
#include "io/environment.h"
#include "io/file_system.h"
#include "io/process.h"
#include "io/stdio.h"
#include "plugin/output.h"

namespace dockhand::plugin {

// Tells one listener at a time what the terminal says. Thread-safe.
class TerminalEvents {
 public:
  using Listener = std::function<void(io::TerminalEvent)>;

  void listen(Listener listener);
  // False when nobody listens.
  bool tell(io::TerminalEvent event);

 private:
  std::mutex mutex_;
  Listener listener_;
};

// Everything outside of the program that commands touch, captured once in main; tests put twins
// there. What the pointers point to outlives it.
struct World {
  const io::FileSystem* files = nullptr;
  io::ProcessRunner* processes = nullptr;
  std::shared_ptr<const Clock> clock;
  io::Environment environment;
  std::string working_directory;  // Absolute; as the shell names it, symbolic links included.
  std::string program_path;       // This executable, symbolic links resolved.

  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::function<std::optional<io::TerminalSize>()> terminal_size;
  Output out;
  Output err;
  std::stop_token stop;  // Requested when the user or docker wants us to end.
  std::shared_ptr<TerminalEvents> terminal_events;
  std::function<void()> suspend;  // io::suspend_process

  std::function<std::string()> read_stdin;  // All of it, bounded.
  std::function<std::shared_ptr<engine::Engine>(engine::Endpoint, engine::EngineOptions)>
      make_engine;
  std::function<std::shared_ptr<health::Prober>()> make_prober;
  // See io/replace.h.
  std::function<Result<void>(const std::string& path, std::string_view content)> replace_file;
  // Becomes another program; returns only to say why that failed.
  std::function<Error(const std::vector<std::string>& argv, const io::Environment&)> become;
};

// The real one. `stop` and `events` come from whoever owns the signals.
World real_world(const io::FileSystem& files, io::ProcessRunner& processes, std::stop_token stop,
                 std::shared_ptr<TerminalEvents> events);

}  // namespace dockhand::plugin
