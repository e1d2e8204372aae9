#include <doctest/doctest.h>

#include "live/builders.h"
#include "live/snapshot.h"

using namespace dockhand;
using namespace dockhand::test;
using namespace std::chrono_literals;
using engine::ContainerStatus;
using engine::HealthStatus;
using live::State;

namespace {

// `web running, db healthy`: what a Snapshot says of each service, in its order.
std::string states(const live::Snapshot& snapshot) {
  std::string text;
  for (const live::ServiceState& one : snapshot.services) {
    if (!text.empty()) text += ", ";
    text += one.name + " " + std::string(live::to_string(one.state));
  }
  return text;
}

std::string states_of(std::vector<engine::Container> containers) {
  return states(*live::assemble(parts(nullptr, std::move(containers))));
}

}  // namespace

TEST_CASE("the state of a container is its status, and its health only while it runs") {
  CHECK(states_of({container("a")}) == "a running");
  CHECK(states_of({with_health(container("a"), HealthStatus::none)}) == "a running");
  CHECK(states_of({with_health(container("a"), HealthStatus::starting)}) == "a starting");
  CHECK(states_of({with_health(container("a"), HealthStatus::healthy)}) == "a healthy");
  CHECK(states_of({with_health(container("a"), HealthStatus::unhealthy)}) == "a unhealthy");

  // The Engine forces `unhealthy` on what it no longer checks.
  const auto forced = with_health(container("a"), HealthStatus::unhealthy);
  CHECK(states_of({in_status(forced, ContainerStatus::paused)}) == "a paused");
  CHECK(states_of({ended(forced, 0)}) == "a exited");
  CHECK(states_of({in_status(container("a"), ContainerStatus::created)}) == "a created");
  CHECK(states_of({in_status(container("a"), ContainerStatus::restarting)}) == "a restarting");
  CHECK(states_of({in_status(container("a"), ContainerStatus::removing)}) == "a exited");
  CHECK(states_of({in_status(container("a"), ContainerStatus::dead)}) == "a dead");
}

TEST_CASE("the worst container gives its service's state") {
  const auto healthy = with_health(container("a", 1), HealthStatus::healthy);
  const std::vector<std::pair<engine::Container, std::string>> from_bad_to_good = {
      {in_status(container("a", 2), ContainerStatus::dead), "dead"},
      {ended(container("a", 2), 1), "exited"},
      {in_status(container("a", 2), ContainerStatus::restarting), "restarting"},
      {with_health(container("a", 2), HealthStatus::unhealthy), "unhealthy"},
      {with_health(container("a", 2), HealthStatus::starting), "starting"},
      {in_status(container("a", 2), ContainerStatus::created), "created"},
      {in_status(container("a", 2), ContainerStatus::paused), "paused"},
      {container("a", 2), "running"},
      {healthy, "healthy"},
      {ended(container("a", 2), 0), "exited"},
  };
  for (std::size_t i = 0; i < from_bad_to_good.size(); ++i) {
    for (std::size_t j = i; j < from_bad_to_good.size(); ++j) {
      engine::Container other = from_bad_to_good[j].first;
      other.id = std::string(64, 'f');
      CHECK(states_of({other, from_bad_to_good[i].first}) == "a " + from_bad_to_good[i].second);
    }
  }
}

TEST_CASE("services are in the file's order, disabled ones left out, orphans last") {
  compose::Service debug = service("debug"), tools = service("tools");
  debug.enabled = tools.enabled = false;
  const auto file = project({service("web"), debug, service("db"), tools});
  const auto made = live::assemble(
      parts(file, {container("zoo"), container("db"), container("ant"), container("tools")}));
  CHECK(states(*made) == "web not created, db running, tools running, ant running, zoo running");
  CHECK(made->find("db")->definition == &file->services[2]);
  CHECK(made->find("zoo")->definition == nullptr);
  CHECK(made->find("debug") == nullptr);
  CHECK(made->find("") == nullptr);
  CHECK(made->up);
}

TEST_CASE("one-off containers belong to no service, and containers are in order of their number") {
  engine::Container run = container("web", 3);
  run.labels[std::string(engine::label::kOneOff)] = "True";
  const auto made = live::assemble(
      parts(nullptr, {container("web", 10), container("web", 2), run, container("web", 1)}));
  REQUIRE(made->services.size() == 1);
  std::vector<std::string> names;
  for (const auto& one : made->services[0].containers) names.push_back(one->name);
  CHECK(names == std::vector<std::string>{"shop-web-1", "shop-web-2", "shop-web-10"});
}

TEST_CASE("without a file the labels say who needs whom") {
  engine::Container web = container("web");
  web.labels[std::string(engine::label::kDependsOn)] =
      "db:service_healthy:true,cache:service_started:false,job:service_completed_successfully:"
      "false";
  engine::Container cache = container("cache");
  cache.labels[std::string(engine::label::kDependsOn)] = "db";  // As old versions wrote it.
  const auto made = live::assemble(parts(nullptr, {web, cache, container("db")}));
  const auto& edges = made->graph->dependencies("web");
  REQUIRE(edges.size() == 3);
  CHECK(edges[0].service == "cache");
  CHECK(edges[0].condition == compose::Condition::started);
  CHECK_FALSE(edges[0].restart);
  CHECK(edges[1].service == "db");
  CHECK(edges[1].condition == compose::Condition::healthy);
  CHECK(edges[1].restart);
  CHECK(edges[2].condition == compose::Condition::completed);
  REQUIRE(made->graph->dependencies("cache").size() == 1);
  CHECK(made->graph->dependencies("cache")[0].restart);
  CHECK(made->graph->dependents("db").size() == 2);
}

