#include "live/survey.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "live/parallel.h"

namespace dockhand::live {
namespace {

const std::string& label(const engine::ContainerSummary& container, std::string_view name) {
  static const std::string kNone;
  const auto found = container.labels.find(std::string(name));
  return found == container.labels.end() ? kNone : found->second;
}

bool one_off(const engine::ContainerSummary& container) {
  return label(container, engine::label::kOneOff) == "True";
}

using Containers = std::vector<std::shared_ptr<const engine::Container>>;

// Every container of the project as it is now; one that went since the list was made is gone.
Result<Containers> look_at_containers(engine::Engine& engine, const SurveyRequest& request,
                                      const std::stop_token& stop) {
  Result<std::vector<engine::ContainerSummary>> asked{std::vector<engine::ContainerSummary>()};
  if (!request.listed) {
    engine::ContainerFilter filter;
    filter.project = request.project_name;
    asked = engine.list(filter, stop);
    if (!asked) return asked.error();
  }
  std::vector<std::string> ids;
  for (const engine::ContainerSummary& row : request.listed ? *request.listed : *asked) {
    if (!one_off(row)) ids.push_back(row.id);
  }
  Containers containers;
  for (Result<engine::Container>& answer : inspect_all(engine, ids, stop)) {
    if (answer) {
      containers.push_back(std::make_shared<const engine::Container>(*std::move(answer)));
    } else if (answer.error().code != "container-missing") {
      return answer.error();
    }
  }
  return containers;
}

using Probes = std::vector<std::pair<std::string, health::ProbeStatus>>;

Probes probe_all(const Snapshot& snapshot, const std::string& host, const ProbeOptions& options,
                 health::Prober& prober, const std::stop_token& stop) {
  Probes probes;
  for (const ServiceState& service : snapshot.services) {
    std::optional<health::ProbeTarget> target = probe_target(service, host, options.policy);
    if (!target) continue;
    health::ProbeStatus status;
    status.target = *std::move(target);
    probes.emplace_back(service.name, std::move(status));
  }
  const auto threads = static_cast<std::size_t>(std::max(options.concurrency, 1));
  in_parallel(probes.size(), threads, [&](std::size_t i) {
    health::ProbeStatus& status = probes[i].second;
    health::ProbeResult result = prober.probe(status.target, options.timeout, stop);
    if (!stop.stop_requested()) status.add(std::move(result));
  });
  return probes;
}

}  // namespace

Result<std::shared_ptr<const Snapshot>> survey(engine::Engine& engine, health::Prober& prober,
                                               const Clock& clock, const SurveyRequest& request,
                                               std::stop_token stop) {
  Result<Containers> containers = look_at_containers(engine, request, stop);
  if (!containers) return containers.error();
  Result<engine::EngineInfo> info = engine.info(stop);  // From memory: the list has negotiated.
  if (!info) return info.error();

  SnapshotParts parts;
  parts.taken = clock.now();
  parts.project_name = request.project_name;
  parts.project = request.project;
  parts.engine.connection = Connection::connected;
  parts.engine.listed = true;
  parts.engine.info = *std::move(info);
  parts.containers = *std::move(containers);
  parts.public_host = engine.endpoint().public_host();
  const std::shared_ptr<const Snapshot> unprobed = assemble(parts);

  parts.probes = probe_all(*unprobed, parts.public_host, request.probes, prober, stop);
  if (stop.stop_requested()) return Error{"cancelled", "cancelled"};
  if (parts.probes.empty()) return unprobed;
  parts.taken = clock.now();
  parts.graph = unprobed->graph;
  return assemble(std::move(parts));
}

std::optional<health::ProbeTarget> probe_target(const ServiceState& service,
                                                const std::string& endpoint_host,
                                                const health::ProbePolicy& policy) {
  const bool runs = std::any_of(service.containers.begin(), service.containers.end(),
                                [](const auto& container) { return container->running(); });
  if (!runs) return std::nullopt;
  const bool published = !published_ports(service.containers).empty();
  const std::vector<topology::ServiceUrl> none;
  const compose::Service undefined;
  return health::choose_probe(service.definition != nullptr ? *service.definition : undefined,
                              published ? service.urls : none, endpoint_host, policy);
}

std::vector<ProjectSummary> group_projects(
    const std::vector<engine::ContainerSummary>& containers) {
  std::map<std::string, ProjectSummary> projects;
  for (const engine::ContainerSummary& container : containers) {
    const std::string& name = label(container, engine::label::kProject);
    if (name.empty() || one_off(container)) continue;
    ProjectSummary& project = projects[name];
    project.name = name;
    if (project.directory.empty()) {
      project.directory = label(container, engine::label::kWorkingDirectory);
    }
    for (const std::string_view file : split(label(container, engine::label::kConfigFiles), ',')) {
      auto& files = project.config_files;
      if (file.empty() || std::find(files.begin(), files.end(), file) != files.end()) continue;
      files.emplace_back(file);
    }
    project.services.push_back(label(container, engine::label::kService));
    project.containers.push_back(container);
  }
  std::vector<ProjectSummary> sorted;
  for (auto& [name, project] : projects) {
    auto& services = project.services;
    std::sort(services.begin(), services.end());
    services.erase(std::unique(services.begin(), services.end()), services.end());
    sorted.push_back(std::move(project));
  }
  return sorted;
}

Result<std::vector<ProjectSummary>> list_projects(engine::Engine& engine, std::stop_token stop) {
  const Result<std::vector<engine::ContainerSummary>> rows = engine.list({}, stop);
  if (!rows) return rows.error();
  return group_projects(*rows);
}

}  // namespace dockhand::live
