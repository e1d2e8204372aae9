#include "explain/report.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "compose/loader.h"
#include "io/file_system.h"
#include "live/builders.h"

using namespace dockhand;
using namespace dockhand::test;
using namespace std::chrono_literals;
using compose::Condition;
using engine::ContainerStatus;
using engine::HealthStatus;

namespace {

const std::vector<explain::HintPart> kAll = explain::parse_hint_parts("state,latency,url,used-by");

// One service as a row of the table, its reason and its hint, as people see them.
std::string shown(const explain::ServiceReport& report) {
  std::string text =
      fmt::format("{} {} | {} | {} | {}", report.symbol.unicode, report.state_word, report.health,
                  report.up, report.urls.empty() ? "" : report.urls[0].text);
  if (!report.reason.empty()) text += fmt::format("\n  {} [{}]", report.reason, report.reason_code);
  return text + "\n  " + explain::hint(report, kAll);
}

std::string shown(const live::SnapshotParts& parts, const std::string& service) {
  const auto snapshot = live::assemble(parts);
  const live::ServiceState* found = snapshot->find(service);
  REQUIRE(found != nullptr);
  return shown(explain::report(*snapshot, *found));
}

std::string alone(engine::Container one) {
  const std::string name = one.service();
  return shown(parts(nullptr, {std::move(one)}), name);
}

engine::Container oom(engine::Container made) {
  made.oom_killed = true;
  made.memory_limit = std::uint64_t{64} << 20;
  made.restart_count = 3;
  return made;
}

engine::Container failed_start(engine::Container made, const std::string& error) {
  made.error = error;
  return made;
}

// The stack of FACES, as far as containers make it.
live::SnapshotParts shop() {
  const auto file = project({
      service("web", {on("orders", Condition::healthy), on("catalog")}),
      service("catalog", {on("db", Condition::healthy)}),
      service("orders", {on("payments", Condition::healthy)}),
      service("payments"),
      service("db"),
      service("mailer"),
  });
  live::SnapshotParts made =
      parts(file, {publishing(container("web"), 8080, 80),
                   publishing(with_health(container("catalog"), HealthStatus::healthy), 8081, 8080),
                   in_status(container("orders"), ContainerStatus::created),
                   publishing(with_health(container("payments"), HealthStatus::unhealthy, 3,
                                          "db: connection refused at 127.0.0.1:5432\n"),
                              8083, 8080),
                   publishing(with_health(container("db"), HealthStatus::healthy), 5432, 5432),
                   oom(ended(container("mailer"), 137))});
  made.probes = {{"web", probed(true, "200", 4ms, false, "", 200)},
                 {"catalog", probed(true, "UP", 3ms, true, "", 200)},
                 {"payments", probed(false, "503", 2ms, false, "db: DOWN", 503)},
                 {"db", probed(true, "open", 1ms, false)}};
  return made;
}

}  // namespace

TEST_CASE("the shop is shown as sketched") {
  const live::SnapshotParts made = shop();
  CHECK(shown(made, "web") ==
        "● running | 200 in 4 ms | 2h 14m | http://localhost:8080\n"
        "  ● 4 ms · http://localhost:8080");
  CHECK(shown(made, "catalog") ==
        "● healthy | UP in 3 ms | 2h 14m | http://localhost:8081\n"
        "  ● healthy 3 ms · http://localhost:8081 · ↑ web");
  CHECK(shown(made, "orders") ==
        "◐ created |  |  | \n"
        "  waits for payments to be healthy [waiting]\n"
        "  ◐ waits for payments · ↑ web");
  CHECK(shown(made, "payments") ==
        "▲ unhealthy | 503 in 2 ms | 2h 14m | http://localhost:8083\n"
        "  db: connection refused at 127.0.0.1:5432, 3 checks in a row [unhealthy]\n"
        "  ▲ unhealthy 3×: db: connection refused · ↑ orders");
  CHECK(shown(made, "db") ==
        "● healthy | open in 1 ms | 2h 14m | postgres://localhost:5432\n"
        "  ● healthy 1 ms · postgres://localhost:5432 · ↑ catalog");
  CHECK(shown(made, "mailer") ==
        "✕ exited 137 |  | 4m ago | \n"
        "  out of memory at its 64 MiB limit, restarted 3 times [oom]\n"
        "  ✕ exited 137, out of memory, restarted 3×");

  const explain::ProjectReport report = explain::report(*live::assemble(made));
  CHECK(report.name == "shop");
  CHECK(report.files == "compose.yaml");
  CHECK(report.summary == "6 services: 3 ok, 1 unhealthy, 1 exited, 1 waiting");
  CHECK(report.notice.empty());
  CHECK_FALSE(report.all_good);
  CHECK_FALSE(report.waiting);  // What waits for an unhealthy service waits in vain.
}

