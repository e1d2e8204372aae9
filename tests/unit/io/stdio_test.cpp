#include "io/stdio.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"
#include "io/process.h"
#include "io/test_server.h"

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

// Another file in place of one of this process's standard streams, for as long as it lives.
class Instead {
 public:
  Instead(int target, int fd) : target_(target), saved_(fcntl(target, F_DUPFD_CLOEXEC, 3)) {
    std::fflush(nullptr);
    dup2(fd, target);
    close(fd);
  }
  ~Instead() {
    dup2(saved_, target_);
    close(saved_);
  }
  Instead(const Instead&) = delete;
  Instead& operator=(const Instead&) = delete;

 private:
  int target_, saved_;
};

struct Pipe {
  Pipe() {
    std::array<int, 2> fds{};
    REQUIRE(pipe2(fds.data(), O_CLOEXEC) == 0);
    read = fds[0];
    write = fds[1];
  }
  int read, write;
};

TEST_CASE("everything is written, however slowly it is read and whatever the pipe's mode") {
  const Pipe pipe;
  fcntl(pipe.write, F_SETFL, O_NONBLOCK);
  std::string seen;
  std::thread reader([&] {
    std::array<char, 5000> buffer;
    for (ssize_t count = 0; (count = ::read(pipe.read, buffer.data(), buffer.size())) > 0;) {
      seen.append(buffer.data(), static_cast<std::size_t>(count));
    }
  });
  const std::string text(1'000'000, 'x');
  bool good = false;
  {
    const Instead instead(STDOUT_FILENO, pipe.write);
    good = static_cast<bool>(write_stdout(text));
  }
  reader.join();
  close(pipe.read);
  CHECK(good);
  CHECK(seen == text);
}

TEST_CASE("a reader that went away is told from a full disk, and neither ends the process") {
  const Pipe pipe;
  close(pipe.read);
  Result<void> closed, full;
  {
    const Instead instead(STDOUT_FILENO, pipe.write);
    closed = write_stdout("hello");
  }
  {
    const Instead instead(STDERR_FILENO, open("/dev/full", O_WRONLY | O_CLOEXEC));
    full = write_stderr("hello");
  }
  CHECK(closed.error().code == "output-closed");
  CHECK(full.error().code == "output-failed");
  CHECK(full.error().why == "no space left on device");
}

TEST_CASE("the sink writes whole lines") {
  const Pipe pipe;
  {
    const Instead instead(STDERR_FILENO, pipe.write);
    const Logger::Sink sink = stderr_sink();
    sink(LogLevel::error, "one");
    sink(LogLevel::debug, "two");
  }
  std::array<char, 100> buffer{};
  CHECK(::read(pipe.read, buffer.data(), buffer.size()) == 8);
  CHECK(std::string(buffer.data()) == "one\ntwo\n");
  close(pipe.read);
}

TEST_CASE("stdin is read as it comes, and empty at its end") {
  const Pipe pipe;
  const Instead instead(STDIN_FILENO, pipe.read);
  REQUIRE(::write(pipe.write, "hello", 5) == 5);
  CHECK(read_stdin(3) == "hel");
  CHECK(read_stdin(100) == "lo");
  std::thread writer([&] {
    std::this_thread::sleep_for(20ms);
    CHECK(::write(pipe.write, "late", 4) == 4);
    close(pipe.write);
  });
  CHECK(read_stdin(100) == "late");
  writer.join();
  CHECK(read_stdin(100).empty());
  CHECK_FALSE(stdin_is_terminal());
}

TEST_CASE("the size is that of the terminal on stdout") {
  int controller = -1, terminal = -1;
  winsize size{};
  size.ws_col = 101;
  size.ws_row = 33;
  REQUIRE(openpty(&controller, &terminal, nullptr, nullptr, &size) == 0);
  std::optional<TerminalSize> found, none;
  bool is_terminal = false;
  {
    const Instead instead(STDOUT_FILENO, terminal);
    found = terminal_size();
    is_terminal = stdout_is_terminal();
  }
  {
    const Instead instead(STDOUT_FILENO, open("/dev/null", O_WRONLY | O_CLOEXEC));
    none = terminal_size();
  }
  close(controller);
  REQUIRE(found);
  CHECK(found->columns == 101);
  CHECK(found->rows == 33);
  CHECK(is_terminal);
  CHECK_FALSE(none);
}

// Signals are of a whole process. So each of these tests plays its part in a process of its own:
// this very program, told to run the same test and, by a variable, to be the part.

