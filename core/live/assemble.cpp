#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "live/snapshot.h"

namespace dockhand::live {
namespace {

using engine::Container;
using ContainerPtr = std::shared_ptr<const Container>;

long long number_of(const Container& container) {
  return parse_integer(container.label(engine::label::kNumber)).value_or(0);
}

// Service by service, each by container number.
std::vector<ContainerPtr> in_order(std::vector<ContainerPtr> containers) {
  containers.erase(
      std::remove_if(containers.begin(), containers.end(),
                     [](const ContainerPtr& c) { return c->one_off() || c->service().empty(); }),
      containers.end());
  struct Keyed {
    long long number;
    ContainerPtr container;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(containers.size());
  for (ContainerPtr& container : containers) {
    const long long number = number_of(*container);
    keyed.push_back({number, std::move(container)});
  }
  std::sort(keyed.begin(), keyed.end(), [](const Keyed& a, const Keyed& b) {
    if (const int order = a.container->service().compare(b.container->service())) return order < 0;
    if (a.number != b.number) return a.number < b.number;
    return a.container->id < b.container->id;
  });
  std::vector<ContainerPtr> sorted;
  sorted.reserve(keyed.size());
  for (Keyed& entry : keyed) sorted.push_back(std::move(entry.container));
  return sorted;
}

using ByService = std::map<std::string, std::vector<ContainerPtr>, std::less<>>;

ByService group(std::vector<ContainerPtr> containers) {
  ByService groups;
  for (ContainerPtr& container : in_order(std::move(containers))) {
    auto& group = groups[container->service()];
    group.push_back(std::move(container));
  }
  return groups;
}

compose::Condition condition_of(std::string_view word) {
  for (const auto condition : {compose::Condition::healthy, compose::Condition::completed}) {
    if (word == compose::to_string(condition)) return condition;
  }
  return compose::Condition::started;
}

// `db:service_healthy:true,cache:service_started:false`; old versions wrote bare names, and Compose
// then restarts with them.
std::vector<compose::Dependency> dependencies_in(std::string_view label) {
  std::vector<compose::Dependency> all;
  for (const std::string_view entry : split(label, ',')) {
    const std::vector<std::string_view> parts = split(trim(entry), ':');
    if (parts[0].empty()) continue;
    compose::Dependency dependency;
    dependency.service = parts[0];
    if (parts.size() > 1) dependency.condition = condition_of(parts[1]);
    dependency.restart = parts.size() < 3 || parts[2] == "true";
    all.push_back(std::move(dependency));
  }
  // Compose writes them in no order of its own.
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.service < b.service; });
  return all;
}

topology::Graph graph_from_labels(const ByService& groups) {
  compose::Project project;
  for (const auto& [name, containers] : groups) {
    compose::Service service;
    service.name = name;
    service.dependencies = dependencies_in(containers.front()->label(engine::label::kDependsOn));
    project.services.push_back(std::move(service));
  }
  return topology::Graph(project);
}

std::shared_ptr<const topology::Graph> graph_for(const SnapshotParts& parts,
                                                 const ByService& groups) {
  if (parts.graph) return parts.graph;
  if (!parts.project) return std::make_shared<topology::Graph>(graph_from_labels(groups));
  if (parts.previous && parts.previous->project == parts.project) return parts.previous->graph;
  return std::make_shared<topology::Graph>(*parts.project);
}

// Since when the service has been in this state, as far as somebody watched.
std::optional<Time> since_when(const SnapshotParts& parts, const ServiceState& service) {
  if (!parts.previous || !parts.previous->engine.listed) return std::nullopt;
  const ServiceState* before = parts.previous->find(service.name);
  const State was = before == nullptr ? State::not_created : before->state;
  if (was != service.state) return parts.taken;
  return before == nullptr ? std::nullopt : before->since;
}

class Assembler {
 public:
  explicit Assembler(SnapshotParts parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const Snapshot> run() {
    ByService groups = group(std::move(parts_.containers));
    std::sort(parts_.probes.begin(), parts_.probes.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    snapshot_->taken = parts_.taken;
    snapshot_->project_name = parts_.project_name;
    snapshot_->project = parts_.project;
    snapshot_->graph = graph_for(parts_, groups);
    snapshot_->engine = parts_.engine;
    if (parts_.project) add_defined(*parts_.project, groups);
    for (auto& [name, containers] : groups) add(name, nullptr, std::move(containers));
    index();
    return snapshot_;
  }

 private:
  void add_defined(const compose::Project& project, ByService& groups) {
    snapshot_->services.reserve(project.services.size());
    for (const compose::Service& definition : project.services) {
      const auto found = groups.find(definition.name);
      if (found == groups.end()) {
        if (definition.enabled) add(definition.name, &definition, {});
        continue;
      }
      add(definition.name, &definition, std::move(found->second));
      groups.erase(found);
    }
  }

  void add(const std::string& name, const compose::Service* definition,
           std::vector<ContainerPtr> containers) {
    ServiceState service;
    service.name = name;
    service.definition = definition;
    service.containers = std::move(containers);
    const std::vector<engine::PublishedPort> ports = published_ports(service.containers);
    service.urls = definition != nullptr
                       ? topology::service_urls(*definition, ports, parts_.public_host)
                       : topology::container_urls(ports, parts_.public_host);
    const auto probe = std::lower_bound(
        parts_.probes.begin(), parts_.probes.end(), name,
        [](const auto& entry, const std::string& key) { return entry.first < key; });
    if (probe != parts_.probes.end() && probe->first == name) service.probe = probe->second;
    service.state = worst_state(service.containers, service.probe);
    service.since = since_when(parts_, service);
    snapshot_->up = snapshot_->up || service.running();
    snapshot_->services.push_back(std::move(service));
  }

  void index() {
    const std::vector<ServiceState>& services = snapshot_->services;
    std::vector<std::uint32_t>& order = snapshot_->by_name;
    order.resize(services.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return services[a].name < services[b].name;
    });
  }

  SnapshotParts parts_;
  std::shared_ptr<Snapshot> snapshot_ = std::make_shared<Snapshot>();
};

}  // namespace

const ServiceState* Snapshot::find(std::string_view service) const {
  const auto found = std::lower_bound(
      by_name.begin(), by_name.end(), service,
      [&](std::uint32_t i, std::string_view key) { return services[i].name < key; });
  if (found == by_name.end() || services[*found].name != service) return nullptr;
  return &services[*found];
}

std::shared_ptr<const Snapshot> assemble(SnapshotParts parts) {
  return Assembler(std::move(parts)).run();
}

}  // namespace dockhand::live
