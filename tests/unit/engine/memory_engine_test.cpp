#include <doctest/doctest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "engine/engine.h"

namespace dockhand::engine {
namespace {

Container container(const std::string& id, const std::string& project) {
  Container made;
  made.id = id;
  made.name = project + "-" + id;
  made.status = ContainerStatus::running;
  if (!project.empty()) made.labels[std::string(label::kProject)] = project;
  return made;
}

// Listens on a thread of its own until it is destroyed or the stream breaks.
class Listener {
 public:
  Listener(Engine& engine, std::optional<Time> since)
      : thread_([this, &engine, since](std::stop_token stop) {
          result_ = engine.events(
              since, [this] { note("open"); },
              [this](const Event& event) {
                last_ = event.time;
                note(event.action + ":" + event.id);
              },
              stop);
          note(result_ ? "ended" : result_.error().code);
        }) {}

  // Waits until so many notes were taken, and returns them all.
  std::vector<std::string> wait_for(std::size_t count) {
    for (int i = 0; i < 5000; ++i) {
      {
        const std::lock_guard lock(mutex_);
        if (notes_.size() >= count) return notes_;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    const std::lock_guard lock(mutex_);
    return notes_;
  }
  void stop() { thread_.request_stop(); }
  Time last() const { return last_; }

 private:
  void note(const std::string& text) {
    const std::lock_guard lock(mutex_);
    notes_.push_back(text);
  }

  std::mutex mutex_;
  std::vector<std::string> notes_;
  std::atomic<Time> last_{Time{}};
  Result<void> result_;
  std::jthread thread_;
};

using Notes = std::vector<std::string>;

}  // namespace

TEST_CASE("the memory engine lists, inspects and counts") {
  MemoryEngine engine;
  engine.put(container("a", "shop"), "");
  engine.put(container("b", "blog"), "");
  engine.put(container("c", ""), "");
  CHECK(engine.list({.project = "shop"}, {})->size() == 1);
  CHECK(engine.list({}, {})->size() == 2);
  CHECK(engine.list({.project = {}, .compose_only = false}, {})->size() == 3);
  CHECK(engine.inspect("a", {})->name == "shop-a");
  CHECK(engine.inspect("z", {}).error().code == "container-missing");
  CHECK(engine.info({})->api == kNewestApi);
  CHECK(engine.calls() == MemoryEngine::Calls{.info = 1, .list = 3, .inspect = 2, .events = 0});
  engine.forget_calls();
  CHECK(engine.calls() == MemoryEngine::Calls{});
}

TEST_CASE("listeners hear what happens, in order, until they stop") {
  MemoryEngine engine;
  Listener first(engine, {}), second(engine, {});
  CHECK(first.wait_for(1) == Notes{"open"});
  CHECK(second.wait_for(1) == Notes{"open"});
  engine.put(container("a", "shop"), "start");
  engine.put(container("a", "shop"), "");
  engine.put(container("a", "shop"), "die");
  engine.remove("a");
  engine.remove("a");
  CHECK(first.wait_for(4) == Notes{"open", "start:a", "die:a", "destroy:a"});
  CHECK(second.wait_for(4) == Notes{"open", "start:a", "die:a", "destroy:a"});
  first.stop();
  CHECK(first.wait_for(5).back() == "ended");
}

TEST_CASE("since is inclusive, over a history of 256") {
  MemoryEngine engine;
  Time last;
  {
    Listener live(engine, {});
    live.wait_for(1);
    for (int i = 0; i < 300; ++i) engine.put(container(std::to_string(i), "shop"), "start");
    CHECK(live.wait_for(301).size() == 301);
    last = live.last();
  }
  Listener again(engine, last);
  CHECK(again.wait_for(2) == Notes{"open", "start:299"});
  Listener all(engine, Time{});
  CHECK(all.wait_for(257)[1] == "start:44");
  engine.put(container("new", "shop"), "start");
  CHECK(all.wait_for(258).back() == "start:new");
  CHECK(again.wait_for(3).back() == "start:new");
}

TEST_CASE("streams break with the error they are given, after what came before it") {
  MemoryEngine engine;
  Listener listener(engine, {});
  listener.wait_for(1);
  engine.break_streams({"engine-closed", "gone"});
  CHECK(listener.wait_for(2) == Notes{"open", "engine-closed"});
  Listener next(engine, {});
  CHECK(next.wait_for(1) == Notes{"open"});
}

TEST_CASE("a failing engine fails every call until it is healed") {
  MemoryEngine engine;
  engine.put(container("a", "shop"), "");
  Listener listener(engine, {});
  listener.wait_for(1);
  engine.fail(Error{"engine-down", "down"});
  CHECK(listener.wait_for(2).back() == "engine-down");
  CHECK(engine.info({}).error().code == "engine-down");
  CHECK(engine.list({}, {}).error().code == "engine-down");
  CHECK(engine.inspect("a", {}).error().code == "engine-down");
  CHECK(Listener(engine, {}).wait_for(1) == Notes{"engine-down"});
  engine.fail({});
  CHECK(engine.inspect("a", {}));
}

TEST_CASE("a call that was stopped before it began is cancelled") {
  MemoryEngine engine;
  std::stop_source source;
  source.request_stop();
  CHECK(engine.info(source.get_token()).error().code == "cancelled");
  CHECK(engine.list({}, source.get_token()).error().code == "cancelled");
  CHECK(engine.inspect("a", source.get_token()).error().code == "cancelled");
}

}  // namespace dockhand::engine
