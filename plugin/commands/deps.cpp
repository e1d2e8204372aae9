#include "plugin/commands/deps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "plugin/commands/project.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin {
namespace {

using explain::ServiceReport;
using Json = nlohmann::ordered_json;

// Deeper than this nobody reads, and the recursion must end somewhere.
constexpr std::size_t kDeepest = 100;

constexpr std::array<Flag, 3> kFlags = {{
    {"format", 0, FlagKind::text, "Format output: \"tree\" or \"json\"", Values::words,
     "tree json"},
    {"no-trunc", 0, FlagKind::boolean, "Don't truncate output"},
    {"reverse", 'r', FlagKind::boolean, "Show who needs a service, instead of what it needs"},
}};

class TreeMaker {
 public:
  TreeMaker(const live::Snapshot& snapshot, bool reverse) : snapshot_(snapshot), reverse_(reverse) {
    for (const ServiceReport& service : explain::report(snapshot).services) {
      reports_[service.name] = service;
    }
  }

  render::TreeNode root(const std::string& name) { return node(name, 0); }

 private:
  render::TreeNode node(const std::string& name, std::size_t depth) {
    render::TreeNode made;
    made.label = name;
    const auto report = reports_.find(name);
    if (report != reports_.end() && report->second.known) {
      made.mark = report->second.symbol.unicode;
      made.paint = render::paint_of(report->second.tone);
      made.detail = detail_of(report->second);
    }
    const std::vector<topology::Edge>& edges = edges_of(name);
    if (edges.empty()) return made;
    if (on_path_.contains(name)) {
      made.detail = "(a cycle)";
      return made;
    }
    if (!shown_.insert(name).second || depth >= kDeepest) {
      made.detail = "(above)";
      return made;
    }
    on_path_.insert(name);
    for (const topology::Edge& edge : edges) {
      made.children.push_back(child(edge, depth + 1));
    }
    on_path_.erase(name);
    return made;
  }

  render::TreeNode child(const topology::Edge& edge, std::size_t depth) {
    render::TreeNode made = node(edge.service, depth);
    const bool known = snapshot_.project && (snapshot_.project->find(edge.service) != nullptr ||
                                             snapshot_.find(edge.service) != nullptr);
    if (snapshot_.project && !known) {
      made.detail = "no such service";
      made.paint = render::Paint::bad;
    }
    const bool disabled = known && snapshot_.find(edge.service) == nullptr;
    if (disabled) {
      made.detail = "(its profile is not active)";
      made.paint = render::Paint::dim;
    }
    if (!edge.required && made.detail.empty()) made.detail = "optional";
    // The line matters where something is to be done about it.
    const bool matters = made.paint == render::Paint::bad || made.paint == render::Paint::waiting;
    if (snapshot_.project && matters) made.place = snapshot_.project->place(edge.origin);
    return made;
  }

  static std::string detail_of(const ServiceReport& report) {
    if (report.tone == explain::Tone::good || report.reason_short.empty()) return report.state_word;
    return report.reason_code == "waiting" ? report.reason
                                           : report.state_word + ": " + report.reason_short;
  }

  const std::vector<topology::Edge>& edges_of(const std::string& name) const {
    return reverse_ ? snapshot_.graph->dependents(name) : snapshot_.graph->dependencies(name);
  }