TEST_CASE("a probe that x-dev asked for decides, one of our own choice does not") {
  const auto state_with = [](engine::Container one, health::ProbeStatus probe) {
    live::SnapshotParts made = parts(nullptr, {std::move(one)});
    made.probes = {{"a", std::move(probe)}};
    return std::string(live::to_string(live::assemble(made)->services[0].state));
  };
  const auto bad = [](bool decides) { return probed(false, "503", 2ms, decides, "", 503); };
  CHECK(state_with(container("a"), bad(true)) == "unhealthy");
  CHECK(state_with(container("a"), bad(false)) == "running");
  CHECK(state_with(with_health(container("a"), HealthStatus::healthy), bad(true)) == "unhealthy");
  CHECK(state_with(with_health(container("a"), HealthStatus::healthy), bad(false)) == "healthy");
  CHECK(state_with(with_health(container("a"), HealthStatus::starting), bad(true)) == "starting");
  CHECK(state_with(ended(container("a"), 0), bad(true)) == "exited");
  CHECK(state_with(container("a"), probed(true, "200", 2ms, true, "", 200)) == "healthy");
  CHECK(state_with(container("a"), probed(true, "200", 2ms, false, "", 200)) == "running");
  CHECK(state_with(with_health(container("a"), HealthStatus::unhealthy),
                   probed(true, "200", 2ms, true, "", 200)) == "unhealthy");

  // Who has just been started, and is not listening yet, is starting; who answers is not excused.
  engine::Container young = container("a");
  young.started_at = kNoon - 5s;
  CHECK(state_with(young, probed(false, "refused", 0ms, true)) == "starting");
  CHECK(state_with(young, bad(true)) == "unhealthy");
  young.started_at = kNoon - live::kStartGrace;
  CHECK(state_with(young, probed(false, "refused", 0ms, true)) == "unhealthy");
}

TEST_CASE("since when a state lasts is known from what was seen before") {
  const auto file = project({service("web")});
  const auto first = live::assemble(parts(file, {container("web")}));
  CHECK_FALSE(first->services[0].since);

  live::SnapshotParts later = parts(file, {ended(container("web"), 1)});
  later.taken = kNoon + 5s;
  later.previous = first;
  const auto second = live::assemble(later);
  CHECK(second->services[0].since == kNoon + 5s);
  CHECK(second->graph == first->graph);

  later.taken = kNoon + 9s;
  later.previous = second;
  const auto third = live::assemble(later);
  CHECK(third->services[0].since == kNoon + 5s);

  // What was shown before the first list has come was no state.
  live::SnapshotParts unlisted = parts(file, {});
  unlisted.engine = {};
  live::SnapshotParts listed = parts(file, {container("web")});
  listed.previous = live::assemble(unlisted);
  CHECK_FALSE(live::assemble(listed)->services[0].since);
}

TEST_CASE("a job is finished when it ended well and is no server") {
  const auto completed = [](engine::Container one, compose::Service definition) {
    return live::assemble(parts(project({std::move(definition)}), {std::move(one)}))
        ->services[0]
        .completed();
  };
  CHECK(completed(ended(container("job"), 0), service("job")));
  CHECK_FALSE(completed(ended(container("job"), 1), service("job")));
  CHECK_FALSE(completed(container("job"), service("job")));
  for (const auto& [policy, expected] : std::vector<std::pair<std::string, bool>>{
           {"no", true}, {"on-failure", true}, {"always", false}, {"unless-stopped", false}}) {
    engine::Container job = ended(container("job"), 0);
    job.restart_policy = policy;
    CHECK(completed(job, service("job")) == expected);
  }
  compose::Service server = service("job");
  server.ports.emplace_back();
  CHECK_FALSE(completed(ended(container("job"), 0), server));
  CHECK_FALSE(
      completed(ended(with_health(container("job"), HealthStatus::healthy), 0), service("job")));
}

TEST_CASE("URLs come from the ports of running containers") {
  compose::Service web = service("web");
  compose::Port port;
  port.published = port.published_end = 9000;
  port.target = 80;
  web.ports.push_back(port);
  const auto made =
      live::assemble(parts(project({web}), {publishing(container("web", 1), 8080, 80),
                                            publishing(container("web", 2), 8081, 80)}));
  REQUIRE(made->services[0].urls.size() == 2);
  CHECK(made->services[0].urls[0].text == "http://localhost:8080");
  CHECK(made->services[0].urls[1].text == "http://localhost:8081");
}

TEST_CASE("five thousand services are found by name") {
  std::vector<engine::Container> many;
  for (int i = 0; i < 5000; ++i) many.push_back(container("s" + std::to_string(i)));
  const auto made = live::assemble(parts(nullptr, std::move(many)));
  REQUIRE(made->services.size() == 5000);
  int right = 0;
  for (int i = 0; i < 5000; ++i) {
    const std::string name = "s" + std::to_string(i);
    const live::ServiceState* found = made->find(name);
    if (found != nullptr && found->name == name) ++right;
  }
  CHECK(right == 5000);
}
