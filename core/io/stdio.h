#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"

namespace dockhand::io {

// Writes lines to this process's stderr, one write(2) each.
Logger::Sink stderr_sink();

// Reads up to `max` bytes from stdin, blocking; empty at its end. EINTR is retried.
std::string read_stdin(std::size_t max);

// Writes everything to stdout, retrying short writes. Error `output-closed` when the reader went
// away (a pipe to `head`), `output-failed` otherwise (a full disk).
Result<void> write_stdout(std::string_view bytes);
Result<void> write_stderr(std::string_view bytes);

struct TerminalSize {
  int columns, rows;
};

bool stdin_is_terminal();
bool stdout_is_terminal();
bool stderr_is_terminal();
// Of the terminal on stdout; nothing when there is none.
std::optional<TerminalSize> terminal_size();

// What the terminal tells its programs: it has another size; the user pressed Ctrl-Z.
enum class TerminalEvent { resized, suspend };

// Turns SIGINT, SIGTERM and SIGHUP into calls of `on_stop(signal)`, SIGWINCH and SIGTSTP into
// `on_terminal(event)`, from a thread of its own, and ignores SIGPIPE. Who is told of `suspend`
// sees to it that suspend_process() is called. Without on_terminal these signals keep their usual
// effect. The third stop signal ends the process at once with 130, as Docker's own plugins do. One
// per process, made in main before any other thread.
class Signals {
 public:
  Signals(std::function<void(int signal)> on_stop, std::function<void(TerminalEvent)> on_terminal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Stops this process as Ctrl-Z does, and returns when it goes on. Returns at once where nobody
// could make it go on: in a session without job control.
void suspend_process();

}  // namespace dockhand::io
