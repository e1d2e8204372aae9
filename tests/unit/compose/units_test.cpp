#include "compose/canonical/units.h"

#include <doctest/doctest.h>

using namespace dockhand;
using namespace dockhand::compose;

TEST_CASE("sizes") {
  struct Row {
    std::string_view text;
    std::int64_t bytes;
  };
  const Row rows[] = {
      {"0", 0},
      {"100", 100},
      {"-1", -1},
      {"1b", 1},
      {"1k", 1024},
      {"1K", 1024},
      {"1kb", 1024},
      {"1KiB", 1024},
      {"1.5g", 1610612736},
      {"512 m", 536870912},
      {"2T", 2199023255552},
      {"1p", 1125899906842624},
      {".5k", 512},
      {"1.k", 1024},
      {"1e3", 1000},
      {"1.9", 1},
      {"9223372036854775807", 9223372036854775807},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(parse_bytes(row.text) == row.bytes);
  }
  for (const std::string_view bad : {"", "k", "many", "1x", "1kbb", "1kib2", "1 kibi", "-1k", "1bb",
                                     "++1k", "1,5g", "1e30g", "nan", "9999999999999999999999k"}) {
    CAPTURE(bad);
    CHECK(parse_bytes(bad) == std::nullopt);
  }
}

TEST_CASE("durations as Go writes them") {
  using namespace std::chrono_literals;
  struct Row {
    Duration duration;
    std::string_view text;
  };
  const Row rows[] = {
      {0s, "0s"},
      {1ns, "1ns"},
      {1500ns, "1.5µs"},
      {100us, "100µs"},
      {300ms, "300ms"},
      {1500us, "1.5ms"},
      {1s, "1s"},
      {1500ms, "1.5s"},
      {90s, "1m30s"},
      {60s, "1m0s"},
      {1h, "1h0m0s"},
      {24h + 1s, "24h0m1s"},
      {-90s, "-1m30s"},
      {Duration::max(), "2562047h47m16.854775807s"},
      {Duration::min(), "-2562047h47m16.854775808s"},
  };
  for (const Row& row : rows) CHECK(to_go_text(row.duration) == row.text);
}

TEST_CASE("numbers of either precision") {
  CHECK(to_go_text(0.1F) == "0.1");
  CHECK(to_go_text(0.1) == "0.1");
  CHECK(to_go_text(2.0F) == "2");
}