  const live::Snapshot& snapshot_;
  bool reverse_;
  std::map<std::string, ServiceReport> reports_;
  std::set<std::string> shown_, on_path_;
};

// Where trees begin when no service is named: what nobody needs; reversed, what needs nobody.
// Services that only cycles lead to come last, so that every service is shown.
std::vector<std::string> beginnings(const live::Snapshot& snapshot, bool reverse) {
  const topology::Graph& graph = *snapshot.graph;
  std::vector<std::string> names, candidates;
  // Services of profiles that are not active are in no Snapshot.
  for (const std::string& name : graph.services()) {
    if (snapshot.find(name) != nullptr) candidates.push_back(name);
  }
  const auto present = [&snapshot](const std::vector<topology::Edge>& edges) {
    return std::any_of(edges.begin(), edges.end(), [&snapshot](const topology::Edge& edge) {
      return snapshot.find(edge.service) != nullptr;
    });
  };
  for (const std::string& name : candidates) {
    const bool led_to = present(reverse ? graph.dependencies(name) : graph.dependents(name));
    if (!led_to) names.push_back(name);
  }
  std::set<std::string> reached(names.begin(), names.end());
  const auto reach = [&](const std::string& name) {
    const std::vector<std::string> more =
        reverse ? graph.transitive_dependents(name) : graph.transitive_dependencies(name);
    reached.insert(more.begin(), more.end());
    reached.insert(name);
  };
  for (const std::string& name : names) reach(name);
  for (const std::string& name : candidates) {
    if (reached.contains(name)) continue;
    names.push_back(name);
    reach(name);
  }
  return names;
}

Json edge_json(const live::Snapshot& snapshot, const topology::Edge& edge) {
  Json json;
  json["Service"] = edge.service;
  json["Condition"] = compose::to_string(edge.condition);
  json["Required"] = edge.required;
  json["Restart"] = edge.restart;
  json["Place"] = snapshot.project ? snapshot.project->place(edge.origin) : "";
  return json;
}

std::string as_json(const live::Snapshot& snapshot, const DepsOptions& options) {
  Json services = Json::array();
  for (const ServiceReport& report : explain::report(snapshot).services) {
    const bool wanted = options.services.empty() ||
                        std::find(options.services.begin(), options.services.end(), report.name) !=
                            options.services.end();
    if (!wanted) continue;
    Json json;
    json["Service"] = report.name;
    json["State"] = report.known ? live::to_string(report.state) : "unknown";
    json["DependsOn"] = Json::array();
    for (const topology::Edge& edge : snapshot.graph->dependencies(report.name)) {
      json["DependsOn"].push_back(edge_json(snapshot, edge));
    }
    json["UsedBy"] = report.used_by;
    json["UsedByIndirectly"] = report.used_by_indirectly;
    services.push_back(std::move(json));
  }
  const Json whole = {{"Project", snapshot.project_name}, {"Services", std::move(services)}};
  return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// Dependencies are known from the file alone: without an Engine only the states are missing.
Result<std::shared_ptr<const live::Snapshot>> look(Context& context, const Target& target) {
  Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return engine.error();
  live::ProbeOptions probes = context.probe_options(context.settings(target.project.get()));
  const auto prober = context.world().make_prober();
  return live::survey(**engine, *prober, *context.world().clock,
                      {target.name, target.project, probes}, context.stop());
}

int run(Context& context, const Parsed& given) {
  DepsOptions options;
  options.services = given.words;
  options.reverse = given.flags.flag("reverse");
  options.no_trunc = given.flags.flag("no-trunc");
  options.format = given.flags.optional("format").value_or("tree");
  return run_deps(context, options);
}

}  // namespace

const Command kDepsCommand = {
    .name = "deps",
    .summary = "Show what each service needs, and who needs it",
    .usage = "[OPTIONS] [SERVICE...]",
    .description = "A tree of dependencies, each with its present state.",
    .examples = "deps\ndeps web\ndeps --reverse db",
    .flags = kFlags,
    .words = Words::services,
    .run = run,
};

std::vector<render::TreeNode> dependency_trees(const live::Snapshot& snapshot,
                                               const DepsOptions& options) {
  const std::vector<std::string> names =
      options.services.empty() ? beginnings(snapshot, options.reverse) : options.services;
  TreeMaker maker(snapshot, options.reverse);
  std::vector<render::TreeNode> trees;
  for (const std::string& name : names) trees.push_back(maker.root(name));
  return trees;
}

int run_deps(Context& context, const DepsOptions& options) {
  if (options.format != "tree" && options.format != "json") {
    return context.fail(
        {"format-unknown", "no such format: " + options.format, "deps can print: tree, json", {}});
  }
  Result<Target> target = find_target(context);
  if (!target) return context.fail(target.error());
  Result<std::shared_ptr<const live::Snapshot>> snapshot = look(context, *target);
  if (!snapshot && (target->project == nullptr || context.stop().stop_requested())) {
    return context.fail(snapshot.error());
  }
  std::shared_ptr<const live::Snapshot> seen;
  if (snapshot) {
    seen = *snapshot;
  } else {
    context.err().line("states are not shown: " + snapshot.error().what);
    live::SnapshotParts parts;
    parts.taken = context.world().clock->now();
    parts.project_name = target->name;
    parts.project = target->project;
    seen = live::assemble(std::move(parts));
  }
  const Result<void> exist =
      check_services(options.services, seen->graph->services(), target->name);
  if (!exist) return context.fail(exist.error());
  if (options.format == "json") {
    context.out().write(as_json(*seen, options));
    return kDone;
  }
  render::Style style = context.style();
  style.full = options.no_trunc;
  context.out().lines(render::tree_lines(dependency_trees(*seen, options), style));
  return kDone;
}

}  // namespace dockhand::plugin