TEST_CASE("each state has its symbol, its word and its reason") {
  CHECK(alone(container("a")) == "● running |  | 2h 14m | \n  ● running");
  CHECK(alone(with_health(container("a"), HealthStatus::starting)) ==
        "◐ starting |  | 2h 14m | \n  its health check has not passed yet [waiting]\n  ◐ starting");
  CHECK(alone(with_health(container("a"), HealthStatus::starting, 1, "curl: (7) refused")) ==
        "◐ starting |  | 2h 14m | \n  not ready yet: refused [waiting]\n  ◐ starting: refused");
  CHECK(alone(with_health(container("a"), HealthStatus::unhealthy, 1)) ==
        "▲ unhealthy |  | 2h 14m | \n  its health check fails [unhealthy]\n"
        "  ▲ unhealthy: its health check fails");
  CHECK(alone(in_status(container("a"), ContainerStatus::paused)) ==
        "⏸ paused |  | 2h 14m | \n  ⏸ paused");
  CHECK(alone(in_status(container("a"), ContainerStatus::created)) ==
        "○ created |  |  | \n  ○ created");
  CHECK(alone(in_status(container("a"), ContainerStatus::dead)) ==
        "✕ dead |  |  | \n  the Engine could not remove it [dead]\n  ✕ dead");
  CHECK(alone(ended(container("a"), 1)) ==
        "✕ exited 1 |  | 4m ago | \n  ended with exit code 1 [exited]\n  ✕ exited 1");
  CHECK(alone(ended(container("a"), 127)) ==
        "✕ exited 127 |  | 4m ago | \n  command not found [exited]\n"
        "  ✕ exited 127, command not found");
  CHECK(alone(ended(container("a"), 0)) == "● finished |  | 4m ago | \n  ● finished");

  engine::Container loop = ended(container("a"), 1);
  loop.status = ContainerStatus::restarting;
  loop.restart_count = 4;
  CHECK(alone(loop) ==
        "↻ restarting 4× |  | 4m ago | \n"
        "  exits with 1, restarted 4 times [restarting]\n"
        "  ↻ restarting 4×: exited 1");
  CHECK(alone(oom(loop)) ==
        "↻ restarting 3× |  | 4m ago | \n"
        "  out of memory at its 64 MiB limit, restarted 3 times [oom]\n"
        "  ↻ restarting 3×: out of memory");

  const std::string taken = "Bind for 0.0.0.0:8080 failed: port is already allocated";
  CHECK(alone(failed_start(in_status(container("a"), ContainerStatus::created), taken)) ==
        "✕ not started |  |  | \n  port 8080 is already in use [start-failed]\n"
        "  ✕ not started: port 8080 is already in use");
  CHECK(alone(failed_start(ended(container("a"), 128), taken)) ==
        "✕ exited 128 |  | 4m ago | \n  port 8080 is already in use [start-failed]\n"
        "  ✕ exited 128, port 8080 is already in use");
}

TEST_CASE("a service that was never created is idle, and says so") {
  const live::SnapshotParts made = parts(project({service("a"), service("b")}), {});
  CHECK(shown(made, "a") == "○ not created |  |  | \n  ○ not created");
  const auto report = explain::report(*live::assemble(made));
  CHECK(report.summary == "2 services: none created");
  CHECK(report.services[0].tone == explain::Tone::idle);
}

