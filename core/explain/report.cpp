#include "explain/report.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/text.h"
#include "base/unicode.h"
#include "explain/words.h"

namespace dockhand::explain {
namespace {

using engine::Container;
using live::ServiceState;
using live::Snapshot;
using live::State;

constexpr Symbol kOk{"●", "*"};
constexpr Symbol kWaiting{"◐", "~"};
constexpr Symbol kUnhealthy{"▲", "!"};
constexpr Symbol kEnded{"✕", "x"};
constexpr Symbol kAbsent{"○", "o"};
constexpr Symbol kPaused{"⏸", "="};
constexpr Symbol kRestarting{"↻", "@"};
constexpr Symbol kUnknown{"?", "?"};

constexpr std::size_t kOutputWidth = 300;  // Columns of one health check's output.

bool known(const Snapshot& snapshot) {
  return snapshot.engine.listed || snapshot.engine.connection == live::Connection::connected;
}

struct Look {
  Symbol symbol;
  Tone tone;
  std::string word;
};

Look exited_look(const Snapshot& snapshot, const ServiceState& service, const Container& worst) {
  if (service.completed()) return {kOk, Tone::good, "finished"};
  const bool wrong = snapshot.up || !ended_on_request(worst.exit_code) || worst.oom_killed;
  return {kEnded, wrong ? Tone::bad : Tone::idle, fmt::format("exited {}", worst.exit_code)};
}

Look created_look(const Snapshot& snapshot, const Container& worst, const Reason& reason) {
  if (!worst.error.empty()) return {kEnded, Tone::bad, "not started"};
  if (reason.code == "waiting") return {kWaiting, Tone::waiting, "created"};
  return {kAbsent, snapshot.up ? Tone::waiting : Tone::idle, "created"};
}

std::string restarting_word(const Container& worst) {
  if (worst.restart_count == 0) return "restarting";
  return fmt::format("restarting {}×", worst.restart_count);
}

Look look_of(const Snapshot& snapshot, const ServiceState& service, const Reason& reason) {
  const Container* worst = service.worst();
  if (worst == nullptr) return {kAbsent, Tone::idle, "not created"};
  switch (service.state) {
    case State::exited:
      return exited_look(snapshot, service, *worst);
    case State::created:
      return created_look(snapshot, *worst, reason);
    case State::restarting:
      return {kRestarting, Tone::bad, restarting_word(*worst)};
    case State::running:
      return {kOk, Tone::good, "running"};
    case State::healthy:
      return {kOk, Tone::good, "healthy"};
    case State::unhealthy:
      return {kUnhealthy, Tone::bad, "unhealthy"};
    case State::starting:
      return {kWaiting, Tone::waiting, "starting"};
    case State::paused:
      return {kPaused, Tone::idle, "paused"};
    case State::dead:
      return {kEnded, Tone::bad, "dead"};
    case State::not_created:
      break;
  }
  return {kAbsent, Tone::idle, "not created"};
}

// `(1 of 3)` where the containers of a scaled service differ: how many share the state shown.
std::string share_of(const ServiceState& service) {
  const Container* worst = service.worst();
  if (worst == nullptr || service.containers.size() < 2) return {};
  const State state = live::container_state(*worst);
  const auto alike = std::count_if(
      service.containers.begin(), service.containers.end(),
      [&](const auto& container) { return live::container_state(*container) == state; });
  if (static_cast<std::size_t>(alike) == service.containers.size()) return {};
  return fmt::format(" ({} of {})", alike, service.containers.size());
}

std::string health_words(const health::ProbeResult& result) {
  const std::string word = printable(result.word);
  const bool answered = result.status != 0 || result.verdict == health::Verdict::good;
  return answered ? fmt::format("{} in {}", word, human_latency(result.latency)) : word;
}

void add_probe(const health::ProbeStatus& probe, bool shown, ServiceReport& report) {
  report.latency = probe.latencies.percentiles();
  report.latency_samples = probe.latencies.size();
  for (const health::TrailEntry& entry : probe.trail) {
    report.trail.push_back({entry.time, printable(entry.cause)});
  }
  if (!shown || !probe.last) return;
  report.health = health_words(*probe.last);
  if (probe.last->verdict == health::Verdict::good) {
    report.last_latency = probe.last->latency;
  } else if (!probe.target.decides) {
    report.remark = printable(probe.last->word);
  }
}

void add_health_log(const Container& container, ServiceReport& report) {
  if (!container.health) return;
  const std::vector<engine::HealthResult>& log = container.health->log;
  for (auto result = log.rbegin(); result != log.rend(); ++result) {
    const std::string text = printable(trim(std::string_view(result->output).substr(0, 4096)));
    report.health_log.emplace_back(result->end, truncate_to_width(text, kOutputWidth));
  }
}

std::string short_id(std::string_view id) {
  if (id.starts_with("sha256:")) id.remove_prefix(7);
  return printable(id.substr(0, 12));
}

std::string up_words(const Container& container, const ServiceState& service, Time now) {
  if (service.running() || service.state == State::paused) {
    return container.started_at ? human_duration(now - *container.started_at) : std::string();
  }
  const bool ended = service.state == State::exited || service.state == State::dead ||
                     service.state == State::restarting;
  if (!ended || !container.finished_at) return {};
  return human_duration(now - *container.finished_at) + " ago";
}

void add_container(const ServiceState& service, Time now, ServiceReport& report) {
  report.containers = static_cast<int>(service.containers.size());
  const Container* worst = service.worst();
  if (worst == nullptr) return;
  report.up = up_words(*worst, service, now);
  report.image = printable(worst->image);
  report.image_id = short_id(worst->image_id);
  report.container_name = printable(worst->name);
  report.container_id = short_id(worst->id);
  report.restarts = worst->restart_count;
  report.started_at = worst->started_at;
  report.finished_at = worst->finished_at;
  const bool ended = service.state == State::exited || service.state == State::dead ||
                     service.state == State::restarting;
  if (ended) report.exit_code = worst->exit_code;
  report.oom = ended && worst->oom_killed;
  add_health_log(*worst, report);
}

// Dependents of dependents, nearest first, each once. The direct ones are the nearest of all, so
// they stand at the head of what the graph finds.
std::vector<std::string> further_up(const topology::Graph& graph, const std::string& service,
                                    const std::vector<std::string>& direct) {
  const auto others = static_cast<std::size_t>(std::count_if(
      direct.begin(), direct.end(), [&](const std::string& name) { return name != service; }));
  std::vector<std::string> found = graph.transitive_dependents(service, others + kMaxIndirect);
  found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(others));
  if (found.size() > kMaxIndirect) found.resize(kMaxIndirect);
  return found;
}

void add_graph(const topology::Graph& graph, ServiceReport& report) {
  report.depends_on = graph.dependencies(report.name);
  for (const topology::Edge& edge : graph.dependents(report.name)) {
    // A dependent's edges stand together, one for each way in which it needs the service.
    const bool named = !report.used_by.empty() && report.used_by.back() == edge.service;
    if (!named) report.used_by.push_back(edge.service);
  }
  report.used_by_indirectly = further_up(graph, report.name, report.used_by);
}

void forget_what_may_have_changed(ServiceReport& report) {
  report.stale = true;
  report.tone = Tone::idle;
  report.symbol = kUnknown;
  report.state_word = "was " + report.state_word;
}

}  // namespace

