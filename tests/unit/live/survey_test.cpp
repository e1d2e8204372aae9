#include "live/survey.h"

#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "live/builders.h"

using namespace dockhand;
using namespace dockhand::test;
using namespace std::chrono_literals;
using live::State;

namespace {

class CountingProber final : public health::Prober {
 public:
  health::ProbeResult probe(const health::ProbeTarget& target, Duration, std::stop_token) override {
    const std::lock_guard lock(mutex_);
    targets.push_back(target.url.empty() ? target.host : target.url);
    health::ProbeResult result;
    result.word = "200";
    result.status = 200;
    result.latency = 3ms;
    return result;
  }
  std::vector<std::string> targets;

 private:
  std::mutex mutex_;
};

// An Engine on which one container goes between the list and its inspect, or an inspect fails.
class FickleEngine final : public engine::Engine {
 public:
  FickleEngine(engine::MemoryEngine& inner, std::string id, Error error)
      : inner_(inner), id_(std::move(id)), error_(std::move(error)) {}
  const engine::Endpoint& endpoint() const override { return inner_.endpoint(); }
  Result<engine::EngineInfo> info(std::stop_token stop) override { return inner_.info(stop); }
  Result<std::vector<engine::ContainerSummary>> list(const engine::ContainerFilter& filter,
                                                     std::stop_token stop) override {
    return inner_.list(filter, stop);
  }
  Result<engine::Container> inspect(const std::string& id, std::stop_token stop) override {
    if (id == id_) return error_;
    return inner_.inspect(id, stop);
  }
  Result<void> events(std::optional<Time> since, const std::function<void()>& on_open,
                      const std::function<void(const engine::Event&)>& on_event,
                      std::stop_token stop) override {
    return inner_.events(since, on_open, on_event, stop);
  }

 private:
  engine::MemoryEngine& inner_;
  std::string id_;
  Error error_;
};

live::SurveyRequest request(std::shared_ptr<const compose::Project> project = {}) {
  live::SurveyRequest made;
  made.project_name = kShop;
  made.project = std::move(project);
  return made;
}

}  // namespace

TEST_CASE("one look costs one list, one inspect each, and one probe of what runs and publishes") {
  engine::MemoryEngine engine;
  CountingProber prober;
  engine.put(publishing(container("web"), 8080, 80), "");
  engine.put(publishing(ended(container("job"), 0), 8081, 80), "");
  engine.put(container("worker"), "");
  engine.put(container("alien", 1, "other"), "");
  engine::Container run = container("web", 9);
  run.labels[std::string(engine::label::kOneOff)] = "True";
  engine.put(run, "");
  const auto seen = live::survey(engine, prober, SystemClock(),
                                 request(project({service("web"), service("db")})));
  REQUIRE(seen);
  const live::Snapshot& snapshot = **seen;
  CHECK(engine.calls() == engine::MemoryEngine::Calls{1, 1, 3, 0});
  CHECK(prober.targets == std::vector<std::string>{"http://localhost:8080"});
  CHECK(snapshot.engine.connection == live::Connection::connected);
  CHECK(snapshot.engine.listed);
  CHECK(snapshot.services.size() == 4);
  CHECK(snapshot.find("web")->probe->last->word == "200");
  CHECK(snapshot.find("db")->state == State::not_created);
  CHECK_FALSE(snapshot.find("worker")->probe);
}

TEST_CASE("ports that merely stand in the file are not probed") {
  engine::MemoryEngine engine;
  CountingProber prober;
  engine.put(container("web"), "");
  compose::Service web = service("web");
  compose::Port port;
  port.published = port.published_end = port.target = 8080;
  web.ports.push_back(port);
  REQUIRE(live::survey(engine, prober, SystemClock(), request(project({web}))));
  CHECK(prober.targets.empty());
}

TEST_CASE("what goes between list and inspect is simply gone, other failures are passed on") {
  engine::MemoryEngine engine;
  CountingProber prober;
  engine.put(container("web"), "");
  engine.put(container("db"), "");
  FickleEngine gone(engine, container("db").id, {"container-missing", "no such container"});
  const auto seen = live::survey(gone, prober, SystemClock(), request());
  REQUIRE(seen);
  CHECK((*seen)->services.size() == 1);

  FickleEngine slow(engine, container("db").id, {"engine-timeout", "no answer"});
  const auto failed = live::survey(slow, prober, SystemClock(), request());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "engine-timeout");

  engine.fail(Error{"engine-down", "the Engine is down"});
  const auto down = live::survey(engine, prober, SystemClock(), request());
  REQUIRE_FALSE(down);
  CHECK(down.error().code == "engine-down");
  CHECK_FALSE(live::list_projects(engine));
}

TEST_CASE("many containers are inspected, each once") {
  engine::MemoryEngine engine;
  CountingProber prober;
  for (std::uint16_t i = 0; i < 200; ++i) {
    engine.put(
        publishing(container("s" + std::to_string(i)), static_cast<std::uint16_t>(9000 + i), 80),
        "");
  }
  const auto seen = live::survey(engine, prober, SystemClock(), request());
  REQUIRE(seen);
  CHECK((*seen)->services.size() == 200);
  CHECK(engine.calls().inspect == 200);
  CHECK(prober.targets.size() == 200);
}

TEST_CASE("a look that is cancelled says so") {
  engine::MemoryEngine engine;
  CountingProber prober;
  engine.put(container("web"), "");
  std::stop_source stop;
  stop.request_stop();
  const auto seen = live::survey(engine, prober, SystemClock(), request(), stop.get_token());
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code == "cancelled");
}

TEST_CASE("projects are told from the labels of their containers") {
  engine::MemoryEngine engine;
  engine::Container web = container("web");
  web.labels[std::string(engine::label::kConfigFiles)] = "/shop/compose.yaml,/shop/more.yaml";
  web.labels[std::string(engine::label::kWorkingDirectory)] = "/shop";
  engine.put(web, "");
  engine.put(container("web", 2), "");
  engine.put(container("db"), "");
  engine.put(container("api", 1, "blog"), "");
  engine::Container run = container("run", 1, "only-one-off");
  run.labels[std::string(engine::label::kOneOff)] = "True";
  engine.put(run, "");
  engine::Container stranger = container("stranger");
  stranger.labels.clear();
  engine.put(stranger, "");
  const auto projects = live::list_projects(engine);
  REQUIRE(projects);
  REQUIRE(projects->size() == 2);
  CHECK(projects->at(0).name == "blog");
  const live::ProjectSummary& shop = projects->at(1);
  CHECK(shop.name == "shop");
  CHECK(shop.directory == "/shop");
  CHECK(shop.config_files == std::vector<std::string>{"/shop/compose.yaml", "/shop/more.yaml"});
  CHECK(shop.services == std::vector<std::string>{"db", "web"});
  CHECK(shop.containers.size() == 3);
  CHECK(engine.calls().list == 1);
}
