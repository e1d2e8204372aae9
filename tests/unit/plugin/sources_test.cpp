#include "plugin/commands/sources.h"

#include <doctest/doctest.h>

#include "compose/loader.h"

using namespace dockhand;
using namespace dockhand::plugin;

namespace {

// Files in memory are as old as the epoch, so that all of this happens long after they changed.
const Time kNow{std::chrono::hours(500'000)};

struct Shop {
  io::MemoryFileSystem files;
  Target target;

  explicit Shop(compose::LoadOptions options = {.working_directory = "/shop", .files = {}}) {
    files.write("/shop/compose.yaml", "name: shop\nservices: {web: {image: a}}\n");
    files.write("/shop/.env", "TAG=1\n");
    compose::Project project = *compose::load(options, files);
    target = {"shop", std::make_shared<const compose::Project>(std::move(project)), options};
  }
};

}  // namespace

TEST_CASE("files are read again when they change, and only then") {
  Shop shop;
  Sources sources(shop.files, shop.target, kNow);
  CHECK(sources.reread(kNow) == nullptr);

  shop.files.write("/shop/compose.yaml", "name: other\nservices: {web: {}, db: {}}\n");
  const auto edited = sources.reread(kNow);
  REQUIRE(edited);
  CHECK(edited->services.size() == 2);
  CHECK(edited->name == "shop");
  const std::size_t reads = shop.files.reads().size();
  CHECK(sources.reread(kNow) == nullptr);
  CHECK(shop.files.reads().size() == reads);
}

TEST_CASE("what decides beside the Compose file counts too") {
  Shop shop;
  Sources sources(shop.files, shop.target, kNow);
  shop.files.write("/shop/.env", "TAG=2\n");
  CHECK(sources.reread(kNow));
}

TEST_CASE("a file that is gone leaves the project as it was") {
  Shop shop;
  Sources sources(shop.files, shop.target, kNow);
  shop.files.remove("/shop/compose.yaml");
  CHECK(sources.reread(kNow) == nullptr);
  shop.files.write("/shop/compose.yaml", "services: {db: {}}\n");
  CHECK(sources.reread(kNow));
}

TEST_CASE("what changed a moment ago is looked at twice") {
  Shop shop;
  const Time early{std::chrono::milliseconds(300)};  // Soon after the files came to be.
  Sources sources(shop.files, shop.target, early);
  CHECK(sources.unsettled());
  CHECK(sources.reread(early + Sources::kSettling));
  CHECK_FALSE(sources.unsettled());
  CHECK(sources.reread(early + Sources::kSettling) == nullptr);
}

TEST_CASE("a project of which only the containers are known has no files to read") {
  const io::MemoryFileSystem files;
  Sources sources(files, {"shop", nullptr, {}}, kNow);
  CHECK(sources.reread(kNow) == nullptr);
  CHECK_FALSE(sources.unsettled());
}
