#include "live/session.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/pace.h"
#include "live/builders.h"

using namespace dockhand;
using namespace dockhand::test;
using namespace std::chrono_literals;
using engine::ContainerStatus;
using engine::HealthStatus;
using engine::MemoryEngine;
using live::Connection;
using live::Snapshot;
using live::State;

namespace {

constexpr Duration kPatience = 20s;  // How long something may take on a busy machine.

// Says `200` unless told otherwise, and counts what it was asked.
class FakeProber final : public health::Prober {
 public:
  health::ProbeResult probe(const health::ProbeTarget& target, Duration, std::stop_token) override {
    const int now = ++running_;
    for (int most = most_; now > most && !most_.compare_exchange_weak(most, now);) {
    }
    if (slow) std::this_thread::sleep_for(5ms);
    {
      const std::lock_guard lock(mutex_);
      ++asked_[target.url.empty() ? target.host + ":" + std::to_string(target.port) : target.url];
    }
    --running_;
    health::ProbeResult result;
    result.time = SystemClock().now();
    result.verdict = bad ? health::Verdict::bad : health::Verdict::good;
    result.status = bad ? 503 : 200;
    result.word = bad ? "503" : "200";
    result.latency = wandering ? std::chrono::milliseconds(4 + asked() % 7) : 4ms;
    return result;
  }

  int asked() const {
    const std::lock_guard lock(mutex_);
    int sum = 0;
    for (const auto& [target, count] : asked_) sum += count;
    return sum;
  }
  std::map<std::string, int> targets() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  int most_at_once() const { return most_; }

  std::atomic<bool> bad{false}, slow{false}, wandering{false};

 private:
  mutable std::mutex mutex_;
  std::map<std::string, int> asked_;
  std::atomic<int> running_{0}, most_{0};
};

// Collects what one view is told, and waits for what is expected.
class Watcher {
 public:
  live::Session::Observer observer() {
    return [this](std::shared_ptr<const Snapshot> snapshot) {
      const std::lock_guard lock(mutex_);
      told_.push_back(std::move(snapshot));
      changed_.notify_all();
    };
  }

  // The first Snapshot told so far, or soon, of which this holds; null when patience ran out.
  template <class Predicate>
  std::shared_ptr<const Snapshot> wait(Predicate holds) {
    std::unique_lock lock(mutex_);
    std::shared_ptr<const Snapshot> found;
    changed_.wait_for(lock, kPatience, [&] {
      for (; seen_ < told_.size() && !found; ++seen_) {
        if (holds(*told_[seen_])) found = told_[seen_];
      }
      return found != nullptr;
    });
    return found;
  }
  std::shared_ptr<const Snapshot> wait_for_state(const std::string& service, State state) {
    return wait([&](const Snapshot& snapshot) {
      const live::ServiceState* found = snapshot.find(service);
      return snapshot.engine.connection == Connection::connected && found != nullptr &&
             found->state == state;
    });
  }
  std::shared_ptr<const Snapshot> wait_for(Connection connection) {
    return wait([&](const Snapshot& snapshot) { return snapshot.engine.connection == connection; });
  }
  std::size_t told() const {
    const std::lock_guard lock(mutex_);
    return told_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<const Snapshot>> told_;
  std::size_t seen_ = 0;
};

struct World {
  explicit World(live::SessionOptions options = quick()) {
    session = std::make_unique<live::Session>(engine, prober, std::make_shared<SystemClock>(),
                                              std::move(options));
  }

  static live::SessionOptions quick() {
    live::SessionOptions options;
    options.probes.interval = 1h;
    options.coalesce = options.coalesce_latencies = 10ms;
    options.backoff = {5ms, 50ms};
    return options;
  }

  std::unique_ptr<live::Session::View> open(Watcher& watcher, const std::string& name = "shop",
                                            std::shared_ptr<const compose::Project> project = {}) {
    return session->open(name, std::move(project), watcher.observer());
  }

