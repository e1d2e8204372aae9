#include "compose/canonical/canonical.h"

#include <algorithm>

#include "compose/canonical/cast.h"
#include "compose/canonical/env_files.h"
#include "compose/canonical/implied.h"
#include "compose/canonical/placed.h"
#include "compose/paths.h"

namespace dockhand::compose {

void settle(Value& model, const Scope& scope, const io::FileSystem& files) {
  add_defaults(model);
  resolve_paths(model, {scope.directory, scope.variables, files});
}

void take_variables(Value& model, const io::Environment& variables) {
  Value* services = model.find("services");
  if (!services || !services->map()) return;
  for (Member& service : *services->map()) {
    Value* environment = service.value.find("environment");
    if (!environment || !environment->list()) continue;
    for (Value& item : *environment->list()) {
      Value::Scalar* scalar = item.scalar();
      if (scalar && variables.has(scalar->text)) scalar->text += "=" + variables.get(scalar->text);
    }
  }
}

bool is_enabled(const Value& service, const std::vector<std::string>& active) {
  const Value* profiles = service.find("profiles");
  const Value::List* list = profiles ? profiles->list() : nullptr;
  if (!list || list->empty()) return true;
  // Without any choice the profile without a name is active.
  static const std::vector<std::string> kNoChoice = {""};
  const std::vector<std::string>& chosen = active.empty() ? kNoChoice : active;
  return std::any_of(chosen.begin(), chosen.end(), [&](const std::string& profile) {
    return profile == "*" || std::any_of(list->begin(), list->end(),
                                         [&](const Value& one) { return one.text() == profile; });
  });
}

namespace {

void refuse_bind_of_nothing(const Value& service, Report& report) {
  const Value* volumes = service.find("volumes");
  if (!volumes || !volumes->list()) return;
  for (const Value& volume : *volumes->list()) {
    const Value* type = volume.find("type");
    if (!type || type->text() != "bind" || volume.find("source")) continue;
    report.error("compose-bad-volume", volume.origin,
                 "a volume of the type bind needs a `source`, the path outside");
  }
}

}  // namespace

void canonicalize(Value& model, const Project& project, const Scope& scope, Workshop& workshop) {
  cast_model(model, workshop.report);
  add_implied(model, project.name, scope.variables);
  EnvFileReader env_files(workshop.file_system, scope.variables, workshop.report);
  for (const std::string_view section : {"services", "jobs"}) {
    Value* services = model.find(section);
    if (!services || !services->map()) continue;
    for (Member& service : *services->map()) {
      refuse_bind_of_nothing(service.value, workshop.report);
      if (!service.value.map() || !is_enabled(service.value, project.profiles)) continue;
      env_files.add_environment(service.value);
      env_files.add_labels(service.value);
      agree_on_scale(service.value);
    }
  }
}

void imply_dependencies(Value& service, const std::vector<Dependency>& dependencies) {
  const bool any = std::any_of(dependencies.begin(), dependencies.end(), [](const Dependency& one) {
    return one.kind != DependencyKind::depends_on;
  });
  if (!any || !service.map()) return;
  Value* written = service.find("depends_on");
  if (!written) {
    add(*service.map(), "depends_on", Value(Value::Map{}, implied_at(service.origin)));
    written = &service.map()->back().value;
  }
  if (!written->map()) return;
  for (const Dependency& one : dependencies) {
    if (one.kind == DependencyKind::depends_on) continue;
    Value edge(Value::Map{}, one.origin);
    add(*edge.map(), "condition", implied_string(edge, "service_started"));
    add(*edge.map(), "restart", implied_plain(edge, one.restart ? "true" : "false"));
    add(*edge.map(), "required", implied_plain(edge, "true"));
    written->map()->push_back({one.service, one.origin, std::move(edge)});
  }
}

}  // namespace dockhand::compose
