#include "plugin/commands/follow.h"

#include <doctest/doctest.h>

#include "base/human.h"
#include "reports.h"

using namespace dockhand;
using namespace dockhand::plugin;
using namespace std::chrono_literals;

namespace {

const Time kNow{std::chrono::hours(500'000)};

Duration patience(Duration age, const std::string& reason = "") {
  explain::ProjectReport project;
  explain::ServiceReport service = reports::good("web", "", human_duration(age), "");
  service.started_at = kNow - age;
  service.reason = reason;
  project.services = {service};
  return until_words_change({project}, kNow);
}

}  // namespace

TEST_CASE("a screen sleeps until one of its durations reads differently") {
  CHECK(patience(12s + 300ms) == 700ms);
  CHECK(patience(59s) == 1s);
  CHECK(patience(61s) == 59s);
  CHECK(patience(3h + 20s) == 40s);
  CHECK(patience(25h) == 1h);
  CHECK(patience(24h * 30) == 24h);
  CHECK(patience(3h, "unhealthy for 12s") == 1s);
  CHECK(patience(25h, "last ok 11m ago") == 60s);
  CHECK(patience(3h, "shops in 4 ms") == 60s);
}

TEST_CASE("words stay true until the shown duration changes") {
  for (Duration age = 0s; age < 200s; age += 7100ms) {
    const Duration wait = patience(age);
    CHECK(human_duration(age) == human_duration(age + wait - 1ms));
    CHECK(human_duration(age) != human_duration(age + wait));
  }
}
