#include "base/result.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "base/range.h"

namespace dockhand {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return Error{"odd", "cannot halve it"};
  return number / 2;
}

TEST_CASE("a result is its value or its error") {
  CHECK(*half_of(4) == 2);
  CHECK(half_of(3).error().code == "odd");
  CHECK(half_of(3).value_or(7) == 7);
  CHECK(half_of(4).value_or(7) == 2);
  CHECK_THROWS_AS((void)*half_of(3), std::bad_variant_access);
  CHECK_THROWS_AS((void)half_of(4).error(), std::bad_variant_access);
}

TEST_CASE("a result hands on what can only be moved") {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = *std::move(result);
  CHECK(*taken == 5);
}

TEST_CASE("success needs no value") {
  CHECK(Result<void>());
  CHECK_FALSE(Result<void>(Error{"code", "what"}));
}

TEST_CASE("ranges are half-open, and touched at both ends") {
  const Range range{2, 5};
  CHECK(range.size() == 3);
  CHECK(range.contains(2));
  CHECK_FALSE(range.contains(5));
  CHECK(range.touches(5));
  CHECK_FALSE(range.touches(6));
  CHECK(Range{3, 3}.empty());
}

}  // namespace
}  // namespace dockhand
