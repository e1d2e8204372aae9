#include "base/human.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

namespace dockhand {
namespace {

using namespace std::chrono_literals;

struct DurationCase {
  Duration duration;
  std::string expected;
};

TEST_CASE("durations are told in at most two units") {
  const std::vector<DurationCase> cases = {
      {0s, "0s"},
      {-5s, "0s"},
      {999ms, "0s"},
      {4s, "4s"},
      {59s + 999ms, "59s"},
      {60s, "1m"},
      {12min + 59s, "12m"},
      {59min + 59s, "59m"},
      {1h, "1h"},
      {1h + 59s, "1h"},
      {2h + 14min + 30s, "2h 14m"},
      {24h, "1d"},
      {24h * 3 + 5h + 59min, "3d 5h"},
      {24h * 7, "1w"},
      {24h * 51 + 23h, "7w 2d"},
      {24h * 365 * 10, "521w 3d"},
      {Duration::min(), "0s"},
      {Duration::max(), "15250w 1d"},
  };
  for (const DurationCase& each : cases) {
    CAPTURE(each.duration.count());
    CHECK(human_duration(each.duration) == each.expected);
  }
}

TEST_CASE("latencies are told in one unit, with one decimal below ten") {
  const std::vector<DurationCase> cases = {
      {0ns, "0 ms"},      {-1ms, "0 ms"},        {1ns, "<0.1 ms"},   {99us, "<0.1 ms"},
      {100us, "0.1 ms"},  {412us, "0.4 ms"},     {4ms, "4 ms"},      {4040us, "4 ms"},
      {4260us, "4.3 ms"}, {9949us, "9.9 ms"},    {9950us, "10 ms"},  {380ms, "380 ms"},
      {999ms, "999 ms"},  {999'499us, "999 ms"}, {999'500us, "1 s"}, {1234ms, "1.2 s"},
      {9960ms, "10 s"},   {31s + 400ms, "31 s"},
  };
  for (const DurationCase& each : cases) {
    CAPTURE(each.duration.count());
    CHECK(human_latency(each.duration) == each.expected);
  }
}

struct BytesCase {
  std::uint64_t bytes;
  std::string expected;
};

TEST_CASE("sizes are told in powers of 1024") {
  const std::uint64_t kibi = 1024, mebi = kibi * 1024, gibi = mebi * 1024;
  const std::vector<BytesCase> cases = {
      {0, "0 B"},
      {512, "512 B"},
      {1023, "1023 B"},
      {1024, "1 KiB"},
      {1536, "1.5 KiB"},
      {10 * kibi, "10 KiB"},
      {mebi - 1, "1 MiB"},
      {64 * mebi, "64 MiB"},
      {gibi + 429'496'730, "1.4 GiB"},
      {std::numeric_limits<std::uint64_t>::max(), "16 EiB"},
  };
  for (const BytesCase& each : cases) {
    CAPTURE(each.bytes);
    CHECK(human_bytes(each.bytes) == each.expected);
  }
}

TEST_CASE("counts agree with their noun") {
  CHECK(human_count(0, "restart") == "0 restarts");
  CHECK(human_count(1, "restart") == "1 restart");
  CHECK(human_count(3, "restart") == "3 restarts");
}

}  // namespace
}  // namespace dockhand
