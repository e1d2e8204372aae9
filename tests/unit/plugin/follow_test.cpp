#include "plugin/commands/follow.h"

#include <doctest/doctest.h>

#include "base/human.h"
#include "reports.h"

using namespace dockhand;
using namespace dockhand::plugin;
using namespace std::chrono_literals;

namespace {

const Time kNow{std::chrono::hours(500'000)};

Duration patience(Duration age, const std::string& notice = "") {
  explain::ProjectReport project;
  project.notice = notice;
  explain::ServiceReport service = reports::good("web", "", human_duration(age), "");
  service.started_at = kNow - age;
  project.services = {service};
  return until_words_change({project}, kNow);
}

}  // namespace

TEST_CASE("a screen sleeps until one of its durations reads differently") {
  CHECK(patience(12s) == 1s);
  CHECK(patience(59s) == 1s);
  CHECK(patience(60s) == 60s);
  CHECK(patience(3h + 20s) == 40s);
  CHECK(patience(25h) == 1h);
  CHECK(patience(24h * 30) == 24h);
  CHECK(patience(25h, "lost the Engine 12s ago") == 1s);
  CHECK(patience(25h, "lost the Engine 11m ago") == 60s);
  CHECK(patience(25h, "shops in 4 ms") == 60s);
}

TEST_CASE("clocks with beginnings of their own tick together") {
  CHECK(patience(12s + 300ms) == 1s);
  CHECK(patience(12s + 900ms) == 1s);
  CHECK(patience(61s) == 60s);
  CHECK(patience(3h + 21s) == 40s);
}

TEST_CASE("a shown duration is late by less than a second, or ten where no seconds are shown") {
  for (Duration age = 0s; age < 200s; age += 7100ms) {
    const Duration wait = patience(age);
    const Duration late = age < 60s ? 1s : 10s;
    CHECK(human_duration(age) != human_duration(age + wait));
    CHECK(human_duration(age) == human_duration(std::max(age, age + wait - late - 1ms)));
  }
}
