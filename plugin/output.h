#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dockhand::plugin {

// Where text goes. The first failure is kept and ends the writing: whatever comes later is dropped,
// so that commands need not ask after each line, and main says once what happened. Not thread-safe.
class Output {
 public:
  using Write = std::function<Result<void>(std::string_view)>;
  explicit Output(Write write) : write_(std::move(write)) {}

  void write(std::string_view text);
  void line(std::string_view text);
  // All of them in one write.
  void lines(const std::vector<std::string>& lines);

  // False once something could not be written: the reader went away (`output-closed`), or another
  // reason (`output-failed`).
  bool open() const { return !failure_; }
  const std::optional<Error>& failure() const { return failure_; }

 private:
  Write write_;
  std::optional<Error> failure_;
};

}  // namespace dockhand::plugin
