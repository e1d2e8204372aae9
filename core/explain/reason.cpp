#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/text.h"
#include "explain/report.h"
#include "explain/words.h"

namespace dockhand::explain {
namespace {

using engine::Container;
using live::ServiceState;
using live::Snapshot;
using live::State;

std::string with_restarts(std::string text, const Container& container) {
  if (container.restart_count > 0) text += ", " + times_restarted(container.restart_count);
  return text;
}

// The newest check that failed, or null.
const engine::HealthResult* last_failure(const engine::Health& health) {
  const auto found = std::find_if(health.log.rbegin(), health.log.rend(),
                                  [](const auto& result) { return result.exit_code != 0; });
  return found == health.log.rend() ? nullptr : &*found;
}

std::string words_of(const engine::HealthResult& failure) {
  std::string words = telling_line(failure.output);
  if (!words.empty()) return words;
  if (failure.exit_code < 0) return "its health check timed out";
  return fmt::format("its health check ended with {}", failure.exit_code);
}

std::string words_of(const health::ProbeResult& bad) {
  if (!bad.detail.empty()) return first_line(bad.detail, 160);
  if (bad.status != 0) return fmt::format("answers {}", printable(bad.word));
  return printable(bad.word);
}

Reason streak_reason(const std::string& words, int streak) {
  Reason reason;
  reason.text = streak > 1 ? fmt::format("{}, {} checks in a row", words, streak) : words;
  reason.brief = shorten(words);
  reason.code = "unhealthy";
  reason.streak = streak;
  return reason;
}

Reason unhealthy(const ServiceState& service, const Container& container) {
  const std::optional<engine::Health> health = container.believed_health();
  if (health && health->status == engine::HealthStatus::unhealthy) {
    const engine::HealthResult* failure = last_failure(*health);
    return streak_reason(failure == nullptr ? "its health check fails" : words_of(*failure),
                         health->failing_streak);
  }
  if (!service.probe || !service.probe->last) return {};
  return streak_reason(words_of(*service.probe->last), service.probe->bad_streak);
}

Reason out_of_memory(const Container& container) {
  Reason reason;
  reason.text = container.memory_limit == 0 ? "out of memory"
                                            : fmt::format("out of memory at its {} limit",
                                                          human_bytes(container.memory_limit));
  reason.text = with_restarts(std::move(reason.text), container);
  reason.brief = "out of memory";
  reason.code = "oom";
  return reason;
}

Reason not_startable(const Container& container) {
  Reason reason;
  reason.text = start_error(container.error);
  reason.brief = shorten(reason.text);
  reason.code = "start-failed";
  return reason;
}

Reason exited(const Snapshot& snapshot, const ServiceState& service, const Container& container) {
  if (container.oom_killed) return out_of_memory(container);
  if (!container.error.empty()) return not_startable(container);
  if (service.completed()) return {};
  if (ended_on_request(container.exit_code) && !snapshot.up) return {};
  Reason reason;
  reason.brief = exit_code_meaning(container.exit_code, false);
  reason.text = reason.brief;
  if (reason.text.empty()) {
    reason.text = container.exit_code == 0
                      ? "ended without an error"
                      : fmt::format("ended with exit code {}", container.exit_code);
  }
  reason.text = with_restarts(std::move(reason.text), container);
  reason.code = "exited";
  return reason;
}

Reason restarting(const Container& container) {
  if (container.oom_killed) return out_of_memory(container);
  Reason reason;
  if (!container.error.empty()) {
    reason = not_startable(container);
  } else {
    const std::string meaning = exit_code_meaning(container.exit_code, false);
    reason.brief = fmt::format("exited {}", container.exit_code);
    reason.text = fmt::format("exits with {}", container.exit_code);
    if (!meaning.empty()) reason.text += ", " + meaning;
  }
  reason.text = with_restarts(std::move(reason.text), container);
  reason.code = "restarting";
  return reason;
}

std::string_view to_be(compose::Condition condition) {
  switch (condition) {
    case compose::Condition::started:
      return "to start";
    case compose::Condition::healthy:
      return "to be healthy";
    case compose::Condition::completed:
      return "to finish";
  }
  return "to start";
}

Reason waits_for(const Snapshot& snapshot, const topology::Edge& edge) {
  Reason reason;
  const std::string name = printable(edge.service);
  reason.text = fmt::format("waits for {} {}", name, to_be(edge.condition));
  if (snapshot.project && !edge.origin.range.empty()) {
    reason.text += fmt::format(" ({})", printable(snapshot.project->place(edge.origin)));
  }
  reason.brief = "waits for " + name;
  reason.code = "waiting";
  return reason;
}

Reason starting(const Snapshot& snapshot, const ServiceState& service, const Container& container) {
  Reason reason;
  if (const topology::Edge* edge = awaited(snapshot, service)) reason = waits_for(snapshot, *edge);
  const std::optional<engine::Health> health = container.believed_health();
  const engine::HealthResult* failure = health ? last_failure(*health) : nullptr;
  if (failure != nullptr) {
    reason.text = words_of(*failure);
  } else if (service.probe && service.probe->last &&
             service.probe->last->verdict == health::Verdict::bad) {
    reason.text = words_of(*service.probe->last);
  } else {
    if (reason.text.empty()) reason.text = "its health check has not passed yet";
    reason.code = "waiting";
    return reason;
  }
  reason.brief = shorten(reason.text);
  reason.text = "not ready yet: " + reason.text;
  reason.code = "waiting";
  return reason;
}

bool every_container(const ServiceState& service, bool (*holds)(const Container&)) {
  return !service.containers.empty() &&
         std::all_of(service.containers.begin(), service.containers.end(),
                     [&](const auto& container) { return holds(*container); });
}

// Compose asks the container's own check only; where there is none it refuses to wait at all.
bool healthy_for_compose(const Container& container) {
  const State state = live::container_state(container);
  return state == State::healthy || state == State::running;
}

bool ended_well(const Container& container) {
  return live::container_state(container) == State::exited && container.exit_code == 0;
}

}  // namespace

bool satisfied(const topology::Edge& edge, const ServiceState& dependency) {
  switch (edge.condition) {
    case compose::Condition::healthy:
      return every_container(dependency, healthy_for_compose);
    case compose::Condition::completed:
      return every_container(dependency, ended_well);
    case compose::Condition::started:
      break;
  }
  return dependency.running() || dependency.state == State::paused ||
         every_container(dependency, ended_well);
}

const topology::Edge* awaited(const Snapshot& snapshot, const ServiceState& service) {
  if (!snapshot.graph) return nullptr;
  for (const topology::Edge& edge : snapshot.graph->dependencies(service.name)) {
    if (!edge.required) continue;
    const ServiceState* dependency = snapshot.find(edge.service);
    if (dependency != nullptr && !satisfied(edge, *dependency)) return &edge;
  }
  return nullptr;
}

Reason reason_of(const Snapshot& snapshot, const ServiceState& service) {
  const Container* container = service.worst();
  if (container == nullptr) return {};
  switch (service.state) {
    case State::unhealthy:
      return unhealthy(service, *container);
    case State::exited:
      return exited(snapshot, service, *container);
    case State::restarting:
      return restarting(*container);
    case State::starting:
      return starting(snapshot, service, *container);
    case State::dead: {
      const std::string error = start_error(container->error);
      return {error.empty() ? "the Engine could not remove it" : error, shorten(error), "dead"};
    }
    case State::created: {
      if (!container->error.empty()) return not_startable(*container);
      const topology::Edge* edge = snapshot.up ? awaited(snapshot, service) : nullptr;
      return edge == nullptr ? Reason{} : waits_for(snapshot, *edge);
    }
    case State::not_created:
    case State::running:
    case State::healthy:
    case State::paused:
      break;
  }
  return {};
}

}  // namespace dockhand::explain
