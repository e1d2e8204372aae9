#include "io/watch.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "io/environment.h"
#include "io/process.h"

namespace dockhand::io {
namespace {

TEST_CASE("the end of a process is noticed") {
  // The child says its own id, and lives for as long as somebody may want to see it alive.
  std::int64_t child = 0;
  bool ended = false;
  std::jthread watcher;
  ProcessRequest request;
  request.argv = {"/bin/sh", "-c", "echo $$; exec sleep 0.3"};
  request.on_line = [&](std::string_view line) {
    child = std::stoll(std::string(line));
    watcher = std::jthread([&] { ended = wait_for_process_end(child, {}); });
  };
  RealProcessRunner runner;
  REQUIRE(runner.run(request));
  watcher.join();
  CHECK(child > 0);
  CHECK(ended);
}

TEST_CASE("watching a process ends when it is told to") {
  std::stop_source source;
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    source.request_stop();
  });
  CHECK_FALSE(wait_for_process_end(::getpid(), source.get_token()));
}

TEST_CASE("a process that is not there is not watched") {
  CHECK_FALSE(wait_for_process_end(2'000'000'000, {}));
  CHECK_FALSE(wait_for_process_end(-1, {}));
}

}  // namespace
}  // namespace dockhand::io
