#include "topology/graph.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <queue>

namespace dockhand::topology {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

Edge edge_to(const std::string& other, const compose::Dependency& dependency, bool missing) {
  Edge edge;
  edge.service = other;
  edge.condition = dependency.condition;
  edge.required = dependency.required;
  edge.restart = dependency.restart;
  edge.kind = dependency.kind;
  edge.origin = dependency.origin;
  edge.missing = missing;
  return edge;
}

}  // namespace

Graph::Graph(const compose::Project& project) {
  for (const compose::Service& service : project.services) names_.push_back(service.name);
  by_name_.resize(names_.size());
  std::iota(by_name_.begin(), by_name_.end(), 0);
  std::sort(by_name_.begin(), by_name_.end(),
            [&](int a, int b) { return names_[at(a)] < names_[at(b)]; });

  dependencies_.resize(names_.size());
  dependents_.resize(names_.size());
  needs_.resize(names_.size());
  needed_by_.resize(names_.size());
  for (std::size_t from = 0; from < names_.size(); ++from) {
    for (const compose::Dependency& dependency : project.services[from].dependencies) {
      const int to = index(dependency.service);
      dependencies_[from].push_back(edge_to(dependency.service, dependency, to < 0));
      if (to < 0) continue;
      dependents_[at(to)].push_back(edge_to(names_[from], dependency, false));
      needs_[from].push_back(to);
      needed_by_[at(to)].push_back(static_cast<int>(from));
    }
  }
}

int Graph::index(std::string_view service) const {
  const auto found =
      std::lower_bound(by_name_.begin(), by_name_.end(), service,
                       [&](int i, std::string_view name) { return names_[at(i)] < name; });
  return found != by_name_.end() && names_[at(*found)] == service ? *found : -1;
}

const std::vector<Edge>& Graph::edges(const std::vector<std::vector<Edge>>& all,
                                      std::string_view service) const {
  static const std::vector<Edge> kNone;
  const int found = index(service);
  return found < 0 ? kNone : all[at(found)];
}

const std::vector<Edge>& Graph::dependencies(std::string_view service) const {
  return edges(dependencies_, service);
}

const std::vector<Edge>& Graph::dependents(std::string_view service) const {
  return edges(dependents_, service);
}

std::vector<std::string> Graph::reachable(const Neighbours& neighbours, std::string_view service,
                                          std::size_t enough) const {
  std::vector<std::string> result;
  const int start = index(service);
  if (start < 0) return result;
  std::vector<bool> seen(names_.size());
  seen[at(start)] = true;
  std::queue<int> waiting;
  waiting.push(start);
  while (!waiting.empty() && result.size() < enough) {
    const int node = waiting.front();
    waiting.pop();
    for (const int next : neighbours[at(node)]) {
      if (seen[at(next)]) continue;
      seen[at(next)] = true;
      result.push_back(names_[at(next)]);
      waiting.push(next);
    }
  }
  return result;
}

std::vector<std::string> Graph::transitive_dependents(std::string_view service,
                                                      std::size_t enough) const {
  return reachable(needed_by_, service, enough);
}

std::vector<std::string> Graph::transitive_dependencies(std::string_view service) const {
  return reachable(needs_, service, kAll);
}

std::vector<std::string> Graph::start_order() const {
  std::vector<std::size_t> awaited(names_.size());
  std::priority_queue<int, std::vector<int>, std::greater<>> ready;  // The first of the file first.
  for (std::size_t i = 0; i < names_.size(); ++i) {
    awaited[i] = needs_[i].size();
    if (awaited[i] == 0) ready.push(static_cast<int>(i));
  }
  std::vector<std::string> order;
  while (!ready.empty()) {
    const int node = ready.top();
    ready.pop();
    order.push_back(names_[at(node)]);
    for (const int dependent : needed_by_[at(node)]) {
      if (--awaited[at(dependent)] == 0) ready.push(dependent);
    }
  }
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (awaited[i] > 0) order.push_back(names_[i]);
  }
  return order;
}

std::vector<std::vector<std::string>> Graph::cycles() const {
  enum class Mark : char { fresh, open, done };
  struct Step {
    int node;
    std::size_t next;  // The neighbour to visit next.
  };
  std::vector<std::vector<std::string>> cycles;
  std::vector<Mark> marks(names_.size(), Mark::fresh);
  std::vector<Step> path;
  for (std::size_t root = 0; root < names_.size(); ++root) {
    if (marks[root] != Mark::fresh) continue;
    path.push_back({static_cast<int>(root), 0});
    marks[root] = Mark::open;
    while (!path.empty()) {
      Step& step = path.back();
      const std::vector<int>& neighbours = needs_[at(step.node)];
      if (step.next == neighbours.size()) {
        marks[at(step.node)] = Mark::done;
        path.pop_back();
        continue;
      }
      const int next = neighbours[step.next++];
      if (marks[at(next)] == Mark::fresh) {
        marks[at(next)] = Mark::open;
        path.push_back({next, 0});
      } else if (marks[at(next)] == Mark::open) {
        std::vector<std::string>& cycle = cycles.emplace_back();
        const auto begin =
            std::find_if(path.begin(), path.end(), [&](const Step& s) { return s.node == next; });
        for (auto member = begin; member != path.end(); ++member)
          cycle.push_back(names_[at(member->node)]);
        if (cycles.size() == kMaxCycles) return cycles;
      }
    }
  }
  return cycles;
}

std::vector<std::string> Graph::roots() const {
  std::vector<std::string> roots;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    if (needed_by_[i].empty()) roots.push_back(names_[i]);
  }
  return roots;
}

}  // namespace dockhand::topology