TEST_CASE("an end that was asked for is no fault while nothing of the project runs") {
  for (const int code : {0, 130, 143}) {
    engine::Container stopped = ended(container("a"), code);
    stopped.restart_policy = "always";
    const auto down = live::assemble(parts(nullptr, {stopped}));
    CHECK(explain::report(*down).services[0].tone == explain::Tone::idle);
    CHECK(explain::report(*down).services[0].reason.empty());
    const auto up = live::assemble(parts(nullptr, {stopped, container("b")}));
    CHECK(explain::report(*up).services[0].tone == explain::Tone::bad);
    CHECK(explain::report(*up).services[0].reason_code == "exited");
  }
}

TEST_CASE("the probe that decides gives the reason, one of our own choice a remark") {
  live::SnapshotParts made = parts(nullptr, {publishing(container("a"), 8080, 80)});
  made.probes = {{"a", probed(false, "503", 2ms, true, "db: DOWN", 503)}};
  CHECK(shown(made, "a") ==
        "▲ unhealthy | 503 in 2 ms | 2h 14m | http://localhost:8080\n"
        "  db: DOWN [unhealthy]\n  ▲ unhealthy: db: DOWN");
  made.probes = {{"a", probed(false, "503", 2ms, true, "", 503)}};
  CHECK(shown(made, "a") ==
        "▲ unhealthy | 503 in 2 ms | 2h 14m | http://localhost:8080\n"
        "  answers 503 [unhealthy]\n  ▲ unhealthy: answers 503");
  made.probes = {
      {"a", probed(false, "refused", 0ms, true, "connection refused at localhost:8080")}};
  made.probes[0].second.add(*made.probes[0].second.last);
  CHECK(shown(made, "a") ==
        "▲ unhealthy | refused | 2h 14m | http://localhost:8080\n"
        "  connection refused at localhost:8080, 2 checks in a row [unhealthy]\n"
        "  ▲ unhealthy 2×: connection refused");
  made.probes = {{"a", probed(false, "503", 2ms, false, "", 503)}};
  CHECK(shown(made, "a") ==
        "● running | 503 in 2 ms | 2h 14m | http://localhost:8080\n"
        "  ● running (503) · http://localhost:8080");
}

TEST_CASE("of several containers that differ it is said how many are meant") {
  const live::SnapshotParts made =
      parts(nullptr, {container("a", 1), ended(container("a", 2), 1), container("a", 3)});
  CHECK(shown(made, "a") ==
        "✕ exited 1 (1 of 3) |  | 4m ago | \n"
        "  ended with exit code 1 [exited]\n  ✕ exited 1 (1 of 3)");
  CHECK(shown(parts(nullptr, {container("a", 1), container("a", 2)}), "a") ==
        "● running |  | 2h 14m | \n  ● running");
}

TEST_CASE("waiting names the first condition that is not met") {
  const auto reason = [](Condition condition, engine::Container dependency, bool required = true) {
    compose::Dependency edge = on("b", condition);
    edge.required = required;
    const auto made =
        live::assemble(parts(project({service("a", {edge}), service("b"), service("c")}),
                             {in_status(container("a"), ContainerStatus::created),
                              std::move(dependency), container("c")}));
    return explain::report(*made, *made->find("a")).reason;
  };
  const auto created = in_status(container("b"), ContainerStatus::created);
  const auto starting = with_health(container("b"), HealthStatus::starting);
  CHECK(reason(Condition::started, created) == "waits for b to start");
  CHECK(reason(Condition::started, container("b")).empty());
  CHECK(reason(Condition::started, starting).empty());
  CHECK(reason(Condition::healthy, starting) == "waits for b to be healthy");
  CHECK(reason(Condition::healthy, with_health(container("b"), HealthStatus::healthy)).empty());
  CHECK(reason(Condition::completed, container("b")) == "waits for b to finish");
  CHECK(reason(Condition::completed, ended(container("b"), 1)) == "waits for b to finish");
  CHECK(reason(Condition::completed, ended(container("b"), 0)).empty());
  CHECK(reason(Condition::healthy, starting, false).empty());
}

