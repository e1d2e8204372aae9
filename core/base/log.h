#pragma once

#include <functional>
#include <string_view>

namespace dockhand {

enum class LogLevel { error, warning, info, debug };

// Where a part of Dockhand tells what it is doing. A value: copies share the sink. The sink is
// given whole lines without a line end, must be thread-safe and must not throw; io::stderr_sink()
// is the one that programs use. A default-made Logger says nothing.
class Logger {
 public:
  using Sink = std::function<void(LogLevel, std::string_view)>;

  Logger() = default;
  Logger(LogLevel threshold, Sink sink) : threshold_(threshold), sink_(std::move(sink)) {}

  // True when a line of this level would be written: ask before building a costly one.
  bool wants(LogLevel level) const { return sink_ && level <= threshold_; }
  void write(LogLevel level, std::string_view line) const;

 private:
  LogLevel threshold_ = LogLevel::warning;
  Sink sink_;
};

}  // namespace dockhand
