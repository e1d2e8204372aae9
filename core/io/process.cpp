#include "io/process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/process/v2/default_launcher.hpp>
#include <boost/process/v2/process.hpp>
#include <cerrno>

#include "base/text.h"
#include "io/file_system.h"
#include "io/launch.h"
#include "io/wait.h"

namespace dockhand::io {
namespace {

namespace bp = boost::process::v2;

constexpr Duration kGrace = std::chrono::seconds(2);         // Between SIGTERM and SIGKILL.
constexpr std::size_t kLongestLine = std::size_t{64} << 10;  // Longer ones come in pieces.

// What happens in the child between fork and exec, and therefore only with calls that are safe
// there. Boost calls these functions only where they take what it has: const, and any path type.
// Its own initializers leave descriptors to leak into children that other threads start
// at the same moment; here every descriptor of this process closes on exec, whoever made it.
struct ChildSetup {
  std::array<int, 3> fds;
  const char* directory;  // Null: stay.
  bool session;

  template <class Launcher, class... Rest>
  boost::system::error_code on_exec_setup(Launcher&, const Rest&...) const {
    const bool done = take_fds() && (!directory || chdir(directory) == 0) && lead() &&
                      reset_signals() &&
                      syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
    if (done) return {};
    return {errno, boost::system::system_category()};
  }

  // Boost would call exit(3), which would run the destructors and flush the buffers of the parent.
  template <class... Rest>
  void on_exec_error(const Rest&...) const {
    _exit(127);
  }

 private:
  // The sources are above 2, so that none is overwritten before it is copied.
  bool take_fds() const {
    for (int target = 0; target < 3; ++target) {
      if (dup2(fds[static_cast<std::size_t>(target)], target) < 0) return false;
    }
    return true;
  }

  bool lead() const {
    if (!session) return setpgid(0, 0) == 0;
    return setsid() != -1 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
  }

  static bool reset_signals() {
    // The numbers up to SIGRTMAX; those that cannot be set are none of our business.
    for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    return sigprocmask(SIG_SETMASK, &none, nullptr) == 0;
  }
};

std::vector<std::string> as_entries(const Environment& environment) {
  std::vector<std::string> entries;
  for (const auto& [name, value] : environment.variables()) entries.push_back(name + "=" + value);
  return entries;
}

bool is_runnable(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         access(path.c_str(), X_OK) == 0;
}

// Where a program might be: the path itself when it has a slash, else one for each entry of PATH.
std::vector<std::string> candidates(std::string_view program, const Environment& environment) {
  if (program.find('/') != std::string_view::npos) return {std::string(program)};
  std::vector<std::string> paths;
  if (program.empty()) return paths;
  for (const std::string_view directory : split(environment.get("PATH"), ':')) {
    if (!directory.empty()) paths.push_back(join_path(directory, program));
  }
  return paths;
}

Error not_found(const std::string& program, const Environment& environment) {
  const std::string what = "cannot run " + program;
  for (const std::string& path : candidates(program, environment)) {
    struct stat status {};
    if (stat(path.c_str(), &status) == 0) {
      return {"process-denied", what, path + " is not an executable file"};
    }
    if (errno == EACCES) return {"process-denied", what, path + ": permission denied"};
  }
  const bool is_path = program.find('/') != std::string::npos;
  return {"process-missing", what, is_path ? "no such file" : "no such program in PATH"};
}

// `EACCES` and `ENOENT` at this point are about the interpreter of a script, or a race.
Error not_started(const std::string& program, int error) {
  const bool denied = error == EACCES || error == EPERM;
  return {denied ? "process-denied" : "process-failed", "cannot run " + program,
          error == ENOENT ? "its interpreter is missing" : system_reason(error)};
}

bool holds_nul(const LaunchRequest& request) {
  const auto nul = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return std::any_of(request.argv.begin(), request.argv.end(), nul) || nul(request.directory);
}

int open_pidfd(int pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

}  // namespace

Descriptor above_stdio(Descriptor fd) {
  if (fd.get() > 2 || !fd) return fd;
  return Descriptor(fcntl(fd.get(), F_DUPFD_CLOEXEC, 3));
}

std::optional<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0) return std::nullopt;
  Pipe pipe{above_stdio(Descriptor(fds[0])), above_stdio(Descriptor(fds[1]))};
  if (!pipe.read || !pipe.write) return std::nullopt;
  return pipe;
}