TEST_CASE("what is waited for is said with the place where the file asks for it") {
  io::MemoryFileSystem files;
  files.write("/shop/compose.yaml",
              "services:\n"
              "  web:\n"
              "    image: web\n"
              "    depends_on:\n"
              "      db:\n"
              "        condition: service_healthy\n"
              "  db:\n"
              "    image: db\n");
  compose::LoadOptions options;
  options.working_directory = "/shop";
  Result<compose::Project> loaded = compose::load(options, files);
  REQUIRE(loaded);
  const auto made =
      live::assemble(parts(std::make_shared<const compose::Project>(*std::move(loaded)),
                           {in_status(container("web"), ContainerStatus::created),
                            with_health(container("db"), HealthStatus::starting)}));
  CHECK(explain::report(*made, *made->find("web")).reason ==
        "waits for db to be healthy (compose.yaml:5)");
}

TEST_CASE("--wait waits for what can still come up") {
  const auto waits = [](engine::Container dependency) {
    const auto file =
        project({service("a", {on("b", Condition::healthy)}), service("b"), service("c")});
    const auto made =
        live::assemble(parts(file, {in_status(container("a"), ContainerStatus::created),
                                    std::move(dependency), container("c")}));
    return explain::report(*made).waiting;
  };
  CHECK(waits(with_health(container("b"), HealthStatus::starting)));
  CHECK(waits(in_status(container("b"), ContainerStatus::created)));
  CHECK_FALSE(waits(with_health(container("b"), HealthStatus::unhealthy)));
  CHECK_FALSE(waits(ended(container("b"), 1)));
  CHECK_FALSE(explain::report(*live::assemble(parts(nullptr, {container("a")}))).waiting);
}

TEST_CASE("all is good when what should run runs") {
  const auto good = [](live::SnapshotParts made) {
    return explain::report(*live::assemble(std::move(made))).all_good;
  };
  const auto file = project({service("a"), service("job")});
  CHECK(good(parts(file, {container("a"), ended(container("job"), 0)})));
  CHECK_FALSE(good(parts(file, {container("a")})));
  CHECK_FALSE(good(parts(file, {container("a"), ended(container("job"), 1)})));
  CHECK_FALSE(good(parts(file, {})));
  CHECK(good(parts(project({}), {})));
  CHECK_FALSE(good(parts(
      file, {in_status(container("a"), ContainerStatus::paused), ended(container("job"), 0)})));

  compose::Service disabled = service("debug"), scaled = service("none");
  disabled.enabled = false;
  scaled.replicas = 0;
  const auto partly = project({service("a"), disabled, scaled});
  CHECK(good(parts(partly, {container("a")})));
  CHECK(good(parts(partly, {container("a"), ended(container("debug"), 1)})));
  CHECK(good(parts(partly, {container("a"), ended(container("orphan"), 1)})));

  live::SnapshotParts lost = parts(partly, {container("a")});
  lost.engine.connection = live::Connection::lost;
  CHECK_FALSE(good(lost));
}

TEST_CASE("the summary counts in words, what is well first") {
  const auto summary = [](std::vector<engine::Container> containers) {
    return explain::report(*live::assemble(parts(nullptr, std::move(containers)))).summary;
  };
  CHECK(summary({}) == "0 services");
  CHECK(summary({container("a")}) == "1 service: ok");
  CHECK(summary({container("a"), ended(container("b"), 0)}) == "2 services: all ok");
  CHECK(summary({ended(container("a"), 1), ended(container("b"), 2)}) == "2 services: all exited");
  CHECK(summary({in_status(container("a"), ContainerStatus::restarting), container("b"),
                 in_status(container("c"), ContainerStatus::paused),
                 failed_start(in_status(container("d"), ContainerStatus::created), "boom")}) ==
        "4 services: 1 ok, 1 restarting, 1 not startable, 1 paused");
}

TEST_CASE("when the Engine is lost, everything is as it was last seen") {
  live::SnapshotParts made = shop();
  made.engine.connection = live::Connection::lost;
  made.engine.since = kNoon - 2min;
  made.engine.error =
      Error{"engine-down", "cannot reach the Docker Engine at unix:///x", "connection refused"};
  CHECK(shown(made, "web") ==
        "? was running | 200 in 4 ms | 2h 14m | http://localhost:8080\n"
        "  ? was running");
  CHECK(shown(made, "payments")
            .ends_with("\n  ? was unhealthy 3×: db: connection refused · ↑ orders"));
  CHECK(shown(made, "orders").ends_with("\n  ? was created: waits for payments · ↑ web"));
  const auto report = explain::report(*live::assemble(made));
  CHECK(report.notice ==
        "cannot reach the Docker Engine at unix:///x: connection refused; all of "
        "this is as it was 2m ago");
  CHECK(report.services[0].stale);
  CHECK(report.services[0].tone == explain::Tone::idle);
}

