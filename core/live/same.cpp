#include "live/same.h"

#include <algorithm>
#include <tuple>

#include "base/human.h"

namespace dockhand::live {
namespace {

bool same_result(const engine::HealthResult& a, const engine::HealthResult& b) {
  return std::tie(a.start, a.end, a.exit_code, a.output) ==
         std::tie(b.start, b.end, b.exit_code, b.output);
}

bool same_health(const std::optional<engine::Health>& a, const std::optional<engine::Health>& b) {
  if (a.has_value() != b.has_value()) return false;
  if (!a) return true;
  return a->status == b->status && a->failing_streak == b->failing_streak &&
         std::equal(a->log.begin(), a->log.end(), b->log.begin(), b->log.end(), same_result);
}

bool same_latency(std::optional<Duration> a, std::optional<Duration> b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || *a == *b || human_latency(*a) == human_latency(*b);
}

bool same_percentiles(const health::LatencyWindow& a, const health::LatencyWindow& b) {
  const auto left = a.percentiles(), right = b.percentiles();
  if (left.has_value() != right.has_value()) return false;
  return !left || (same_latency(left->p50, right->p50) && same_latency(left->p90, right->p90) &&
                   same_latency(left->p99, right->p99));
}

bool same_error(const std::optional<Error>& a, const std::optional<Error>& b) {
  if (a.has_value() != b.has_value()) return false;
  return !a || std::tie(a->code, a->what, a->why) == std::tie(b->code, b->what, b->why);
}

bool same_engine(const EngineState& a, const EngineState& b) {
  return std::tie(a.connection, a.listed, a.info.version, a.info.api) ==
             std::tie(b.connection, b.listed, b.info.version, b.info.api) &&
         same_error(a.error, b.error);
}

bool same_service(const ServiceState& a, const ServiceState& b) {
  if (std::tie(a.name, a.state, a.containers, a.urls, a.definition) !=
      std::tie(b.name, b.state, b.containers, b.urls, b.definition)) {
    return false;
  }
  if (a.probe.has_value() != b.probe.has_value()) return false;
  return !a.probe || same_probe(*a.probe, *b.probe);
}

}  // namespace

bool same_container(const engine::Container& a, const engine::Container& b) {
  const auto plain = [](const engine::Container& c) {
    return std::tie(c.id, c.name, c.image, c.image_id, c.labels, c.status, c.exit_code,
                    c.oom_killed, c.error, c.restart_count, c.tty, c.memory_limit, c.restart_policy,
                    c.command, c.health_test, c.ports, c.networks, c.created_at, c.started_at,
                    c.finished_at);
  };
  return plain(a) == plain(b) && same_health(a.health, b.health);
}

bool same_probe(const health::ProbeStatus& a, const health::ProbeStatus& b) {
  if (!(a.target == b.target) || a.bad_streak != b.bad_streak) return false;
  if (a.last.has_value() != b.last.has_value()) return false;
  if (a.last) {
    if (std::tie(a.last->verdict, a.last->status, a.last->word, a.last->detail) !=
        std::tie(b.last->verdict, b.last->status, b.last->word, b.last->detail)) {
      return false;
    }
    if (!same_latency(a.last->latency, b.last->latency)) return false;
  }
  return same_percentiles(a.latencies, b.latencies);
}

bool same_substance(const Snapshot& a, const Snapshot& b) {
  return a.project_name == b.project_name && a.project == b.project &&
         same_engine(a.engine, b.engine) &&
         std::equal(a.services.begin(), a.services.end(), b.services.begin(), b.services.end(),
                    same_service);
}

}  // namespace dockhand::live
