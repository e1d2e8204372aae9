#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "compose/project.h"
#include "engine/container.h"
#include "engine/engine.h"
#include "health/probe.h"
#include "topology/graph.h"
#include "topology/url.h"

namespace dockhand::live {

// A service's state: the worst of its containers', see worst_state().
enum class State : std::uint8_t {
  not_created,  // No container.
  created,      // A container that was never started.
  starting,     // Runs; its health check has not passed yet.
  running,      // Runs, and has no health check.
  healthy,      // Runs, and its health check, or the probe that x-dev asks for, passes.
  unhealthy,    // Runs, and its health check, or the probe that x-dev asks for, fails.
  paused,
  restarting,  // Between two attempts of its restart policy.
  exited,      // Ended; see Container::exit_code and completed().
  dead,
};
std::string_view to_string(State state);  // `not created`, `running`, …

// One service in a Snapshot.
struct ServiceState {
  std::string name;
  // Of Snapshot::project; null for containers of a service that no file has (an orphan).
  const compose::Service* definition = nullptr;
  State state = State::not_created;
  std::vector<std::shared_ptr<const engine::Container>> containers;  // By container number.
  std::vector<topology::ServiceUrl> urls;
  std::optional<health::ProbeStatus> probe;
  // When somebody watched: since when the service has been in this state.
  std::optional<Time> since;

  // The container that the state comes from; null when there is none.
  const engine::Container* worst() const;
  // An ended job that did what it should: every container exited with 0 and nothing restarts it.
  // What publishes ports or has a health check is a server, which is never finished.
  bool completed() const;
  // Runs in any way: starting, running, healthy or unhealthy.
  bool running() const;
};

enum class Connection : std::uint8_t { connecting, connected, lost };

struct EngineState {
  Connection connection = Connection::connecting;
  std::optional<Error> error;  // Why it was lost.
  std::optional<Time> since;   // Of the present connection state.
  // A list has come at least once. While false, nothing is known of any service.
  bool listed = false;
  engine::EngineInfo info;
};

// All that is known of one project at one time. Immutable, and shared by whoever looks at it. When
// the Engine is lost, the last known containers stay, and `engine` says so.
struct Snapshot {
  Time taken{};
  std::string project_name;
  std::shared_ptr<const compose::Project> project;  // Null when only containers are known.
  std::shared_ptr<const topology::Graph> graph;     // Never null.
  EngineState engine;
  // In file order; disabled ones without containers left out; orphans last, by name.
  std::vector<ServiceState> services;
  std::vector<std::uint32_t> by_name;  // Indices into services, sorted by name, for find().
  bool up = false;                     // Some service runs.

  // Null for unknown names. O(log n).
  const ServiceState* find(std::string_view service) const;
};

// Makes a Snapshot from its parts: the pure core of this folder. `containers` are those of the
// project, one-off ones are ignored. `probes` are by service name. Costs O(n log n).
struct SnapshotParts {
  Time taken{};
  std::string project_name;
  std::shared_ptr<const compose::Project> project;
  // Null: the previous Snapshot's where the project is the same, else made from the project, or
  // from the labels of the containers.
  std::shared_ptr<const topology::Graph> graph;
  EngineState engine;
  std::vector<std::shared_ptr<const engine::Container>> containers;
  std::vector<std::pair<std::string, health::ProbeStatus>> probes;
  std::string public_host = "localhost";
  std::shared_ptr<const Snapshot> previous;  // For `since`.
};
std::shared_ptr<const Snapshot> assemble(SnapshotParts parts);

// The state of one container. Its health is believed only while it runs.
State container_state(const engine::Container& container);

// The state of a service: that of its worst container, from dead over exited with an error,
// restarting, unhealthy, starting, created, paused, healthy and running to exited with 0. A probe
// that decides makes running and healthy unhealthy when it is bad, and running healthy when it is
// good; while nobody answers it at all, a container younger than kStartGrace is starting.
inline constexpr Duration kStartGrace = std::chrono::seconds(30);
State worst_state(const std::vector<std::shared_ptr<const engine::Container>>& containers,
                  const std::optional<health::ProbeStatus>& probe);

// What the published ports of the running ones among these containers are, each once.
std::vector<engine::PublishedPort> published_ports(
    const std::vector<std::shared_ptr<const engine::Container>>& containers);

}  // namespace dockhand::live
