#include "spec/catalogue.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "spec/catalogue_reader.h"

namespace dockhand::spec {
namespace {

TEST_CASE("the catalogue has no mistake of its own") {
  const Catalogue catalogue = read_catalogue(catalogue_text());
  CHECK(join(catalogue.problems, "\n") == "");
}

TEST_CASE("a key is found by its path") {
  const Key* version = find({"version"});
  REQUIRE(version);
  CHECK(has(version->shape->kinds, Kind::string));
  CHECK_FALSE(version->deprecated.empty());
  CHECK_FALSE(find({"bogus"}));
}

}  // namespace
}  // namespace dockhand::spec
