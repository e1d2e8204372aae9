#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/text.h"
#include "explain/report.h"
#include "explain/words.h"

namespace dockhand::explain {
namespace {

using live::ServiceState;
using live::Snapshot;
using live::State;

// A file as people name it: relative to the project's directory where it lies there.
std::string relative(std::string_view path, std::string_view directory) {
  const bool inside = !directory.empty() && path.size() > directory.size() + 1 &&
                      path.starts_with(directory) && path[directory.size()] == '/';
  return printable(inside ? path.substr(directory.size() + 1) : path);
}

std::string files_of(const Snapshot& snapshot) {
  std::vector<std::string> paths;
  std::string directory;
  if (snapshot.project) {
    paths = snapshot.project->file_paths;
    directory = snapshot.project->directory;
  } else if (!snapshot.services.empty() && !snapshot.services.front().containers.empty()) {
    const engine::Container& container = *snapshot.services.front().containers.front();
    paths = container.config_files();
    directory = container.label(engine::label::kWorkingDirectory);
  }
  for (std::string& path : paths) path = relative(path, directory);
  return join(paths, " + ");
}

bool ok(const ServiceState& service) {
  return service.state == State::healthy || service.state == State::running || service.completed();
}

// True when the project should run this service.
bool expected(const Snapshot& snapshot, const ServiceState& service) {
  if (!snapshot.project) return true;
  const compose::Service* definition = service.definition;
  return definition != nullptr && definition->enabled && definition->replicas > 0;
}

// In which words the summary counts a service; the order is that of the summary.
constexpr std::array<std::string_view, 11> kBuckets = {
    "ok",       "unhealthy", "exited",  "dead",   "restarting", "not startable",
    "starting", "waiting",   "created", "paused", "not created"};

std::string_view bucket(const ServiceState& service, const ServiceReport& report) {
  if (ok(service)) return "ok";
  if (report.reason_code == "start-failed") return "not startable";
  if (service.state == State::created && report.reason_code == "waiting") return "waiting";
  return live::to_string(service.state);
}

std::string summary_of(const Snapshot& snapshot, const std::vector<ServiceReport>& reports) {
  const std::string total = human_count(reports.size(), "service");
  if (reports.empty() || !reports.front().known) return total;
  std::map<std::string_view, int> counts;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ++counts[bucket(snapshot.services[i], reports[i])];
  }
  if (counts.size() == 1) {
    const std::string_view word = counts.begin()->first;
    if (reports.size() == 1) return fmt::format("{}: {}", total, word);
    if (word == "not created") return total + ": none created";
    return fmt::format("{}: all {}", total, word);
  }
  std::vector<std::string> parts;
  for (const std::string_view word : kBuckets) {
    if (const auto found = counts.find(word); found != counts.end()) {
      parts.push_back(fmt::format("{} {}", found->second, word));
    }
  }
  return fmt::format("{}: {}", total, join(parts, ", "));
}

std::string notice_of(const live::EngineState& engine, Time now) {
  if (engine.connection == live::Connection::connected) return {};
  if (engine.connection == live::Connection::connecting) {
    return engine.listed ? "connecting to the Docker Engine again"
                         : "connecting to the Docker Engine";
  }
  std::string text = "the Docker Engine is not reachable";
  if (engine.error) {
    text = printable(engine.error->what);
    if (!engine.error->why.empty()) text += ": " + printable(engine.error->why);
  }
  if (!engine.listed) return text;
  if (!engine.since) return text + "; all of this is as it was last seen";
  return fmt::format("{}; all of this is as it was {} ago", text,
                     human_duration(now - *engine.since));
}

// Whether something is still coming up: it starts, or waits for what is itself coming up. What
// waits for a service that failed waits for ever.
bool anything_comes_up(const Snapshot& snapshot) {
  std::map<std::string_view, bool> comes_up;
  const std::vector<std::string> order =
      snapshot.graph ? snapshot.graph->start_order() : std::vector<std::string>{};
  bool any = false;
  const auto visit = [&](const ServiceState& service) {
    bool coming = service.state == State::starting;
    if (service.state == State::created && snapshot.up && service.worst()->error.empty()) {
      const topology::Edge* edge = awaited(snapshot, service);
      coming = edge == nullptr || comes_up[edge->service];
    }
    comes_up[service.name] = coming;
    any = any || coming;
  };
  for (const std::string& name : order) {
    if (const ServiceState* service = snapshot.find(name)) visit(*service);
  }
  for (const ServiceState& service : snapshot.services) {
    if (!comes_up.contains(service.name)) visit(service);
  }
  return any;
}

}  // namespace

ProjectReport report(const Snapshot& snapshot, Time now) {
  ProjectReport project;
  project.name = printable(snapshot.project_name);
  project.files = files_of(snapshot);
  project.services.reserve(snapshot.services.size());
  const bool current = snapshot.engine.connection == live::Connection::connected;
  project.all_good = current;
  for (const ServiceState& service : snapshot.services) {
    project.services.push_back(report(snapshot, service, now));
    if (expected(snapshot, service) && !ok(service)) project.all_good = false;
  }
  project.summary = summary_of(snapshot, project.services);
  project.notice = notice_of(snapshot.engine, now);
  project.waiting = current ? anything_comes_up(snapshot)
                            : snapshot.engine.connection == live::Connection::connecting;
  return project;
}

ProjectReport report(const Snapshot& snapshot) { return report(snapshot, snapshot.taken); }

}  // namespace dockhand::explain
