#include "health/latency.h"

#include <doctest/doctest.h>

using namespace dockhand;
using namespace std::chrono_literals;

TEST_CASE("fewer than ten samples prove nothing") {
  health::LatencyWindow window;
  CHECK_FALSE(window.last());
  for (int i = 0; i < 9; ++i) window.add(1ms);
  CHECK(window.last() == 1ms);
  CHECK_FALSE(window.percentiles());
  window.add(1ms);
  CHECK(window.percentiles());
}

TEST_CASE("percentiles are of the nearest rank") {
  health::LatencyWindow window;
  for (int i = 100; i >= 1; --i) window.add(std::chrono::milliseconds(i));
  CHECK(window.percentiles()->p50 == 50ms);
  CHECK(window.percentiles()->p90 == 90ms);
  CHECK(window.percentiles()->p99 == 99ms);
  CHECK(window.last() == 1ms);
}

TEST_CASE("of ten samples the ninth is p90 and the tenth p99") {
  health::LatencyWindow window;
  for (int i = 1; i <= 10; ++i) window.add(std::chrono::milliseconds(i));
  CHECK(window.percentiles()->p50 == 5ms);
  CHECK(window.percentiles()->p90 == 9ms);
  CHECK(window.percentiles()->p99 == 10ms);
}

TEST_CASE("the oldest samples make room") {
  health::LatencyWindow window;
  for (int i = 0; i < 1000; ++i) window.add(1s);
  for (std::size_t i = 0; i < health::LatencyWindow::kCapacity; ++i) window.add(1ms);
  CHECK(window.size() == health::LatencyWindow::kCapacity);
  CHECK(window.percentiles()->p99 == 1ms);
}

TEST_CASE("latencies that no clock should give are held within bounds") {
  health::LatencyWindow window;
  window.add(-5s);
  CHECK(window.last() == 0ms);
  window.add(100h);
  CHECK(*window.last() > 1h);
}
