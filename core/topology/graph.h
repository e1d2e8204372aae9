#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "compose/project.h"

namespace dockhand::topology {

// One edge, seen from either end.
struct Edge {
  std::string service;  // The other end.
  compose::Condition condition = compose::Condition::started;
  bool required = true;
  bool restart = false;
  compose::DependencyKind kind = compose::DependencyKind::depends_on;
  compose::Origin origin;  // Where the dependent names the dependency.
  bool missing = false;    // The project has no such service.
};

// cycles() stops after this many.
inline constexpr std::size_t kMaxCycles = 100;
// A search without an end of its own.
inline constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();

// Who needs whom in one project. Services are named; names that no service has are kept as edges
// and marked missing. Immutable; copies of strings, so it outlives the project it came from.
class Graph {
 public:
  Graph() = default;
  explicit Graph(const compose::Project& project);

  // In the order of the file. Empty for unknown names.
  const std::vector<Edge>& dependencies(std::string_view service) const;
  const std::vector<Edge>& dependents(std::string_view service) const;

  // Everything that stops working when the service does: its dependents, theirs, and so on, each
  // once, nearest first; the service itself is not among them, even where it is on a cycle. At
  // least `enough` of them are found where there are as many; the search goes no further than it
  // must.
  std::vector<std::string> transitive_dependents(std::string_view service,
                                                 std::size_t enough = kAll) const;
  std::vector<std::string> transitive_dependencies(std::string_view service) const;

  // An order in which Compose could start them: dependencies before dependents, ties in file order.
  // Services on a cycle, and those that need them, come last, in file order.
  std::vector<std::string> start_order() const;

  // Every elementary loop found by one depth-first search, as `a, b, c` for a -> b -> c -> a.
  std::vector<std::vector<std::string>> cycles() const;

  // Services that nothing depends on, in file order: where a tree of dependencies begins.
  std::vector<std::string> roots() const;
  const std::vector<std::string>& services() const { return names_; }

 private:
  int index(std::string_view service) const;  // -1 for unknown names.

  std::vector<std::string> names_;
  std::vector<int> by_name_;                         // Indices into names_, sorted by name.
  using Neighbours = std::vector<std::vector<int>>;  // Indices; what is missing has none.

  const std::vector<Edge>& edges(const std::vector<std::vector<Edge>>& all,
                                 std::string_view service) const;
  std::vector<std::string> reachable(const Neighbours& neighbours, std::string_view service,
                                     std::size_t enough) const;

  std::vector<std::vector<Edge>> dependencies_, dependents_;
  Neighbours needs_, needed_by_;
};

}  // namespace dockhand::topology