ServiceReport report(const Snapshot& snapshot, const ServiceState& service, Time now) {
  ServiceReport report;
  report.name = printable(service.name);
  report.state = service.state;
  report.since = service.since;
  report.orphan = snapshot.project != nullptr && service.definition == nullptr;
  if (snapshot.graph) add_graph(*snapshot.graph, report);
  if (!known(snapshot)) {
    report.known = false;
    report.symbol = kUnknown;
    report.state_word = "not known";
    return report;
  }
  Reason reason = reason_of(snapshot, service);
  Look look = look_of(snapshot, service, reason);
  report.symbol = look.symbol;
  report.tone = look.tone;
  report.state_word = std::move(look.word) + share_of(service);
  report.reason = std::move(reason.text);
  report.reason_short = std::move(reason.brief);
  report.reason_code = std::move(reason.code);
  report.bad_streak = reason.streak;
  if (service.running()) report.urls = service.urls;
  add_container(service, now, report);
  if (service.probe) add_probe(*service.probe, service.running(), report);
  if (snapshot.engine.connection == live::Connection::lost) forget_what_may_have_changed(report);
  return report;
}

ServiceReport report(const Snapshot& snapshot, const ServiceState& service) {
  return report(snapshot, service, snapshot.taken);
}

}  // namespace dockhand::explain