void make_non_blocking(const Descriptor& fd) {
  fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

std::string find_program(std::string_view program, const Environment& environment) {
  for (const std::string& path : candidates(program, environment)) {
    if (is_runnable(path)) return path;
  }
  return {};
}

Result<Child> Child::launch(const LaunchRequest& request) {
  const std::string program = request.argv.empty() ? "" : request.argv.front();
  const std::string path = find_program(program, request.environment);
  if (path.empty()) return not_found(program, request.environment);
  if (holds_nul(request)) return not_started(program, EINVAL);
  struct stat status {};
  const bool stays = request.directory.empty();
  if (!stays && (stat(request.directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    return Error{"process-failed", "cannot run " + program + " in " + request.directory,
                 "no such directory"};
  }
  const std::vector<std::string> entries = as_entries(request.environment);
  std::vector<const char*> environment;
  for (const std::string& entry : entries) environment.push_back(entry.c_str());
  environment.push_back(nullptr);
  const std::vector<std::string> arguments(request.argv.begin() + 1, request.argv.end());
  const ChildSetup setup{{request.in, request.out, request.err},
                         stays ? nullptr : request.directory.c_str(),
                         request.leads == LaunchRequest::Leads::session};
  try {
    boost::asio::io_context context;
    bp::posix::default_launcher launcher;
    launcher.env = environment.data();
    boost::system::error_code failure;
    // Given the executor, not the context: the overload for a context throws its errors.
    auto process = launcher(context.get_executor(), failure, path, arguments, setup);
    if (failure) {
      // Boost 1.81 leaves the child that could not exec behind.
      if (launcher.pid > 0) waitpid(launcher.pid, nullptr, 0);
      return not_started(program, failure.value());
    }
    const int pid = process.id();
    process.detach();
    Child child(pid, Descriptor(open_pidfd(pid)));
    if (!child.ended_) return not_started(program, errno);
    return child;
  } catch (const std::exception& error) {
    return Error{"process-failed", "cannot run " + program, error.what()};
  }
}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), ended_(std::move(other.ended_)) {}

Child& Child::operator=(Child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(ended_, other.ended_);
  return *this;
}

Child::~Child() {
  if (pid_ < 0) return;
  signal_group(SIGKILL);
  reap();
}

void Child::signal_group(int signal) const {
  if (pid_ > 0) kill(-pid_, signal);
}

Child::Exit Child::reap() {
  int status = 0;
  while (pid_ > 0 && waitpid(pid_, &status, 0) == -1 && errno == EINTR) continue;
  pid_ = -1;
  if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), WTERMSIG(status)};
  return {WEXITSTATUS(status), 0};
}

namespace {

// One of the child's output streams: keeps what is asked for, drops the rest, and cuts lines.
class Capture {
 public:
  Capture(Descriptor from, const ProcessRequest& request)
      : from_(std::move(from)), request_(request) {
    make_non_blocking(from_);
  }

  int fd() const { return from_.get(); }
  bool truncated() const { return truncated_; }
  std::string take() { return std::move(kept_); }

  // Takes what there is, without waiting; closes at the end. Bounded to as much as a pipe can hold:
  // who writes without end must not keep us from looking at the clock.
  void drain() {
    std::array<char, 16384> buffer;
    for (int reads = 0; from_ && reads < 64; ++reads) {
      const ssize_t count = ::read(from_.get(), buffer.data(), buffer.size());
      if (count > 0) {
        keep({buffer.data(), static_cast<std::size_t>(count)});
      } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
        from_.close();
      } else if (errno == EAGAIN) {
        return;
      }
    }
  }

  // The last line, which no line end may have completed.
  void finish() {
    if (request_.on_line && !line_.empty()) give(line_);
    line_.clear();
  }

 private:
  void keep(std::string_view bytes) {
    const std::size_t room = request_.max_output - std::min(kept_.size(), request_.max_output);
    if (bytes.size() > room) truncated_ = true;
    kept_ += bytes.substr(0, room);
    if (request_.on_line) cut(bytes);
  }

  void cut(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = bytes.find('\n');
      const bool whole = end != std::string_view::npos;
      line_ += bytes.substr(0, end);
      bytes.remove_prefix(whole ? end + 1 : bytes.size());
      if (!whole && line_.size() < kLongestLine) return;
      give(line_);
      line_.clear();
    }
  }

  void give(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    request_.on_line(line);
  }

  Descriptor from_;
  const ProcessRequest& request_;
  std::string kept_;
  std::string line_;  // At most kLongestLine and one read more.
  bool truncated_ = false;
};

