#include "base/pace.h"

#include <doctest/doctest.h>

#include <vector>

namespace dockhand {

using namespace std::chrono_literals;

// When something happens that wants to at each of these times, in ms.
std::vector<int> happenings(const std::vector<int>& wanted) {
  Pace pace(250ms);
  std::vector<int> happened;
  const Instant start{1h};
  Instant now = start;
  for (const int at : wanted) {
    now = std::max({now, start + std::chrono::milliseconds(at), pace.next()});
    pace.happened(now);
    happened.push_back(static_cast<int>((now - start) / 1ms));
  }
  return happened;
}

TEST_CASE("a few at once, then one in each pause") {
  CHECK(happenings({0}) == std::vector<int>{0});
  CHECK(happenings({0, 0, 0, 0, 0}) == std::vector<int>{0, 0, 0, 250, 500});
  CHECK(happenings({0, 100, 200, 210}) == std::vector<int>{0, 100, 200, 250});
  // What was saved up does not grow beyond that.
  CHECK(happenings({0, 10'000, 10'000, 10'000, 10'000}) ==
        std::vector<int>{0, 10'000, 10'000, 10'000, 10'250});
}

}  // namespace dockhand
