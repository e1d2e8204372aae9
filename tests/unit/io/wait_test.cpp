#include "io/wait.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <array>
#include <thread>

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

TEST_CASE("waiting ends when a descriptor is ready, the time is over, or somebody stops it") {
  const Flag flag;
  std::stop_source stop;
  Patience patience(instant_after(20ms), stop.get_token());
  CHECK(patience.state() == Waited::ready);
  CHECK(patience.wait(flag.fd(), POLLIN) == Waited::timeout);
  CHECK(patience.state() == Waited::timeout);
  patience.set_deadline(std::nullopt);
  flag.raise();
  CHECK(patience.wait(flag.fd(), POLLIN) == Waited::ready);
  std::thread stopper([&] {
    std::this_thread::sleep_for(20ms);
    stop.request_stop();
  });
  const Flag other;
  CHECK(patience.wait(other.fd(), POLLIN) == Waited::stopped);
  stopper.join();
  // A stop says more than what is ready.
  CHECK(patience.wait(flag.fd(), POLLIN) == Waited::stopped);
  CHECK(patience.state() == Waited::stopped);
}

TEST_CASE("each descriptor tells its own events") {
  const Flag raised, silent;
  raised.raise();
  const Patience patience(std::nullopt, {});
  std::array<pollfd, 3> fds{{{silent.fd(), POLLIN, 0}, {-1, POLLIN, 0}, {raised.fd(), POLLIN, 0}}};
  CHECK(patience.wait(fds) == Waited::ready);
  CHECK(fds[0].revents == 0);
  CHECK(fds[1].revents == 0);
  CHECK(fds[2].revents == POLLIN);
}

TEST_CASE("times beyond what the clock can hold are no deadline") {
  CHECK_FALSE(instant_after(Duration::max()));
  CHECK(instant_after(Duration::min()));
  CHECK(poll_timeout(std::nullopt) == -1);
  CHECK(poll_timeout(instant_after(-5s)) == 0);
  CHECK(poll_timeout(Instant::max()) > 0);
  const Patience patience(instant_after(1h), {});
  CHECK(patience.earlier_of(2h) == patience.deadline());
  CHECK(patience.earlier_of(1s) < patience.deadline());
}

TEST_CASE("a stop is seen even when there was no descriptor that could wake us") {
  const int lowest = dup(STDIN_FILENO);
  close(lowest);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(lowest);
  std::stop_source stop;
  setrlimit(RLIMIT_NOFILE, &none);
  const Patience patience(std::nullopt, stop.get_token());
  setrlimit(RLIMIT_NOFILE, &before);
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  CHECK(patience.wait({}, std::nullopt) == Waited::stopped);
  stopper.join();
}

TEST_CASE("reasons continue a sentence") {
  CHECK(system_reason(EACCES) == "permission denied");
  CHECK(system_reason(ENOENT) == "no such file or directory");
}

}  // namespace
}  // namespace dockhand::io
