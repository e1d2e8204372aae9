#pragma once

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"
#include "health/prober.h"
#include "live/snapshot.h"

namespace dockhand::live {

// How probes are made: shared by one-shot looks and sessions.
struct ProbeOptions {
  health::ProbePolicy policy;
  Duration interval = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(2);
  int concurrency = 16;
};

// One look at one project, for commands that do not stay: one list unless there has just been one,
// one inspect for each container in parallel, one round of probes in parallel.
struct SurveyRequest {
  std::string project_name;
  std::shared_ptr<const compose::Project> project;  // May be null.
  ProbeOptions probes;
  // Its containers, as list_projects() has just shown them; nothing: they are asked for.
  std::optional<std::vector<engine::ContainerSummary>> listed = {};
};
Result<std::shared_ptr<const Snapshot>> survey(engine::Engine& engine, health::Prober& prober,
                                               const Clock& clock, const SurveyRequest& request,
                                               std::stop_token stop = {});

// The probe of a service that runs, or nothing. Only ports that a container really publishes are
// probed: behind one that merely stands in the file, somebody else may listen.
std::optional<health::ProbeTarget> probe_target(const ServiceState& service,
                                                const std::string& endpoint_host,
                                                const health::ProbePolicy& policy);

// A project that has containers on an endpoint.
struct ProjectSummary {
  std::string name;
  std::string directory;  // From the labels.
  std::vector<std::string> config_files;
  std::vector<std::string> services;  // With containers, sorted.
  std::vector<engine::ContainerSummary> containers;
};
// Every project with containers, one-off ones aside, sorted by name. Costs one list.
Result<std::vector<ProjectSummary>> list_projects(engine::Engine& engine,
                                                  std::stop_token stop = {});
std::vector<ProjectSummary> group_projects(const std::vector<engine::ContainerSummary>& containers);

}  // namespace dockhand::live
