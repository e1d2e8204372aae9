#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compose/project.h"
#include "engine/container.h"
#include "live/snapshot.h"

// Containers and projects in a few words, for the tests of live and explain.
namespace dockhand::test {

inline constexpr Time kNoon{std::chrono::hours(24 * 365 * 50 + 12)};
inline constexpr std::string_view kShop = "shop";

// A container that has run for two hours and fourteen minutes at kNoon.
inline engine::Container container(const std::string& service, int number = 1,
                                   const std::string& project = std::string(kShop)) {
  engine::Container made;
  made.name = project + "-" + service + "-" + std::to_string(number);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::size_t seed = std::hash<std::string>{}(made.name);
  for (int i = 0; i < 64; ++i) {
    made.id += kDigits[seed % 16];
    seed = seed / 16 + (seed % 16) * 0x9E3779B97F4A7C15U;
  }
  made.image = "shop/" + service;
  made.image_id = "sha256:" + made.id;
  made.labels[std::string(engine::label::kProject)] = project;
  made.labels[std::string(engine::label::kService)] = service;
  made.labels[std::string(engine::label::kNumber)] = std::to_string(number);
  made.labels[std::string(engine::label::kOneOff)] = "False";
  made.status = engine::ContainerStatus::running;
  made.started_at = kNoon - std::chrono::minutes(134);
  return made;
}

inline engine::Container with_health(engine::Container made, engine::HealthStatus status,
                                     int streak = 0, const std::string& output = {}) {
  made.health_test = {"CMD", "check"};
  made.health = engine::Health{status, streak, {}};
  const int exit_code = status == engine::HealthStatus::healthy ? 0 : 1;
  if (!output.empty()) made.health->log.push_back({kNoon, kNoon, exit_code, output});
  return made;
}

inline engine::Container ended(engine::Container made, int exit_code) {
  made.status = engine::ContainerStatus::exited;
  made.exit_code = exit_code;
  made.finished_at = kNoon - std::chrono::minutes(4);
  return made;
}

inline engine::Container in_status(engine::Container made, engine::ContainerStatus status) {
  made.status = status;
  if (status == engine::ContainerStatus::created) made.started_at.reset();
  return made;
}

inline engine::Container publishing(engine::Container made, std::uint16_t host,
                                    std::uint16_t inner) {
  made.ports.push_back({"0.0.0.0", host, inner, "tcp"});
  return made;
}

inline compose::Service service(const std::string& name,
                                std::vector<compose::Dependency> dependencies = {}) {
  compose::Service made;
  made.name = name;
  made.dependencies = std::move(dependencies);
  return made;
}

inline compose::Dependency on(const std::string& name,
                              compose::Condition condition = compose::Condition::started) {
  compose::Dependency made;
  made.service = name;
  made.condition = condition;
  return made;
}

inline std::shared_ptr<const compose::Project> project(std::vector<compose::Service> services) {
  auto made = std::make_shared<compose::Project>();
  made->name = kShop;
  made->directory = "/shop";
  made->file_paths = {"/shop/compose.yaml"};
  made->services = std::move(services);
  return made;
}

inline live::SnapshotParts parts(std::shared_ptr<const compose::Project> project,
                                 std::vector<engine::Container> containers) {
  live::SnapshotParts made;
  made.taken = kNoon;
  made.project_name = kShop;
  made.project = std::move(project);
  made.engine.connection = live::Connection::connected;
  made.engine.listed = true;
  for (engine::Container& one : containers) {
    made.containers.push_back(std::make_shared<const engine::Container>(std::move(one)));
  }
  return made;
}

inline health::ProbeStatus probed(bool good, const std::string& word, Duration latency,
                                  bool decides, const std::string& detail = {}, int status = 0) {
  health::ProbeStatus made;
  made.target.url = "http://localhost:8080/";
  made.target.decides = decides;
  health::ProbeResult result;
  result.time = kNoon;
  result.verdict = good ? health::Verdict::good : health::Verdict::bad;
  result.latency = latency;
  result.status = status;
  result.word = word;
  result.detail = detail;
  made.add(std::move(result));
  return made;
}

}  // namespace dockhand::test
