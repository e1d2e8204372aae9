#include "io/process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "io/test_server.h"

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

// With a PATH, because the tests use the system's programs.
Environment some_environment() {
  return Environment({{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LC_ALL", "C"}});
}

ProcessRequest request_for(std::vector<std::string> argv) {
  return {.argv = std::move(argv), .environment = some_environment()};
}

// The script is a constant of the test and takes its data from the arguments.
ProcessRequest shell(std::string script) {
  return request_for({"/bin/sh", "-c", std::move(script)});
}

Result<ProcessResult> run(const ProcessRequest& request, std::stop_token stop = {}) {
  return RealProcessRunner().run(request, std::move(stop));
}

void write_script(const std::string& path, std::string_view text, mode_t mode) {
  // Written through a descriptor that is closed before anything runs, else it is a busy text file.
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  close(fd);
  REQUIRE(chmod(path.c_str(), mode) == 0);
}

TEST_CASE("output, errors and exit code come back apart") {
  const auto result = run(shell("echo out; echo err >&2; exit 3"));
  REQUIRE(result);
  CHECK(result->exit_code == 3);
  CHECK_FALSE(result->signal);
  CHECK(result->output == "out\n");
  CHECK(result->errors == "err\n");
  CHECK_FALSE(result->timed_out);
  CHECK_FALSE(result->truncated);
}

TEST_CASE("arguments arrive as they are") {
  const auto result = run(request_for({"printf", "%s|", "a b", "", "$HOME", "`id`", "*", "\n"}));
  REQUIRE(result);
  CHECK(result->output == "a b||$HOME|`id`|*|\n|");
}

TEST_CASE("the environment is the given one, whole and alone") {
  ProcessRequest request = request_for({"/usr/bin/env"});
  request.environment = Environment({{"A", "1"}, {"B", "x=y z"}});
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->output == "A=1\nB=x=y z\n");
}

TEST_CASE("the directory is the given one") {
  const TempDirectory directory;
  ProcessRequest request = request_for({"/bin/pwd"});
  request.directory = directory.path();
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->output == directory.path() + "\n");
}

TEST_CASE("why a program could not be run") {
  const TempDirectory directory;
  write_script(directory / "plain", "#!/bin/sh\n", 0644);
  write_script(directory / "orphan", "#!/no/such/interpreter\n", 0755);
  struct Case {
    std::vector<std::string> argv;
    std::string directory, code, why;
  };
  const std::vector<Case> cases = {
      {{"no-such-program"}, "", "process-missing", "no such program in PATH"},
      {{directory / "none"}, "", "process-missing", "no such file"},
      {{""}, "", "process-missing", "no such program in PATH"},
      {{}, "", "process-missing", "no such program in PATH"},
      {{directory / "plain"}, "", "process-denied", "is not an executable file"},
      {{directory.path()}, "", "process-denied", "is not an executable file"},
      {{directory / "orphan"}, "", "process-failed", "its interpreter is missing"},
      {{"true"}, directory / "none", "process-failed", "no such directory"},
      {{"true", std::string("a\0b", 3)}, "", "process-failed", "invalid argument"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.why);
    ProcessRequest request = request_for(each.argv);
    request.directory = each.directory;
    const auto result = run(request);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == each.code);
    CHECK(result.error().why.find(each.why) != std::string::npos);
  }
}

TEST_CASE("programs are found in the PATH of the given environment") {
  const TempDirectory directory;
  write_script(directory / "tool", "#!/bin/sh\necho mine\n", 0755);
  write_script(directory / "data", "", 0644);
  Environment environment;
  environment.set("PATH", "/nowhere::" + directory.path());
  CHECK(find_program("tool", environment) == directory / "tool");
  CHECK(find_program("data", environment).empty());
  CHECK(find_program("sh", environment).empty());
  CHECK(find_program("", environment).empty());
  CHECK(find_program("/bin/sh", environment) == "/bin/sh");
  CHECK(find_program("tool", Environment()).empty());
}

TEST_CASE("a signal that ends a child is its exit code") {
  const auto result = run(shell("kill -KILL $$"));
  REQUIRE(result);
  CHECK(result->exit_code == 137);
  CHECK(result->signal == SIGKILL);
}