  std::shared_ptr<MemoryEngine> engine = std::make_shared<MemoryEngine>();
  std::shared_ptr<FakeProber> prober = std::make_shared<FakeProber>();
  std::unique_ptr<live::Session> session;
};

// Waits until the engine has been asked nothing new for a while.
MemoryEngine::Calls settled(const MemoryEngine& engine) {
  MemoryEngine::Calls calls = engine.calls();
  for (int quiet = 0; quiet < 5;) {
    std::this_thread::sleep_for(20ms);
    const MemoryEngine::Calls now = engine.calls();
    quiet = now == calls ? quiet + 1 : 0;
    calls = now;
  }
  return calls;
}

template <class Predicate>
bool eventually(Predicate holds) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

Error down() { return {"engine-down", "the Engine is down", "connection refused"}; }

// How often each thread of this process has gone to sleep, as the kernel counts it.
std::map<std::string, long> sleeps() {
  std::map<std::string, long> all;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream status(task.path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (!line.starts_with("voluntary_ctxt_switches:")) continue;
      all[task.path().filename()] = std::stol(line.substr(line.find(':') + 1));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("a view is connecting at first, and then shows what runs") {
  World world;
  world.engine->put(container("web"), "");
  Watcher watcher;
  const auto file = project({service("web"), service("db")});
  const auto view = world.open(watcher, "shop", file);
  const auto first = view->snapshot();
  REQUIRE(first);
  CHECK(first->services.size() == 2);
  const auto now = watcher.wait_for(Connection::connected);
  REQUIRE(now);
  CHECK(now->engine.listed);
  CHECK(now->engine.info.os == "linux");
  CHECK(now->find("web")->state == State::running);
  CHECK(now->find("db")->state == State::not_created);
  CHECK(eventually([&] { return view->snapshot()->engine.connection == Connection::connected; }));
}

TEST_CASE("one die costs one inspect and no list") {
  World world;
  for (const char* name : {"web", "db", "cache"}) world.engine->put(container(name), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{1, 1, 3, 1});
  world.engine->forget_calls();
  world.engine->put(ended(container("web"), 137), "die");
  REQUIRE(watcher.wait_for_state("web", State::exited));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{0, 0, 1, 0});
}

TEST_CASE("events that say nothing, and those of other containers, cost nothing") {
  World world;
  world.engine->put(container("web"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  world.engine->forget_calls();
  const std::size_t told = watcher.told();
  for (const char* action : {"kill", "attach", "resize", "top", "restart", "commit"}) {
    world.engine->put(container("web"), action);
  }
  engine::Container stranger = container("stranger");
  stranger.labels.clear();
  world.engine->put(stranger, "start");
  engine::Container run = container("web", 7);
  run.labels[std::string(engine::label::kOneOff)] = "True";
  world.engine->put(run, "start");
  world.engine->put(container("web", 1, "another"), "start");
  CHECK(settled(*world.engine) == MemoryEngine::Calls{});
  CHECK(watcher.told() == told);
}

TEST_CASE("a container that comes costs one inspect, one that goes none") {
  World world;
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  world.engine->forget_calls();
  world.engine->put(container("web"), "start");
  REQUIRE(watcher.wait_for_state("web", State::running));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{0, 0, 1, 0});
  world.engine->remove(container("web").id);
  REQUIRE(watcher.wait([](const Snapshot& snapshot) { return snapshot.services.empty(); }));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{0, 0, 1, 0});
}

TEST_CASE("a change of health brings the log of the check") {
  World world;
  world.engine->put(with_health(container("web"), HealthStatus::healthy), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for_state("web", State::healthy));
  world.engine->put(with_health(container("web"), HealthStatus::unhealthy, 3, "refused"),
                    "health_status", "unhealthy");
  const auto now = watcher.wait_for_state("web", State::unhealthy);
  REQUIRE(now);
  CHECK(now->find("web")->worst()->health->log.at(0).output == "refused");
  CHECK(now->find("web")->since);
}

TEST_CASE("a broken stream costs exactly one list") {
  World world;
  for (const char* name : {"web", "db"}) world.engine->put(container(name), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  for (int round = 0; round < 3; ++round) {
    world.engine->forget_calls();
    world.engine->break_streams(down());
    REQUIRE(eventually([&] { return world.engine->calls().list > 0; }));
    const MemoryEngine::Calls calls = settled(*world.engine);
    CHECK(calls.list == 1);
    CHECK(calls.events == 1);
    CHECK(calls.inspect == 2);
  }
}

TEST_CASE("two open projects share one stream, and the second costs no list") {
  World world;
  world.engine->put(container("web"), "");
  world.engine->put(container("api", 1, "other"), "");
  Watcher shop, other;
  const auto first = world.open(shop);
  REQUIRE(shop.wait_for(Connection::connected));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{1, 1, 1, 1});
  const auto second = world.open(other, "other");
  REQUIRE(other.wait_for_state("api", State::running));
  CHECK(settled(*world.engine) == MemoryEngine::Calls{1, 1, 2, 1});
  const std::size_t told = shop.told();
  world.engine->put(ended(container("api", 1, "other"), 1), "die");
  REQUIRE(other.wait_for_state("api", State::exited));
  settled(*world.engine);
  CHECK(shop.told() == told);
}

TEST_CASE("two views of one project see the same containers in the light of their own files") {
  World world;
  world.engine->put(container("web"), "");
  Watcher one, two;
  const auto first = world.open(one, "shop", project({service("web"), service("db")}));
  REQUIRE(one.wait_for(Connection::connected));
  settled(*world.engine);
  world.engine->forget_calls();
  const auto second = world.open(two, "shop", project({service("cache")}));
  const auto at_once = second->snapshot();
  CHECK(at_once->engine.connection == Connection::connected);
  CHECK(at_once->services.size() == 2);
  CHECK(at_once->find("web")->definition == nullptr);
  CHECK(settled(*world.engine) == MemoryEngine::Calls{});
}

TEST_CASE("an Engine that dies is shown as lost with what was last seen, and comes back right") {
  World world;
  world.engine->put(container("web"), "");
  world.engine->put(container("db"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  world.engine->fail(down());
  const auto lost = watcher.wait_for(Connection::lost);
  REQUIRE(lost);
  CHECK(lost->find("web")->state == State::running);
  CHECK(lost->engine.error->code == "engine-down");
  CHECK(lost->engine.listed);
  CHECK(lost->engine.since);

  // While nobody could listen, one ended, one went and one came.
  world.engine->put(ended(container("web"), 1), "die");
  world.engine->remove(container("db").id);
  world.engine->put(container("cache"), "start");
  world.engine->fail(std::nullopt);
  const auto back = watcher.wait_for(Connection::connected);
  REQUIRE(back);
  CHECK(back->find("web")->state == State::exited);
  CHECK(back->find("db") == nullptr);
  CHECK(back->find("cache")->state == State::running);
  CHECK_FALSE(back->engine.error);
}

TEST_CASE("without an Engine a view says why, and is right once there is one") {
  World world;
  world.engine->put(container("web"), "");
  world.engine->fail(down());
  Watcher watcher;
  const auto view = world.open(watcher, "shop", project({service("web")}));
  const auto lost = watcher.wait_for(Connection::lost);
  REQUIRE(lost);
  CHECK_FALSE(lost->engine.listed);
  CHECK(lost->services.size() == 1);
  world.engine->fail(std::nullopt);
  CHECK(watcher.wait_for_state("web", State::running));
}

TEST_CASE("what nothing happened to is shared between snapshots") {
  World world;
  world.engine->put(container("web"), "");
  world.engine->put(container("db"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  const auto before = watcher.wait_for(Connection::connected);
  REQUIRE(before);
  world.engine->put(ended(container("web"), 1), "die");
  const auto after = watcher.wait_for_state("web", State::exited);
  REQUIRE(after);
  CHECK(before->find("db")->containers[0] == after->find("db")->containers[0]);
  CHECK(before->find("web")->containers[0] != after->find("web")->containers[0]);
}

TEST_CASE("nobody is told when nothing that can be shown has changed") {
  World world;
  world.engine->put(container("web"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  const std::size_t told = watcher.told();
  world.engine->forget_calls();
  world.engine->put(container("web"), "update");
  REQUIRE(eventually([&] { return world.engine->calls().inspect == 1; }));
  settled(*world.engine);
  CHECK(watcher.told() == told);
}

TEST_CASE("changes in a burst are told at once and then coalesced") {
  live::SessionOptions options = World::quick();
  options.coalesce = 200ms;
  World world(options);
  world.engine->put(container("web"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  std::this_thread::sleep_for(300ms);
  const std::size_t told = watcher.told();
  const auto begin = std::chrono::steady_clock::now();
  int changes = 0;
  for (; std::chrono::steady_clock::now() - begin < 1s; ++changes) {
    world.engine->put(ended(container("web"), 1 + changes % 100), "die");
    std::this_thread::sleep_for(2ms);
  }
  world.engine->put(ended(container("web"), 250), "die");
  REQUIRE(watcher.wait([](const Snapshot& snapshot) {
    const live::ServiceState* web = snapshot.find("web");
    return web != nullptr && web->worst() != nullptr && web->worst()->exit_code == 250;
  }));
  const auto lasted = std::chrono::steady_clock::now() - begin;
  CHECK(changes > 20);
  CHECK(watcher.told() - told <= static_cast<std::size_t>(lasted / 200ms) + 1 + Pace::kAhead);
}

TEST_CASE("the latencies of probes do not use up what events may tell") {
  live::SessionOptions options = World::quick();
  options.probes.interval = 5ms;
  options.coalesce = options.coalesce_latencies = 500ms;
  World world(options);
  world.prober->wandering = true;
  world.engine->put(publishing(container("web"), 8080, 80), "");
  world.engine->put(container("db"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  // Told again and again by latencies alone, while no event was told for longer than that.
  for (int samples = 1; samples <= 3; ++samples) {
    std::size_t seen = 0;
    REQUIRE(watcher.wait([&](const Snapshot& snapshot) {
      const live::ServiceState* web = snapshot.find("web");
      return web != nullptr && web->probe && web->probe->latencies.size() > 5 && ++seen > 1;
    }));
  }
  world.engine->put(ended(container("db"), 1), "die");
  CHECK(watcher.wait_for_state("db", State::exited));
}

TEST_CASE("another file sheds another light on the same containers") {
  World world;
  world.engine->put(container("web"), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  world.engine->forget_calls();
  const auto file = project({service("db"), service("web")});
  view->set_project(file);
  const auto now = watcher.wait([&](const Snapshot& snapshot) { return snapshot.project == file; });
  REQUIRE(now);
  CHECK(now->services.size() == 2);
  CHECK(now->find("web")->definition == &file->services[1]);
  CHECK(settled(*world.engine) == MemoryEngine::Calls{});
}

TEST_CASE("what runs and publishes is probed, at once and then at intervals") {
  live::SessionOptions options = World::quick();
  options.probes.interval = 20ms;
  World world(options);
  world.engine->put(publishing(container("web"), 8080, 80), "");
  world.engine->put(publishing(container("db"), 5432, 5432), "");
  world.engine->put(container("worker"), "");
  world.engine->put(publishing(ended(container("job"), 1), 8081, 80), "");
  Watcher watcher;
  auto view = world.open(watcher);
  REQUIRE(watcher.wait([](const Snapshot& snapshot) {
    const live::ServiceState* web = snapshot.find("web");
    return web != nullptr && web->probe && web->probe->last;
  }));
  REQUIRE(eventually([&] { return world.prober->asked() > 20; }));
  const auto targets = world.prober->targets();
  REQUIRE(targets.size() == 2);
  CHECK(targets.begin()->first == "http://localhost:8080");
  CHECK(targets.rbegin()->first == "localhost:5432");
  // Ten samples are enough for percentiles.
  CHECK(watcher.wait([](const Snapshot& snapshot) {
    const live::ServiceState* web = snapshot.find("web");
    return web != nullptr && web->probe && web->probe->latencies.percentiles();
  }));

  // What ends is not probed any more, nor shown with what it once said.
  world.engine->put(ended(container("web"), 1), "die");
  const auto now = watcher.wait_for_state("web", State::exited);
  REQUIRE(now);
  CHECK_FALSE(now->find("web")->probe);
  const int asked = world.prober->targets()["http://localhost:8080"];
  std::this_thread::sleep_for(100ms);
  CHECK(world.prober->targets()["http://localhost:8080"] <= asked + 1);

  view.reset();
  std::this_thread::sleep_for(20ms);
  const int after_close = world.prober->asked();
  std::this_thread::sleep_for(100ms);
  CHECK(world.prober->asked() == after_close);
}

TEST_CASE("probes that show the same again tell nobody") {
  live::SessionOptions options = World::quick();
  options.probes.interval = 5ms;
  World world(options);
  world.engine->put(publishing(container("web"), 8080, 80), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(eventually([&] { return world.prober->asked() > 15; }));
  settled(*world.engine);
  const std::size_t told = watcher.told();
  const int asked = world.prober->asked();
  REQUIRE(eventually([&] { return world.prober->asked() > asked + 10; }));
  CHECK(watcher.told() == told);
  world.prober->bad = true;
  REQUIRE(watcher.wait([](const Snapshot& snapshot) {
    const live::ServiceState* web = snapshot.find("web");
    return web != nullptr && web->probe && web->probe->bad_streak > 0;
  }));
}

TEST_CASE("a probe that decides turns a service red") {
  World world;
  world.prober->bad = true;
  world.engine->put(publishing(container("web"), 8080, 80), "");
  compose::Service web = service("web");
  web.x_dev.health.emplace();
  web.x_dev.health->url = "/health";
  Watcher watcher;
  const auto view = world.open(watcher, "shop", project({web}));
  REQUIRE(watcher.wait_for_state("web", State::unhealthy));
  CHECK(world.prober->targets().begin()->first == "http://localhost:8080/health");
  world.prober->bad = false;
  view->refresh();
  CHECK(watcher.wait_for_state("web", State::healthy));
}

TEST_CASE("no more probes run at once than are allowed") {
  live::SessionOptions options = World::quick();
  options.probes.concurrency = 3;
  World world(options);
  world.prober->slow = true;
  for (std::uint16_t i = 0; i < 40; ++i) {
    world.engine->put(
        publishing(container("s" + std::to_string(i)), static_cast<std::uint16_t>(9000 + i), 80),
        "");
  }
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(eventually([&] { return world.prober->asked() == 40; }));
  CHECK(world.prober->most_at_once() <= 3);
  CHECK(world.prober->most_at_once() > 1);
}

TEST_CASE("probes are not made where they are forbidden") {
  live::SessionOptions options = World::quick();
  options.probes.policy.enabled = false;
  World world(options);
  world.engine->put(publishing(container("web"), 8080, 80), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  CHECK(world.prober->asked() == 0);
}

TEST_CASE("five hundred services at thousands of events a second stay live and end true") {
  World world;
  constexpr int kServices = 500;
  std::vector<std::string> names;
  for (int i = 0; i < kServices; ++i) {
    names.push_back("s" + std::to_string(i));
    world.engine->put(container(names.back()), "");
  }
  Watcher watcher;
  const auto view = world.open(watcher);
  REQUIRE(watcher.wait_for(Connection::connected));
  settled(*world.engine);
  world.engine->forget_calls();
  const std::size_t told = watcher.told();

  constexpr int kEvents = 10'000;
  std::map<std::string, int> last;
  for (int i = 0; i < kEvents; ++i) {
    const std::string& name = names[static_cast<std::size_t>(i * 7919 % kServices)];
    const int code = i % 200 + 1;
    last[name] = code;
    world.engine->put(ended(container(name), code), "die");
    if (i % 50 == 49) std::this_thread::sleep_for(10ms);  // 5,000 a second.
  }
  CHECK(watcher.told() > told + 5);  // Live: told while it went on.
  REQUIRE(watcher.wait([&](const Snapshot& snapshot) {
    for (const auto& [name, code] : last) {
      const live::ServiceState* found = snapshot.find(name);
      if (found == nullptr || found->worst() == nullptr) return false;
      if (found->worst()->exit_code != code) return false;
    }
    return true;
  }));
  const MemoryEngine::Calls calls = settled(*world.engine);
  CHECK(calls.list == 0);
  CHECK(calls.inspect <= kEvents);
}

TEST_CASE("when nothing happens no thread wakes up") {
  const std::map<std::string, long> others = sleeps();  // This thread, and a sanitizer's.
  World world;
  for (const char* name : {"web", "db"}) {
    world.engine->put(publishing(container(name), 8080, 80), "");
  }
  const auto asleep = [&] {
    std::map<std::string, long> before = sleeps();
    std::this_thread::sleep_for(1s);
    std::map<std::string, long> after = sleeps();
    for (const auto& [thread, count] : others) {
      before.erase(thread);
      after.erase(thread);
    }
    return before == after && before.size() >= 3;  // Stream, worker and a prober at least.
  };
  Watcher watcher;
  auto view = world.open(watcher);
  REQUIRE(eventually([&] { return world.prober->asked() == 2; }));
  settled(*world.engine);
  CHECK(asleep());  // Looking, with no event and no probe due.
  view.reset();
  settled(*world.engine);
  CHECK(asleep());  // Looking at nothing.
}

TEST_CASE("closing the last view ends the stream, opening one again begins anew") {
  World world;
  world.engine->put(container("web"), "");
  Watcher first;
  auto view = world.open(first);
  REQUIRE(first.wait_for(Connection::connected));
  view.reset();
  settled(*world.engine);
  world.engine->forget_calls();
  world.engine->put(ended(container("web"), 1), "die");
  world.engine->break_streams(down());
  CHECK(settled(*world.engine) == MemoryEngine::Calls{});
  const std::size_t told = first.told();

  Watcher second;
  view = world.open(second);
  REQUIRE(second.wait_for_state("web", State::exited));
  CHECK(settled(*world.engine).list == 1);
  CHECK(first.told() == told);
}

TEST_CASE("views may be opened, changed and closed from many threads, and from an observer") {
  live::SessionOptions options = World::quick();
  options.probes.interval = 2ms;
  options.coalesce = options.coalesce_latencies = 1ms;
  World world(options);
  for (const char* name : {"a", "b", "c"})
    world.engine->put(publishing(container(name), 8080, 80), "");
  std::atomic<bool> over{false};
  std::thread storm([&] {
    for (int i = 0; !over; ++i) {
      world.engine->put(
          i % 2 == 0 ? ended(container("a"), 1) : publishing(container("a"), 8080, 80),
          i % 2 == 0 ? "die" : "start");
      if (i % 100 == 0) world.engine->break_streams(down());
      std::this_thread::sleep_for(200us);
    }
  });
  std::vector<std::thread> users;
  for (int user = 0; user < 4; ++user) {
    users.emplace_back([&] {
      for (int round = 0; round < 40; ++round) {
        auto alive = std::make_shared<std::atomic<bool>>(true);
        auto view = world.session->open(round % 3 == 0 ? "other" : "shop", nullptr,
                                        [alive](std::shared_ptr<const Snapshot> snapshot) {
                                          CHECK(*alive);
                                          CHECK(snapshot);
                                        });
        view->set_project(project({service("a")}));
        view->refresh();
        std::this_thread::sleep_for(1ms);
        CHECK(view->snapshot());
        view.reset();
        *alive = false;
      }
    });
  }
  for (std::thread& user : users) user.join();
  over = true;
  storm.join();

  std::mutex mutex;
  std::unique_ptr<live::Session::View> own;
  std::atomic<bool> closed{false};
  {
    const std::lock_guard lock(mutex);
    own = world.session->open("shop", nullptr, [&](std::shared_ptr<const Snapshot>) {
      const std::lock_guard inner(mutex);
      own.reset();
      closed = true;
    });
  }
  CHECK(eventually([&] { return closed.load(); }));
}

TEST_CASE("more views than are allowed are refused") {
  live::SessionOptions options = World::quick();
  options.max_projects = 2;
  World world(options);
  Watcher watcher;
  const auto one = world.open(watcher, "a");
  auto two = world.open(watcher, "b");
  CHECK(one);
  CHECK(two);
  CHECK_FALSE(world.open(watcher, "c"));
  two.reset();
  CHECK(world.open(watcher, "c"));
}

TEST_CASE("more containers than are allowed are left out, and that is logged") {
  live::SessionOptions options = World::quick();
  options.max_containers = 2;
  std::atomic<int> warnings{0};
  options.log = Logger(LogLevel::warning, [&](LogLevel, std::string_view) { ++warnings; });
  World world(options);
  for (const char* name : {"a", "b", "c"}) world.engine->put(container(name), "");
  Watcher watcher;
  const auto view = world.open(watcher);
  const auto now = watcher.wait_for(Connection::connected);
  REQUIRE(now);
  CHECK(now->services.size() == 2);
  CHECK(warnings == 1);
}

TEST_CASE("a session ends while everything is under way") {
  for (int round = 0; round < 20; ++round) {
    live::SessionOptions options = World::quick();
    options.probes.interval = 1ms;
    World world(options);
    world.prober->slow = true;
    for (int i = 0; i < 20; ++i) {
      world.engine->put(publishing(container("s" + std::to_string(i)), 8080, 80), "");
    }
    Watcher watcher;
    auto view = world.open(watcher);
    std::this_thread::sleep_for(std::chrono::milliseconds(round));
    view.reset();
    world.session.reset();
  }
}