// Feeds the child's stdin as fast as it reads, and closes it then.
class Feed {
 public:
  Feed(Descriptor to, std::string_view input) : to_(std::move(to)), rest_(input) {
    if (to_) make_non_blocking(to_);
    if (rest_.empty()) to_.close();
  }

  int fd() const { return to_.get(); }

  void push() {
    while (to_) {
      const ssize_t count = ::write(to_.get(), rest_.data(), rest_.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      // A child that does not read all of its input may have all it needs.
      if (count > 0) rest_.remove_prefix(static_cast<std::size_t>(count));
      if (count < 0 || rest_.empty()) to_.close();
    }
  }

 private:
  Descriptor to_;
  std::string_view rest_;
};

// One run from start to end.
class Run {
 public:
  Run(Child child, Descriptor in, Descriptor out, Descriptor err, const ProcessRequest& request)
      : child_(std::move(child)),
        feed_(std::move(in), request.input),
        out_(std::move(out), request),
        err_(std::move(err), request),
        limit_(request.timeout > Duration::zero() ? instant_after(request.timeout) : std::nullopt) {
  }

  Result<ProcessResult> carry_out(const std::stop_token& stop, const std::string& program) {
    const WithoutSigpipe guard;
    const Patience patience(limit_, stop);
    const Waited ended = pump(patience);
    if (ended != Waited::ready) end_group();
    out_.drain();
    err_.drain();
    const Child::Exit exit = child_.reap();
    out_.finish();
    err_.finish();
    if (ended == Waited::stopped) return Error{"cancelled", "stopped " + program, "cancelled"};
    ProcessResult result;
    result.exit_code = exit.code;
    if (exit.signal != 0) result.signal = exit.signal;
    result.truncated = out_.truncated() || err_.truncated();
    result.output = out_.take();
    result.errors = err_.take();
    result.timed_out = ended == Waited::timeout;
    return result;
  }

 private:
  // Moves bytes until the child has ended. Its end, not that of its pipes: a grandchild may hold
  // those for as long as it likes.
  Waited pump(const Patience& patience) {
    for (;;) {
      std::array<pollfd, 4> fds{{{child_.fd(), POLLIN, 0},
                                 {feed_.fd(), POLLOUT, 0},
                                 {out_.fd(), POLLIN, 0},
                                 {err_.fd(), POLLIN, 0}}};
      const Waited waited = patience.wait(fds);
      if (waited != Waited::ready) return waited;
      if (fds[1].revents != 0) feed_.push();
      if (fds[2].revents != 0) out_.drain();
      if (fds[3].revents != 0) err_.drain();
      if (fds[0].revents != 0) return waited;
    }
  }

  // SIGTERM, and SIGKILL for whoever of the group is left when the child has ended or its grace is
  // over. Only then is the child reaped, so that its number still names this group.
  void end_group() {
    child_.signal_group(SIGTERM);
    pump(Patience(instant_after(kGrace), {}));
    child_.signal_group(SIGKILL);
  }

  Child child_;
  Feed feed_;
  Capture out_, err_;
  std::optional<Instant> limit_;
};

Error no_descriptors(const std::string& program) {
  return {"process-failed", "cannot run " + program, system_reason(errno)};
}

}  // namespace

Result<ProcessResult> RealProcessRunner::run(const ProcessRequest& request, std::stop_token stop) {
  const std::string program = request.argv.empty() ? "" : request.argv.front();
  if (stop.stop_requested()) return Error{"cancelled", "did not run " + program, "cancelled"};
  std::optional<Pipe> in =
      request.input.empty()
          ? Pipe{above_stdio(Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))), {}}
          : make_pipe();
  std::optional<Pipe> out = make_pipe();
  std::optional<Pipe> err = make_pipe();
  if (!in || !in->read || !out || !err) return no_descriptors(program);
  Result<Child> child =
      Child::launch({request.argv, request.directory, request.environment, in->read.get(),
                     out->write.get(), err->write.get(), LaunchRequest::Leads::group});
  if (!child) return child.error();
  in->read.close();
  out->write.close();
  err->write.close();
  Run run(std::move(*child), std::move(in->write), std::move(out->read), std::move(err->read),
          request);
  return run.carry_out(stop, program);
}

Result<ProcessResult> ScriptedProcessRunner::run(const ProcessRequest& request,
                                                 std::stop_token stop) {
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
  }
  if (stop.stop_requested()) return Error{"cancelled", "did not run it", "cancelled"};
  return answer_(request);
}

std::vector<ProcessRequest> ScriptedProcessRunner::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

}  // namespace dockhand::io