TEST_CASE("input of any size is fed, while output is read") {
  ProcessRequest request = request_for({"cat"});
  for (int i = 0; i < 300'000; ++i) request.input += "line " + std::to_string(i) + "\n";
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->output == request.input);
}

TEST_CASE("a child that does not want its input may leave it") {
  ProcessRequest request = request_for({"true"});
  request.input = std::string(1'000'000, 'x');
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->exit_code == 0);
}

TEST_CASE("without input a child reads the end at once") {
  const auto result = run(request_for({"cat"}));
  REQUIRE(result);
  CHECK(result->exit_code == 0);
  CHECK(result->output.empty());
}

TEST_CASE("what goes beyond the bound is read and dropped, and the child ends as it would") {
  ProcessRequest request = shell("head -c 3000000 /dev/zero; echo done >&2");
  request.max_output = 1000;
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->exit_code == 0);
  CHECK(result->output == std::string(1000, '\0'));
  CHECK(result->errors == "done\n");
  CHECK(result->truncated);
  request.max_output = 3'000'000;
  CHECK_FALSE(run(request)->truncated);
}

TEST_CASE("lines are handed on as they come, from the calling thread") {
  std::vector<std::string> lines;
  const std::thread::id here = std::this_thread::get_id();
  bool elsewhere = false;
  ProcessRequest request = shell("echo one; printf 'two\\r\\nthr' >&2; sleep 0.05; printf ee >&2");
  request.on_line = [&](std::string_view line) {
    lines.emplace_back(line);
    elsewhere = elsewhere || std::this_thread::get_id() != here;
  };
  REQUIRE(run(request));
  CHECK(std::count(lines.begin(), lines.end(), "one") == 1);
  std::erase(lines, "one");
  CHECK(lines == std::vector<std::string>{"two", "three"});
  CHECK_FALSE(elsewhere);
}

TEST_CASE("a line comes before the child ends") {
  std::stop_source stop;
  ProcessRequest request = shell("echo ready; exec sleep 60");
  request.on_line = [&](std::string_view line) {
    if (line == "ready") stop.request_stop();
  };
  CHECK(run(request, stop.get_token()).error().code == "cancelled");
}

TEST_CASE("a line without end comes in pieces") {
  ProcessRequest request = shell("head -c 200000 /dev/zero");
  std::size_t longest = 0, all = 0;
  request.on_line = [&](std::string_view line) {
    longest = std::max(longest, line.size());
    all += line.size();
  };
  REQUIRE(run(request));
  CHECK(all == 200'000);
  CHECK(longest <= 90'000);
}

TEST_CASE("a child that takes too long is asked to end") {
  ProcessRequest request = shell("trap 'echo asked; exit 7' TERM; echo up; sleep 60 & wait");
  request.timeout = 300ms;
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->timed_out);
  CHECK(result->exit_code == 7);
  CHECK(result->output == "up\nasked\n");
}

TEST_CASE("a child that does not heed is killed with its whole group") {
  const TempDirectory directory;
  ProcessRequest request =
      shell("trap '' TERM; sleep 60 & echo $! > \"$FILE\"; echo $$; while :; do wait; done");
  request.environment.set("FILE", directory / "pid");
  request.timeout = 200ms;
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->timed_out);
  CHECK(result->signal == SIGKILL);
  int grandchild = 0;
  std::ifstream(directory / "pid") >> grandchild;
  REQUIRE(grandchild > 0);
  CHECK(becomes_true([&] { return !is_alive(grandchild); }));
}

TEST_CASE("a child that writes without end is stopped all the same") {
  ProcessRequest request = request_for({"yes"});
  request.timeout = 200ms;
  request.max_output = 100;
  const auto result = run(request);
  REQUIRE(result);
  CHECK(result->timed_out);
  CHECK(result->truncated);
}

TEST_CASE("a grandchild that holds the pipes is not waited for, and lives on") {
  const Instant start = std::chrono::steady_clock::now();
  const auto result = run(shell("sleep 30 & echo $!"));
  REQUIRE(result);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  const auto grandchild = parse_integer(trim(result->output));
  REQUIRE(grandchild);
  CHECK(is_alive(static_cast<int>(*grandchild)));
  kill(static_cast<int>(*grandchild), SIGKILL);
}