TEST_CASE("before the Engine has answered nothing is claimed") {
  live::SnapshotParts made = parts(project({service("web", {on("db")}), service("db")}), {});
  made.engine = {};
  CHECK(shown(made, "db") == "? not known |  |  | \n  ↑ web");
  CHECK(shown(made, "web") == "? not known |  |  | \n  ");
  const auto connecting = explain::report(*live::assemble(made));
  CHECK(connecting.notice == "connecting to the Docker Engine");
  CHECK(connecting.summary == "2 services");
  CHECK(connecting.waiting);
  CHECK_FALSE(connecting.all_good);

  made.engine.connection = live::Connection::lost;
  made.engine.error = Error{"engine-down", "the Engine is down"};
  const auto lost = explain::report(*live::assemble(made));
  CHECK(lost.notice == "the Engine is down");
  CHECK(to_json(lost.services[0])["State"] == "unknown");
}

TEST_CASE("hints show the parts that are asked for") {
  const auto snapshot = live::assemble(shop());
  const auto hint = [&](const std::string& service, const std::string& parts) {
    return explain::hint(explain::report(*snapshot, *snapshot->find(service)),
                         explain::parse_hint_parts(parts));
  };
  CHECK(hint("catalog", "") == "");
  CHECK(hint("catalog", "state") == "● healthy");
  CHECK(hint("web", "state") == "● running");
  CHECK(hint("catalog", "latency") == "3 ms");
  CHECK(hint("catalog", "used-by,url , STATE,nonsense") ==
        "● healthy · http://localhost:8081 · ↑ web");
  CHECK(hint("payments", "latency,url") == "");
}

TEST_CASE("many dependents are counted") {
  std::vector<compose::Service> services = {service("db")};
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
    services.push_back(service(name, {on("db"), on("db", Condition::healthy)}));
  }
  services.push_back(service("top", {on("a")}));
  services.push_back(service("peak", {on("top"), on("b")}));
  const auto snapshot = live::assemble(parts(project(services), {container("db")}));
  const auto report = explain::report(*snapshot, *snapshot->find("db"));
  CHECK(explain::hint(report, kAll) == "● running · ↑ a, b, c +4");
  CHECK(report.used_by.size() == 7);
  CHECK(report.used_by_indirectly == std::vector<std::string>{"top", "peak"});
}

TEST_CASE("a long chain of dependents is named as far as its bound") {
  std::vector<compose::Service> chain = {service("s0")};
  for (int i = 1; i < 300; ++i) {
    chain.push_back(service("s" + std::to_string(i), {on("s" + std::to_string(i - 1))}));
  }
  const auto snapshot = live::assemble(parts(project(chain), {}));
  const auto report = explain::report(*snapshot, snapshot->services[0]);
  CHECK(report.used_by == std::vector<std::string>{"s1"});
  REQUIRE(report.used_by_indirectly.size() == explain::kMaxIndirect);
  CHECK(report.used_by_indirectly.front() == "s2");
}

TEST_CASE("the line of a dependency says how it is while it is not satisfied") {
  const auto snapshot = live::assemble(shop());
  const auto hint = [&](const std::string& from, std::size_t edge) {
    return explain::dependency_hint(*snapshot, from, snapshot->graph->dependencies(from).at(edge));
  };
  CHECK(hint("web", 0) == "◐ waits for payments");
  CHECK(hint("web", 1) == "");
  CHECK(hint("orders", 0) == "▲ unhealthy 3×: db: connection refused");
  CHECK(hint("catalog", 0) == "");

  const auto down = live::assemble(parts(project({service("a", {on("b")}), service("b")}), {}));
  CHECK(explain::dependency_hint(*down, "a", down->graph->dependencies("a")[0]).empty());
}