constexpr const char* kPart = "DOCKHAND_TEST_PART";

bool is_part() { return getenv(kPart) != nullptr; }

void say(const std::string& line) { (void)write_stdout("said " + line + "\n"); }

void wait_for(const std::atomic<int>& count, int wanted) {
  for (int i = 0; i < 500 && count < wanted; ++i) std::this_thread::sleep_for(10ms);
}

ProcessResult play_part_of(const std::string& test) {
  std::array<char, 4096> path{};
  REQUIRE(readlink("/proc/self/exe", path.data(), path.size() - 1) > 0);
  ProcessRequest request;
  request.argv = {path.data(), "--test-case=" + test};
  request.environment = Environment::of_process();
  request.environment.set(kPart, "1");
  const Result<ProcessResult> result = RealProcessRunner().run(request);
  REQUIRE(result);
  return *result;
}

// What was said, without what the framework prints.
std::vector<std::string> said(const ProcessResult& result) {
  std::vector<std::string> lines;
  for (const std::string_view line : split_lines(result.output)) {
    if (line.starts_with("said ")) lines.emplace_back(line.substr(5));
  }
  return lines;
}

using Lines = std::vector<std::string>;

void be_stopped_three_times() {
  std::atomic<int> calls{0};
  const auto on_stop = [&](int signal) {
    say("stop " + std::to_string(signal));
    ++calls;
  };
  const auto on_terminal = [&](TerminalEvent event) {
    say(event == TerminalEvent::resized ? "resize" : "suspend");
    ++calls;
  };
  const Signals signals(on_stop, on_terminal);
  int expected = 0;
  for (const int signal : {SIGWINCH, SIGTERM, SIGPIPE, SIGTSTP, SIGINT}) {
    kill(getpid(), signal);
    if (signal != SIGPIPE) wait_for(calls, ++expected);
  }
  say("third");
  kill(getpid(), SIGHUP);
  std::this_thread::sleep_for(20s);
}

TEST_CASE("signals become calls and the third stop ends the process") {
  if (is_part()) return be_stopped_three_times();
  const ProcessResult result =
      play_part_of("signals become calls and the third stop ends the process");
  CHECK(said(result) == Lines{"resize", "stop 15", "suspend", "stop 2", "third"});
  CHECK(result.exit_code == 130);
}

// In a session that nobody can resume it in, the process is not stopped.
void be_suspended_alone() {
  if (const pid_t child = fork(); child != 0) {  // The leader of a group cannot leave its session.
    waitpid(child, nullptr, 0);
    return;
  }
  setsid();
  std::atomic<int> calls{0};
  const Signals signals([](int) {}, [&](TerminalEvent) { ++calls; });
  kill(getpid(), SIGTSTP);
  wait_for(calls, 1);
  suspend_process();
  say("goes on");
  _exit(0);
}

TEST_CASE("a process that nobody could resume is not suspended") {
  if (is_part()) return be_suspended_alone();
  const ProcessResult result = play_part_of("a process that nobody could resume is not suspended");
  CHECK(said(result) == Lines{"goes on"});
}

void be_started_by_nohup() {
  signal(SIGHUP, SIG_IGN);
  std::atomic<int> calls{0};
  const auto on_stop = [&](int number) {
    say("stop " + std::to_string(number));
    ++calls;
  };
  const Signals signals(on_stop, nullptr);
  kill(getpid(), SIGHUP);
  kill(getpid(), SIGINT);
  wait_for(calls, 1);
  std::this_thread::sleep_for(50ms);
}

TEST_CASE("a signal that whoever started us has ignored stays ignored") {
  if (is_part()) return be_started_by_nohup();
  const ProcessResult result =
      play_part_of("a signal that whoever started us has ignored stays ignored");
  CHECK(said(result) == Lines{"stop 2"});
  CHECK(result.exit_code == 0);
}

void outlive_signals() {
  signal(SIGTERM, SIG_DFL);  // The test framework has a handler of its own.
  {
    const Signals signals([](int) { say("stop"); }, nullptr);
  }
  say("gone");
  kill(getpid(), SIGTERM);
  std::this_thread::sleep_for(20s);
}

TEST_CASE("without Signals a signal does what it always did") {
  if (is_part()) return outlive_signals();
  const ProcessResult result = play_part_of("without Signals a signal does what it always did");
  CHECK(said(result) == Lines{"gone"});
  CHECK(result.signal == SIGTERM);
}

}  // namespace
}  // namespace dockhand::io
