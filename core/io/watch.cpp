#include "io/watch.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <optional>

#include "io/descriptor.h"
#include "io/stdio.h"
#include "io/wait.h"

namespace dockhand::io {
namespace {

// A descriptor that becomes readable when the process ends; none where the system has no such.
Descriptor open_process(std::int64_t process) {
#ifdef SYS_pidfd_open
  return Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, static_cast<pid_t>(process), 0)));
#else
  (void)process;
  return {};
#endif
}

}  // namespace

std::string read_stdin(std::size_t max, const std::stop_token& stop) {
  const Patience patience(std::nullopt, stop);
  if (patience.wait(STDIN_FILENO, POLLIN) == Waited::stopped) return {};
  return read_stdin(max);
}

bool wait_for_process_end(std::int64_t process, const std::stop_token& stop) {
  const Descriptor end = open_process(process);
  if (!end) return false;
  return Patience(std::nullopt, stop).wait(end.get(), POLLIN) == Waited::ready;
}

}  // namespace dockhand::io