TEST_CASE("the trail, the health log and the percentiles are passed on") {
  health::ProbeStatus probe = probed(false, "503", 2ms, false, "db: \x1b[31mDOWN", 503);
  for (int i = 1; i <= 20; ++i) {
    health::ProbeResult good = *probed(true, "200", std::chrono::milliseconds(i), false).last;
    probe.add(std::move(good));
  }
  engine::Container one = with_health(container("a"), HealthStatus::healthy, 0, "all\nwell\x07");
  one.health->log.push_back({kNoon, kNoon + 1s, 0, "newest"});
  live::SnapshotParts made = parts(nullptr, {one});
  made.probes = {{"a", probe}};
  const auto snapshot = live::assemble(made);
  const auto report = explain::report(*snapshot, snapshot->services[0]);
  REQUIRE(report.trail.size() == 1);
  CHECK(report.trail[0].cause == "503, db: \\x1b[31mDOWN");
  REQUIRE(report.health_log.size() == 2);
  CHECK(report.health_log[0].second == "newest");
  CHECK(report.health_log[1].second == "all well\\x07");
  REQUIRE(report.latency);
  CHECK(report.latency->p50 == 10ms);
  CHECK(report.latency_samples == 20);
  CHECK(report.last_latency == 20ms);
}

TEST_CASE("durations are told from the time that is asked for") {
  const auto snapshot = live::assemble(shop());
  CHECK(explain::report(*snapshot, *snapshot->find("web"), kNoon + 60min).up == "3h 14m");
  CHECK(explain::report(*snapshot, kNoon + 6min).services.back().up == "10m ago");
}

TEST_CASE("JSON keeps its promise") {
  const auto snapshot = live::assemble(shop());
  const nlohmann::ordered_json json = explain::to_json(explain::report(*snapshot));
  CHECK(json["Project"] == "shop");
  CHECK(json["Summary"] == "6 services: 3 ok, 1 unhealthy, 1 exited, 1 waiting");
  CHECK(json["AllGood"] == false);
  REQUIRE(json["Services"].size() == 6);
  nlohmann::ordered_json mailer = json["Services"][5];
  const std::string id = container("mailer").id.substr(0, 12);
  CHECK(mailer.dump(1, ' ') == fmt::format(R"({{
 "Service": "mailer",
 "State": "exited",
 "Status": "exited 137",
 "Tone": "bad",
 "Health": "",
 "Up": "4m ago",
 "URL": "",
 "Reason": "out of memory at its 64 MiB limit, restarted 3 times",
 "ReasonShort": "out of memory",
 "ReasonCode": "oom",
 "URLs": [],
 "DependsOn": [],
 "UsedBy": [],
 "UsedByIndirectly": [],
 "LatencyMs": null,
 "P50Ms": null,
 "P90Ms": null,
 "P99Ms": null,
 "Samples": 0,
 "Errors": [],
 "Checks": [],
 "Image": "shop/mailer",
 "ImageID": "{0}",
 "Container": "shop-mailer-1",
 "ContainerID": "{0}",
 "Containers": 1,
 "Restarts": 3,
 "ExitCode": 137,
 "OOMKilled": true,
 "StartedAt": "2019-12-20T09:46:00.000Z",
 "FinishedAt": "2019-12-20T11:56:00.000Z",
 "Since": null,
 "Orphan": false,
 "Stale": false
}})",
                                           id));
  CHECK(json["Services"][0]["DependsOn"][0].dump() ==
        R"({"Service":"orders","Condition":"service_healthy","Required":true,"Restart":false})");
  CHECK(json["Services"][0]["LatencyMs"] == 4.0);
}

TEST_CASE("hostile names and images are printable everywhere") {
  engine::Container evil = container("we\x1b[2Jb\n");
  evil.image = "a\xff\x1b]0;x\x07";
  evil.name = "\x9b\x41";
  const auto report = explain::report(*live::assemble(parts(nullptr, {evil})));
  const std::string json = explain::to_json(report).dump();  // Throws on invalid UTF-8.
  for (const char c : json) CHECK_FALSE((c >= 0 && c < 0x20));
  CHECK(report.services[0].name == "we\\x1b[2Jb ");
}
