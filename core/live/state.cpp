#include <algorithm>

#include "live/snapshot.h"

namespace dockhand::live {
namespace {

using engine::Container;
using engine::ContainerStatus;
using engine::HealthStatus;
using Containers = std::vector<std::shared_ptr<const Container>>;

// How bad a container's state is among those of one service: the higher, the worse.
int badness(const Container& container) {
  switch (container_state(container)) {
    case State::dead:
      return 10;
    case State::exited:
      return container.exit_code == 0 ? 1 : 9;
    case State::restarting:
      return 8;
    case State::unhealthy:
      return 7;
    case State::starting:
      return 6;
    case State::created:
      return 5;
    case State::paused:
      return 4;
    case State::running:
      return 3;
    case State::healthy:
      return 2;
    case State::not_created:
      break;
  }
  return 0;
}

const Container* worst_of(const Containers& containers) {
  const auto worst =
      std::max_element(containers.begin(), containers.end(),
                       [](const auto& a, const auto& b) { return badness(*a) < badness(*b); });
  return worst == containers.end() ? nullptr : worst->get();
}

// True while a service that nobody answers for may still be coming up.
bool may_be_starting(const Container& container, const health::ProbeResult& bad) {
  return bad.status == 0 && container.started_at && bad.time - *container.started_at < kStartGrace;
}

bool restarted_after_success(const Container& container) {
  return container.restart_policy == "always" || container.restart_policy == "unless-stopped";
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::not_created:
      return "not created";
    case State::created:
      return "created";
    case State::starting:
      return "starting";
    case State::running:
      return "running";
    case State::healthy:
      return "healthy";
    case State::unhealthy:
      return "unhealthy";
    case State::paused:
      return "paused";
    case State::restarting:
      return "restarting";
    case State::exited:
      return "exited";
    case State::dead:
      return "dead";
  }
  return "unknown";
}

State container_state(const Container& container) {
  switch (container.status) {
    case ContainerStatus::created:
      return State::created;
    case ContainerStatus::paused:
      return State::paused;
    case ContainerStatus::restarting:
      return State::restarting;
    case ContainerStatus::removing:
    case ContainerStatus::exited:
      return State::exited;
    case ContainerStatus::dead:
      return State::dead;
    case ContainerStatus::running:
      break;
  }
  const std::optional<engine::Health> health = container.believed_health();
  if (!health) return State::running;
  switch (health->status) {
    case HealthStatus::none:
      return State::running;
    case HealthStatus::starting:
      return State::starting;
    case HealthStatus::healthy:
      return State::healthy;
    case HealthStatus::unhealthy:
      return State::unhealthy;
  }
  return State::running;
}

State worst_state(const Containers& containers, const std::optional<health::ProbeStatus>& probe) {
  const Container* worst = worst_of(containers);
  if (worst == nullptr) return State::not_created;
  const State state = container_state(*worst);
  if (!probe || !probe->target.decides || !probe->last) return state;
  if (state != State::running && state != State::healthy) return state;
  if (probe->last->verdict == health::Verdict::good) return State::healthy;
  return may_be_starting(*worst, *probe->last) ? State::starting : State::unhealthy;
}

std::vector<engine::PublishedPort> published_ports(const Containers& containers) {
  std::vector<engine::PublishedPort> all;
  for (const auto& container : containers) {
    if (!container->running()) continue;
    for (const engine::PublishedPort& port : container->ports) {
      if (std::find(all.begin(), all.end(), port) == all.end()) all.push_back(port);
    }
  }
  return all;
}

const Container* ServiceState::worst() const { return worst_of(containers); }

bool ServiceState::completed() const {
  if (state != State::exited) return false;
  if (definition != nullptr && !definition->ports.empty()) return false;
  return std::all_of(containers.begin(), containers.end(), [](const auto& container) {
    const bool server = !container->health_test.empty() && container->health_test[0] != "NONE";
    return container->exit_code == 0 && !server && !restarted_after_success(*container);
  });
}

bool ServiceState::running() const {
  return state == State::starting || state == State::running || state == State::healthy ||
         state == State::unhealthy;
}

}  // namespace dockhand::live
