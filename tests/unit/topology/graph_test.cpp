#include "topology/graph.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>

#include "base/text.h"

namespace dockhand::topology {
namespace {

// `web: api cache; api: db; db; cache` in file order.
compose::Project project(std::string_view text) {
  compose::Project project;
  for (std::string_view line : split(text, ';')) {
    const std::string_view name = trim(line.substr(0, line.find(':')));
    compose::Service service;
    service.name = name;
    if (line.find(':') != std::string_view::npos) {
      for (std::string_view needed : split(trim(line.substr(line.find(':') + 1)), ' ')) {
        compose::Dependency dependency;
        dependency.service = needed;
        service.dependencies.push_back(std::move(dependency));
      }
    }
    project.services.push_back(std::move(service));
  }
  return project;
}

std::string names(const std::vector<Edge>& edges) {
  std::vector<std::string> result;
  for (const Edge& edge : edges) result.push_back(edge.service + (edge.missing ? "?" : ""));
  return join(result, " ");
}

std::string loops(const Graph& graph) {
  std::vector<std::string> result;
  for (const auto& cycle : graph.cycles()) result.push_back(join(cycle, " "));
  return join(result, ", ");
}

constexpr std::string_view kShop =
    "web: catalog orders; catalog: db cache; orders: db payments; payments: db; db; cache; lone";

}  // namespace

TEST_CASE("edges both ways, in file order") {
  const Graph graph(project(kShop));
  CHECK(names(graph.dependencies("web")) == "catalog orders");
  CHECK(names(graph.dependents("db")) == "catalog orders payments");
  CHECK(names(graph.dependents("web")).empty());
  CHECK(names(graph.dependencies("nobody")).empty());
  CHECK(names(graph.dependents("nobody")).empty());
}

TEST_CASE("an edge says what the dependency says") {
  compose::Project shop = project("web: db; db");
  compose::Dependency& dependency = shop.services[0].dependencies[0];
  dependency.condition = compose::Condition::healthy;
  dependency.required = false;
  dependency.restart = true;
  dependency.kind = compose::DependencyKind::link;
  dependency.origin = {3, {10, 12}};
  const Graph graph(shop);
  for (const Edge& edge : {graph.dependencies("web").at(0), graph.dependents("db").at(0)}) {
    CHECK(edge.condition == compose::Condition::healthy);
    CHECK_FALSE(edge.required);
    CHECK(edge.restart);
    CHECK(edge.kind == compose::DependencyKind::link);
    CHECK(edge.origin == compose::Origin{3, {10, 12}});
  }
  CHECK(graph.dependents("db").at(0).service == "web");
}

TEST_CASE("a service that nobody has is an edge that is marked") {
  const Graph graph(project("web: db ghost; db"));
  CHECK(names(graph.dependencies("web")) == "db ghost?");
  CHECK(join(graph.transitive_dependencies("web"), " ") == "db");
  CHECK(join(graph.start_order(), " ") == "db web");
}

TEST_CASE("everything behind a service, each once, nearest first") {
  const Graph graph(project(kShop));
  CHECK(join(graph.transitive_dependents("db"), " ") == "catalog orders payments web");
  CHECK(join(graph.transitive_dependencies("web"), " ") == "catalog orders db cache payments");
  CHECK(graph.transitive_dependents("lone").empty());
  CHECK(graph.transitive_dependents("nobody").empty());
}

TEST_CASE("orders, roots and cycles") {
  struct Case {
    std::string_view project, order, roots, cycles;
  };
  const Case cases[] = {
      {kShop, "db payments orders cache catalog web lone", "web lone", ""},
      {"a; b; c", "a b c", "a b c", ""},
      {"a: b; b: c; c", "c b a", "a", ""},
      {"a: b; b: a; c", "c a b", "c", "a b"},
      {"a: a; b", "b a", "b", "a"},
      {"top: a; a: b; b: c; c: a; free", "free top a b c", "top free", "a b c"},
      {"a: b c; b: a; c: a", "a b c", "", "a b, a c"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.project);
    const Graph graph(project(test.project));
    CHECK(join(graph.start_order(), " ") == test.order);
    CHECK(join(graph.roots(), " ") == test.roots);
    CHECK(loops(graph) == test.cycles);
  }
}

TEST_CASE("an empty graph") {
  const Graph graph;
  CHECK(graph.start_order().empty());
  CHECK(graph.cycles().empty());
  CHECK(graph.dependencies("a").empty());
}

TEST_CASE("five thousand services, in a row and around one") {
  constexpr int kCount = 5000;
  compose::Project chain;
  for (int i = 0; i < kCount; ++i) {
    compose::Service service;
    service.name = fmt::format("s{}", i);
    if (i + 1 < kCount) {
      compose::Dependency next;
      next.service = fmt::format("s{}", i + 1);
      service.dependencies.push_back(next);
    }
    chain.services.push_back(std::move(service));
  }
  const Graph row(chain);
  CHECK(row.start_order().front() == fmt::format("s{}", kCount - 1));
  CHECK(row.transitive_dependents(fmt::format("s{}", kCount - 1)).size() == kCount - 1);
  CHECK(row.cycles().empty());

  for (int i = 1; i < kCount; ++i) {
    compose::Dependency back;
    back.service = "s0";
    chain.services[static_cast<std::size_t>(i)].dependencies.push_back(back);
  }
  const Graph ring(chain);
  CHECK(ring.cycles().size() == kMaxCycles);
  CHECK(ring.dependents("s0").size() == kCount - 1);
}

}  // namespace dockhand::topology
