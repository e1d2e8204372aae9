#include "io/stdio.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "io/descriptor.h"

namespace dockhand::io {
namespace {

// Also when whoever shares the terminal or pipe has made it non-blocking.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd writable{fd, POLLOUT, 0};
      poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

Result<void> write_named(int fd, std::string_view name, std::string_view bytes) {
  const WithoutSigpipe guard;
  if (write_all(fd, bytes)) return {};
  const int error = errno;
  return Error{error == EPIPE ? "output-closed" : "output-failed",
               "cannot write to " + std::string(name), system_reason(error)};
}

}  // namespace

Logger::Sink stderr_sink() {
  return [](LogLevel, std::string_view line) {
    std::string whole(line);
    whole += '\n';
    const WithoutSigpipe guard;
    write_all(STDERR_FILENO, whole);
  };
}

std::string read_stdin(std::size_t max) {
  std::string bytes(max, '\0');
  for (;;) {
    const ssize_t count = ::read(STDIN_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) {
      pollfd readable{STDIN_FILENO, POLLIN, 0};
      poll(&readable, 1, -1);
      continue;
    }
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }
}

Result<void> write_stdout(std::string_view bytes) {
  return write_named(STDOUT_FILENO, "stdout", bytes);
}

Result<void> write_stderr(std::string_view bytes) {
  return write_named(STDERR_FILENO, "stderr", bytes);
}

bool stdin_is_terminal() { return isatty(STDIN_FILENO) == 1; }
bool stdout_is_terminal() { return isatty(STDOUT_FILENO) == 1; }
bool stderr_is_terminal() { return isatty(STDERR_FILENO) == 1; }

std::optional<TerminalSize> terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
  return TerminalSize{size.ws_col, size.ws_row};
}

}  // namespace dockhand::io
