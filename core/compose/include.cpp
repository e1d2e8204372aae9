#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "compose/canonical/canonical.h"
#include "compose/environment.h"
#include "compose/key_index.h"
#include "compose/merge.h"
#include "compose/model.h"
#include "compose/paths.h"
#include "compose/scalar.h"
#include "compose/steps.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kSections[] = {"services", "jobs",    "volumes", "networks",
                                          "secrets",  "configs", "models"};

// One entry of `include`, in its long form.
struct Include {
  std::vector<std::string> paths;  // Absolute; the first is the main one.
  std::string project_directory;   // As written; empty for that of the main file.
  std::vector<std::string> env_files;
  Origin origin;
};

std::vector<std::string> strings(const Value* value) {
  std::vector<std::string> result;
  if (!value) return result;
  if (value->scalar()) result.emplace_back(value->text());
  if (const Value::List* list = value->list()) {
    for (const Value& item : *list) result.emplace_back(item.text());
  }
  std::erase(result, "");
  return result;
}

Include read_include(const Value& entry) {
  Include include;
  include.origin = entry.origin;
  if (const Value::Scalar* scalar = entry.scalar()) {
    if (std::holds_alternative<std::string_view>(resolve(*scalar))) include.paths = strings(&entry);
    return include;
  }
  include.paths = strings(entry.find("path"));
  include.env_files = strings(entry.find("env_file"));
  if (const Value* path = entry.find("path")) include.origin = path->origin;
  if (const Value* directory = entry.find("project_directory")) {
    include.project_directory = directory->text();
  }
  return include;
}

// The scope of an include: its own directory and its own .env, whose variables fill the gaps of the
// project's.
Scope scope_of(Workshop& workshop, const Scope& outer, const Include& include) {
  Scope scope;
  scope.chain = outer.chain;
  scope.directory = include.project_directory.empty()
                        ? io::parent_path(include.paths.front())
                        : resolve_path(include.project_directory, outer.directory, outer.variables);
  scope.variables = outer.variables;
  scope.places = outer.places;
  std::vector<std::string> env_files;
  for (const std::string& path : include.env_files) {
    if (path != "/dev/null")
      env_files.push_back(resolve_path(path, outer.directory, outer.variables));
  }
  if (include.env_files.empty()) {
    std::string own = io::join_path(scope.directory, ".env");
    if (workshop.file_system.is_file(own)) env_files.push_back(std::move(own));
  }
  const EnvFiles read = fill_gaps(scope.variables, scope.places, env_files, workshop.file_system);
  for (const EnvFiles::Unreadable& file : read.unreadable) {
    workshop.report.error("compose-file", include.origin,
                          fmt::format("cannot read {}: {}", file.path, file.why));
  }
  for (const std::string& problem : read.problems) {
    workshop.report.error("compose-env-syntax", include.origin, problem);
  }
  return scope;
}

// Lays what the document says itself over what it includes.
void import(Value& document, Value included, Report& report) {
  for (std::string_view section : kSections) {
    Value* from = included.find(section);
    if (!from || !from->map() || from->map()->empty()) continue;
    Value* into = document.find(section);
    if (!into) {
      document.map()->push_back(
          {std::string(section), from->origin, Value(Value::Map{}, from->origin)});
      into = &document.map()->back().value;
    }
    if (!into->map()) into->data = Value::Map{};
    KeyIndex index(*into->map());
    for (Member& member : *from->map()) {
      Member* own = index.find(member.key);
      if (!own) {
        into->map()->push_back(std::move(member));
        continue;
      }
      merge_member(section, member.value, std::move(own->value), report);
      own->value = std::move(member.value);
    }
  }
}

void apply_include(Workshop& workshop, const Scope& scope, Value& document, const Value& entry) {
  Include include = read_include(entry);
  if (include.paths.empty()) {
    return workshop.report.error("compose-include-form", entry.origin,
                                 "an include is a path, or a mapping with a `path`");
  }
  const auto remote = std::find_if(include.paths.begin(), include.paths.end(),
                                   [](const std::string& path) { return is_remote(path); });
  if (remote != include.paths.end()) {
    return workshop.report.add(
        Severity::information, "compose-remote", include.origin,
        fmt::format("{} is not on this machine; it is left out here", *remote));
  }
  for (std::string& path : include.paths)
    path = resolve_path(path, scope.directory, scope.variables);
  const std::string& main = include.paths.front();
  if (std::find(scope.chain.begin(), scope.chain.end(), main) != scope.chain.end()) {
    return workshop.report.error(
        "compose-include-cycle", include.origin,
        fmt::format("{} includes itself: {} -> {}", main, join(scope.chain, " -> "), main));
  }
  if (scope.chain.size() >= kMaxIncludeDepth) {
    return workshop.report.error("compose-include-cycle", include.origin,
                                 fmt::format("includes go deeper than {} files", kMaxIncludeDepth));
  }
  Scope inner = scope_of(workshop, scope, include);
  inner.chain.push_back(main);
  Value included = load_model(workshop, inner, include.paths, include.origin);
  settle(included, inner, workshop.file_system);
  take_variables(included, inner.variables);
  came_by(included, {Step::Kind::include, include.origin});
  import(document, std::move(included), workshop.report);
}

}  // namespace

void apply_includes(Workshop& workshop, const Scope& scope, Value& document) {
  Value* found = document.find("include");
  if (!found) return;
  const Value includes = std::move(*found);
  std::erase_if(*document.map(), [](const Member& member) { return member.key == "include"; });
  if (includes.is_null()) return;
  const Value::List* list = includes.list();
  if (!list) {
    return workshop.report.error("compose-include-form", includes.origin, "`include` is a list");
  }
  for (const Value& entry : *list) {
    if (workshop.opened <= kMaxFiles) apply_include(workshop, scope, document, entry);
  }
}

}  // namespace dockhand::compose