TEST_CASE("a stop ends the child, or keeps it from being started") {
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  CHECK(run(request_for({"sleep", "60"}), stop.get_token()).error().code == "cancelled");
  stopper.join();
  CHECK(run(request_for({"sleep", "60"}), stop.get_token()).error().code == "cancelled");
}

TEST_CASE("a child has its three descriptors and no other") {
  // Descriptors without close-on-exec, as other libraries make them.
  const int leaky = open("/dev/null", O_RDONLY);
  const auto result = run(request_for({"ls", "-l", "/proc/self/fd"}));
  close(leaky);
  REQUIRE(result);
  std::string found;
  for (const std::string_view line : split_lines(result->output)) {
    const std::size_t arrow = line.find(" -> ");
    // What `ls` itself has opened is the directory that it lists.
    if (arrow == std::string_view::npos || line.substr(arrow + 4).starts_with("/proc/")) continue;
    found += line.substr(line.rfind(' ', arrow - 1), 2);
  }
  CHECK(found == " 0 1 2");
}

TEST_CASE("children that are started at the same moment share no pipe") {
  // A short child would wait for a long one that had inherited its pipe's end.
  std::atomic<bool> done{false};
  std::stop_source stop;
  std::thread long_lived([&] {
    while (!done) {
      ProcessRequest request = request_for({"sleep", "60"});
      std::stop_source inner;
      std::thread stopper([&] {
        std::this_thread::sleep_for(20ms);
        inner.request_stop();
      });
      (void)run(request, inner.get_token());
      stopper.join();
    }
  });
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int spawn = 0; spawn < 45; ++spawn) {
        ProcessRequest request = request_for({"cat"});
        request.input = "hello";
        request.timeout = 20s;
        // `cat` ends only when the last copy of its stdin's other end is closed.
        const auto result = run(request);
        good += result && !result->timed_out && result->output == "hello" ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  done = true;
  long_lived.join();
  CHECK(good == 180);
}

TEST_CASE("a child starts with its signals at their defaults, and in a group of its own") {
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigaddset(&blocked, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  auto* const old = signal(SIGPIPE, SIG_IGN);
  const auto status = run(request_for({"cat", "/proc/self/status"}));
  const auto stat = run(request_for({"cat", "/proc/self/stat"}));
  signal(SIGPIPE, old);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  REQUIRE(status);
  REQUIRE(stat);
  CHECK(status->output.find("\nSigBlk:\t0000000000000000\n") != std::string::npos);
  CHECK(status->output.find("\nSigIgn:\t0000000000000000\n") != std::string::npos);
  // Its number, name, state, parent and group.
  const auto fields = split(stat->output, ' ');
  REQUIRE(fields.size() > 5);
  CHECK(fields[4] == fields[0]);
}

TEST_CASE("no zombie is left behind, whether a program ran or could not") {
  const TempDirectory directory;
  write_script(directory / "orphan", "#!/no/such/interpreter\n", 0755);
  (void)run(request_for({directory / "orphan"}));
  (void)run(request_for({"true"}));
  ProcessRequest request = request_for({"sleep", "60"});
  request.timeout = 10ms;
  (void)run(request);
  const auto result = run(request_for({"ps", "-o", "stat=", "--ppid", std::to_string(getpid())}));
  REQUIRE(result);
  for (const std::string_view line : split_lines(result->output))
    CHECK_FALSE(line.starts_with('Z'));
}

TEST_CASE("a scripted runner answers and remembers") {
  ScriptedProcessRunner runner([](const ProcessRequest& request) -> Result<ProcessResult> {
    if (request.argv[0] == "bad") return Error{"process-missing", "no"};
    ProcessResult result;
    result.output = request.argv[0];
    return result;
  });
  CHECK(runner.run(request_for({"good"}))->output == "good");
  CHECK(runner.run(request_for({"bad"})).error().code == "process-missing");
  std::stop_source stop;
  stop.request_stop();
  CHECK(runner.run(request_for({"late"}), stop.get_token()).error().code == "cancelled");
  REQUIRE(runner.requests().size() == 3);
  CHECK(runner.requests()[2].argv == std::vector<std::string>{"late"});
}

}  // namespace
}  // namespace dockhand::io
