#include "lsp/resolve.h"

#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "lsp/options.h"
#include "lsp/resolver.h"
#include "lsp/spotter.h"

namespace dockhand::lsp {
namespace {

constexpr const char* kBase = "services:\n  web: {image: a}\n  db: {image: b}\n";

std::string described(const std::vector<ResolvedProject>& projects) {
  std::string out;
  for (const ResolvedProject& one : projects) {
    if (!out.empty()) out += "; ";
    if (!one.project) {
      out += "!" + one.project.error().code;
      continue;
    }
    out += (*one.project)->name + ":";
    for (const std::string& file : (*one.project)->file_paths) out += " " + io::base_name(file);
  }
  return out;
}

std::string resolved(const io::MemoryFileSystem& files, const std::string& path,
                     std::vector<RunningProject> running = {}) {
  return described(resolve({path, std::move(running)}, {}, files));
}

TEST_CASE("a document belongs to the project that discovery gives for its folder") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/compose.yaml", kBase);
  files.write("/srv/shop/compose.override.yaml", "services:\n  web: {ports: [80]}\n");
  CHECK(resolved(files, "/srv/shop/compose.yaml") == "shop: compose.yaml compose.override.yaml");
  CHECK(resolved(files, "/srv/shop/compose.override.yaml") ==
        "shop: compose.yaml compose.override.yaml");
  const auto one = resolve({"/srv/shop/compose.yaml", {}}, {}, files);
  const auto other = resolve({"/srv/shop/compose.override.yaml", {}}, {}, files);
  CHECK(one.at(0).key == other.at(0).key);
}

TEST_CASE("a file that discovery leaves out is an override, or stands alone") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/compose.yaml", kBase);
  files.write("/srv/shop/compose.prod.yaml", "services:\n  web: {ports: [80]}\n");
  files.write("/srv/shop/compose.test.yaml", "services:\n  probe: {image: c}\n");
  CHECK(resolved(files, "/srv/shop/compose.prod.yaml") == "shop: compose.yaml compose.prod.yaml");
  CHECK(resolved(files, "/srv/shop/compose.test.yaml") == "shop: compose.test.yaml");
}

TEST_CASE("a file that is included belongs to the project that includes it") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/compose.yaml", std::string("include: [compose.db.yaml]\n") + kBase);
  files.write("/srv/shop/compose.db.yaml", "services:\n  cache: {image: c}\n");
  CHECK(resolved(files, "/srv/shop/compose.db.yaml") == "shop: compose.yaml");
}

TEST_CASE("a file in a folder without project stands for itself") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/docker-compose.dev.yml", kBase);
  CHECK(resolved(files, "/srv/shop/docker-compose.dev.yml") == "shop: docker-compose.dev.yml");
}

TEST_CASE("the projects that run and name the file are the ones meant") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/compose.yaml", kBase);
  CHECK(resolved(files, "/srv/shop/compose.yaml",
                 {{"one", "/srv/shop", {"/srv/shop/compose.yaml"}},
                  {"two", "/srv/shop", {"/srv/shop/compose.yaml"}}}) ==
        "one: compose.yaml; two: compose.yaml");
}

TEST_CASE("a file that was started from and is gone is an error of that project") {
  io::MemoryFileSystem files;
  files.write("/srv/shop/compose.yaml", kBase);
  CHECK(resolved(files, "/srv/shop/compose.yaml",
                 {{"one", "/srv/shop", {"/srv/shop/compose.yaml", "/srv/shop/gone.yaml"}}}) ==
        "!compose-no-file");
}

// Collects what a Resolver did, and waits for it.
struct Resolved {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> paths;

  bool wait(std::size_t count) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(20), [&] { return paths.size() >= count; });
  }
};

TEST_CASE("of what is asked while typing only the latest is resolved") {
  Resolved done;
  Resolver resolver(
      [&](const ResolveRequest& request) {
        const std::lock_guard lock(done.mutex);
        done.paths.push_back(request.path);
        return std::vector<ResolvedProject>{};
      },
      [&](const std::string&, std::vector<ResolvedProject>) { done.changed.notify_all(); });
  for (int i = 0; i < 100; ++i) resolver.when_quiet("a", {std::to_string(i), {}});
  REQUIRE(done.wait(1));
  resolver.now("b", {"at once", {}});
  REQUIRE(done.wait(2));
  const std::lock_guard lock(done.mutex);
  CHECK(done.paths.size() < 50);
  CHECK(done.paths.at(done.paths.size() - 2) == "99");
  CHECK(done.paths.back() == "at once");
}

TEST_CASE("what was forgotten is not resolved") {
  Resolved done;
  Resolver resolver(
      [&](const ResolveRequest& request) {
        const std::lock_guard lock(done.mutex);
        done.paths.push_back(request.path);
        return std::vector<ResolvedProject>{};
      },
      [&](const std::string&, std::vector<ResolvedProject>) { done.changed.notify_all(); });
  resolver.when_quiet("a", {"a", {}});
  resolver.forget("a");
  resolver.when_quiet("b", {"b", {}});
  REQUIRE(done.wait(1));
  CHECK(done.paths == std::vector<std::string>{"b"});
}

TEST_CASE("containers that come and go tell of their project and its files") {
  std::vector<std::string> told;
  auto below = std::make_shared<engine::MemoryEngine>();
  SpottingEngine engine(below, [&](const std::string& name, const std::vector<std::string>& files) {
    told.push_back(name + ":" + std::to_string(files.size()));
  });
  engine::Container one;
  one.id = "1";
  one.labels = {{std::string(engine::label::kProject), "shop"},
                {std::string(engine::label::kConfigFiles), "/a,/b"}};
  std::stop_source stop;
  const auto ended = engine.events(
      std::nullopt,
      [&] {
        below->put(one, "create");
        below->put(one, "start");
        one.labels.clear();
        below->put(one, "destroy");
      },
      [&](const engine::Event& event) {
        if (event.action == "destroy") stop.request_stop();
      },
      stop.get_token());
  CHECK(told == std::vector<std::string>{"shop:2"});
}

TEST_CASE("options are read in both spellings, and wrong ones are named") {
  const auto options = parse_options(
      {"--stdio", "--log=debug", "--context", "prod", "--host=tcp://h:1", "--check", "a.yaml"});
  REQUIRE(options);
  CHECK(options->log == LogLevel::debug);
  CHECK(options->flags.context == "prod");
  CHECK(options->flags.host == "tcp://h:1");
  CHECK(options->check == "a.yaml");
  CHECK(parse_options({"--version"})->version);
  CHECK(parse_options({"-h"})->help);
  CHECK(parse_options({"--what"}).error().what == "unknown option --what");
  CHECK(parse_options({"--log", "loud"}).error().what == "--log needs LEVEL");
  CHECK(parse_options({"--check"}).error().what == "--check needs FILE");
}

}  // namespace
}  // namespace dockhand::lsp
