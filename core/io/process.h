#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "io/environment.h"

namespace dockhand::io {

struct ProcessRequest {
  std::vector<std::string>
      argv;  // argv[0] is looked up in PATH of `environment` unless it has a slash.
  std::string directory = {};    // Empty: that of this process.
  Environment environment = {};  // The child's whole environment.
  std::string input = {};
  Duration timeout = std::chrono::seconds(30);  // Zero: none.
  std::size_t max_output = std::size_t{4}
                           << 20;  // Per stream; what goes beyond is read and dropped.
  // Called with each complete line of the child's stdout and stderr as it comes, from the thread
  // that called run(). Must not throw.
  std::function<void(std::string_view line)> on_line = {};
};

struct ProcessResult {
  int exit_code = 0;  // 128 + signal when a signal ended it.
  std::optional<int> signal = {};
  std::string output = {};
  std::string errors = {};
  bool timed_out = false;
  bool truncated = false;
};

// Runs other programs: always an argv, never a shell. Thread-safe.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  // Runs to the end. The child leads a process group of its own, which gets SIGTERM and two seconds
  // later SIGKILL when the timeout passes or `stop` is requested; it inherits no descriptor but
  // its own three. A program that ran and failed is a result, not an error.
  // Errors: `process-missing` (no such program), `process-denied`, `process-failed` (could not be
  // started otherwise), `cancelled`. What a grandchild still writes after its end is not waited
  // for.
  virtual Result<ProcessResult> run(const ProcessRequest& request, std::stop_token stop = {}) = 0;
};

class RealProcessRunner final : public ProcessRunner {
 public:
  Result<ProcessResult> run(const ProcessRequest& request, std::stop_token stop = {}) override;
};

// Answers from a script and records what it was asked: for tests. Thread-safe.
class ScriptedProcessRunner final : public ProcessRunner {
 public:
  using Answer = std::function<Result<ProcessResult>(const ProcessRequest&)>;
  explicit ScriptedProcessRunner(Answer answer) : answer_(std::move(answer)) {}

  Result<ProcessResult> run(const ProcessRequest& request, std::stop_token stop = {}) override;
  std::vector<ProcessRequest> requests() const;

 private:
  Answer answer_;
  mutable std::mutex mutex_;
  std::vector<ProcessRequest> requests_;
};

// Where `program` would be found in the PATH of this environment, or empty.
std::string find_program(std::string_view program, const Environment& environment);

// A private Unix socket whose every connection is carried to a new child's stdin and stdout: how
// HTTP reaches an Engine through `ssh host docker system dial-stdio`. The socket lives in a fresh
// directory that only this user may enter. Children and socket go when it is destroyed.
class DialStdio {
 public:
  static Result<std::unique_ptr<DialStdio>> open(std::vector<std::string> argv,
                                                 Environment environment);
  virtual ~DialStdio() = default;

  virtual const std::string& socket_path() const = 0;
  // The exit code of the most recent child that failed, and the last 4 KiB that it wrote to stderr,
  // as they are; or why it could not be started. Known before its connection is seen to end.
  virtual std::string last_failure() const = 0;
};

}  // namespace dockhand::io
