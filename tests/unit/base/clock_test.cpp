#include "base/clock.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

namespace dockhand {
namespace {

using namespace std::chrono_literals;

Time at(std::int64_t seconds, std::int64_t nanos = 0) {
  return Time(Duration(seconds * 1'000'000'000 + nanos));
}

struct ReadCase {
  std::string text;
  std::optional<Time> expected;
};

TEST_CASE("RFC 3339 times are read as the Engine writes them, and nothing else is") {
  const std::vector<ReadCase> cases = {
      {"1970-01-01T00:00:00Z", at(0)},
      {"2026-11-21T09:34:31.482Z", at(1795253671, 482'000'000)},
      {"2026-11-21T09:34:31.482000001Z", at(1795253671, 482'000'001)},
      {"2026-11-21T09:34:31.4Z", at(1795253671, 400'000'000)},
      {"2026-11-21T10:34:31+01:00", at(1795253671)},
      {"2026-11-21T04:04:31-05:30", at(1795253671)},
      {"2026-11-21t09:34:31z", at(1795253671)},
      {"2026-11-21 09:34:31Z", at(1795253671)},
      {"1969-12-31T23:59:59.5Z", at(-1, 500'000'000)},
      {"2000-02-29T00:00:00Z", at(951782400)},
      {"2024-02-29T12:00:00Z", at(1709208000)},
      {"1999-12-31T23:59:60Z", at(946684800)},
      {"2262-01-01T00:00:00Z", at(9214646400)},
      // Docker's "never", and what 64 bits of nanoseconds cannot hold.
      {"0001-01-01T00:00:00Z", std::nullopt},
      {"0001-01-01T00:00:00.000000001Z", std::nullopt},
      {"9999-12-31T23:59:59Z", std::nullopt},
      {"1600-01-01T00:00:00Z", std::nullopt},
      {"2026-02-29T00:00:00Z", std::nullopt},
      {"1900-02-29T00:00:00Z", std::nullopt},
      {"2026-13-01T00:00:00Z", std::nullopt},
      {"2026-00-01T00:00:00Z", std::nullopt},
      {"2026-01-32T00:00:00Z", std::nullopt},
      {"2026-04-31T00:00:00Z", std::nullopt},
      {"2026-01-01T24:00:00Z", std::nullopt},
      {"2026-01-01T00:60:00Z", std::nullopt},
      {"2026-01-01T00:00:61Z", std::nullopt},
      {"2026-01-01T00:00:00", std::nullopt},
      {"2026-01-01T00:00:00.Z", std::nullopt},
      {"2026-01-01T00:00:00.1234567890Z", std::nullopt},
      {"2026-01-01T00:00:00+1:00", std::nullopt},
      {"2026-01-01T00:00:00+24:00", std::nullopt},
      {"2026-01-01T00:00:00Z ", std::nullopt},
      {" 2026-01-01T00:00:00Z", std::nullopt},
      {"2026-01-01", std::nullopt},
      {"+026-01-01T00:00:00Z", std::nullopt},
      {"", std::nullopt},
  };
  for (const ReadCase& each : cases) {
    CAPTURE(each.text);
    CHECK(parse_rfc3339(each.text) == each.expected);
  }
}

TEST_CASE("times are written in UTC with milliseconds, rounded down") {
  CHECK(format_rfc3339(at(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(format_rfc3339(at(1795253671, 482'999'999)) == "2026-11-21T09:34:31.482Z");
  CHECK(format_rfc3339(at(-1, 999'999'999)) == "1969-12-31T23:59:59.999Z");
  CHECK(format_rfc3339(at(951782399)) == "2000-02-28T23:59:59.000Z");
  CHECK(format_rfc3339(at(951782400)) == "2000-02-29T00:00:00.000Z");
  CHECK(format_rfc3339(Time(Duration::max())) == "2262-04-11T23:47:16.854Z");
  CHECK(format_rfc3339(Time(Duration::min())) == "1677-09-21T00:12:43.145Z");
}

TEST_CASE("what is written is read again, on every day of four centuries") {
  bool all_equal = true;
  for (std::int64_t day = -365 * 200; day < 365 * 200; ++day) {
    const Time time = at(day * 86'400 + 12'345);
    all_equal = all_equal && parse_rfc3339(format_rfc3339(time)) == time;
  }
  CHECK(all_equal);
}

TEST_CASE("the local clock follows the zone of the process") {
  const char* const before = std::getenv("TZ");
  const std::string saved = before ? before : "";
  setenv("TZ", "UTC-2", 1);
  tzset();
  CHECK(format_local_clock(at(1795253671)) == "11:34:31");
  if (before) {
    setenv("TZ", saved.c_str(), 1);
  } else {
    unsetenv("TZ");
  }
  tzset();
}

struct DurationCase {
  std::string text;
  std::optional<Duration> expected;
};

TEST_CASE("durations are read as Go and Compose write them") {
  const std::vector<DurationCase> cases = {
      {"0", 0ns},
      {"0s", 0ns},
      {"30s", 30s},
      {"1h30m", 1h + 30min},
      {"1.5s", 1500ms},
      {".5s", 500ms},
      {"1.s", 1s},
      {"300ms", 300ms},
      {"10us", 10us},
      {"10\u00b5s", 10us},
      {"10\u03bcs", 10us},
      {"7ns", 7ns},
      {"1m1ms", 1min + 1ms},
      {"2h3h", 5h},
      {"1d", 24h},
      {"2w", 24h * 14},
      {"0.000000001s", 1ns},
      {"0.0000000001s", 0ns},
      {"2562047h", 2562047h},
      {"2562048h", std::nullopt},
      {"9223372036854775807ns", Duration::max()},
      {"9223372036854775808ns", std::nullopt},
      {"99999999999999999999s", std::nullopt},
      {"", std::nullopt},
      {"30", std::nullopt},
      {"s", std::nullopt},
      {".s", std::nullopt},
      {"-1s", std::nullopt},
      {"+1s", std::nullopt},
      {"1 s", std::nullopt},
      {"1s ", std::nullopt},
      {"1x", std::nullopt},
      {"1S", std::nullopt},
      {"1m30", std::nullopt},
  };
  for (const DurationCase& each : cases) {
    CAPTURE(each.text);
    CHECK(parse_go_duration(each.text) == each.expected);
  }
}

TEST_CASE("a manual clock moves both its hands, and only when told to") {
  ManualClock clock(at(100));
  const Instant start = clock.instant();
  CHECK(clock.now() == at(100));
  clock.advance(1500ms);
  CHECK(clock.now() == at(101, 500'000'000));
  CHECK(clock.instant() - start == 1500ms);
}

TEST_CASE("the system's clock goes forward") {
  const SystemClock clock;
  const Instant before = clock.instant();
  CHECK(clock.now() > at(1'700'000'000));
  CHECK(clock.instant() >= before);
}

}  // namespace
}  // namespace dockhand
