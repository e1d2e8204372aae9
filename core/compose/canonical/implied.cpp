#include "compose/canonical/implied.h"

#include <fmt/format.h>

#include "compose/canonical/placed.h"
#include "compose/scalar.h"
#include "io/file_system.h"

namespace dockhand::compose {
namespace {

// Visits the values of a map or the items of a list that stand at `path`, members by members.
template <class Visit>
void each(Value* value, Visit visit) {
  if (!value) return;
  if (Value::List* list = value->list()) {
    for (Value& item : *list) visit(item);
  } else if (Value::Map* map = value->map()) {
    for (Member& member : *map) visit(member.value);
  }
}

Value* find_at(Value& value, std::initializer_list<std::string_view> path) {
  Value* at = &value;
  for (const std::string_view key : path) {
    at = at->find(key);
    if (!at) return nullptr;
  }
  return at;
}

bool is_missing(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  return !found || found->is_null();
}

// Sets a member that is missing or null.
void set_missing(Value& map, std::string_view key, Value value) {
  if (Member* member = find_member(*map.map(), key)) {
    if (member->value.is_null()) member->value = std::move(value);
  } else {
    add(*map.map(), key, std::move(value));
  }
}

void add_device_count(Value& request) {
  if (!request.map() || request.find("count") || request.find("device_ids")) return;
  add(*request.map(), "count", implied_string(request, "all"));
}

void add_service_defaults(Value& service) {
  Value* build = service.find("build");
  if (build && build->map()) add_missing(*build->map(), "context", implied_string(*build, "."));
  each(service.find("secrets"), [](Value& secret) {
    const Value* source = secret.find("source");
    if (!source || !secret.map()) return;
    add_missing(*secret.map(), "target",
                implied_string(*source, "/run/secrets/" + std::string(source->text())));
  });
  each(service.find("ports"), [](Value& port) {
    if (!port.map()) return;
    add_missing(*port.map(), "protocol", implied_string(port, "tcp"));
    add_missing(*port.map(), "mode", implied_string(port, "ingress"));
  });
  each(service.find("volumes"), [](Value& volume) {
    Value* bind = volume.find("bind");
    if (bind && bind->map()) {
      add_missing(*bind->map(), "create_host_path", implied_plain(*bind, "true"));
    }
  });
  each(service.find("gpus"), add_device_count);
  each(find_at(service, {"deploy", "resources", "reservations", "devices"}), add_device_count);
}

// Gives variables that are only named their values; those that have none keep null, or go.
void resolve_named(Value* pairs, const io::Environment& variables, bool keep_unset) {
  Value::Map* map = pairs ? pairs->map() : nullptr;
  if (!map) return;
  for (Member& member : *map) {
    if (!member.value.is_null() || !variables.has(member.key)) continue;
    member.value.data = Value::Scalar{variables.get(member.key), true};
  }
  if (keep_unset) return;
  std::erase_if(*map, [](const Member& member) { return member.value.is_null(); });
}

void add_dockerfile(Value& build) {
  if (!build.map()) return;
  if (is_missing(build, "dockerfile") && is_missing(build, "dockerfile_inline")) {
    set_missing(build, "dockerfile", implied_string(build, "Dockerfile"));
  }
}

// Puts a service without networks on the default one. True when it is on that.
bool join_default_network(Value& service) {
  if (service.find("provider") || service.find("network_mode")) return false;
  Value* networks = service.find("networks");
  if (networks && networks->map() && !networks->map()->empty()) {
    return networks->find("default") != nullptr;
  }
  if (networks && !networks->map() && !networks->is_null()) return false;
  const Origin where = implied_at(networks ? networks->origin : service.origin);
  if (!networks) {
    add(*service.map(), "networks", Value(where));
    networks = &service.map()->back().value;
  }
  networks->data = Value::Map{};
  add(*networks->map(), "default", Value(where));
  return true;
}

void add_to_service(Value& service, const io::Environment& variables) {
  Value* policy = service.find("pull_policy");
  if (policy && policy->text() == "if_not_present") policy->data = Value::Scalar{"missing", true};
  if (Value* build = service.find("build")) {
    add_dockerfile(*build);
    resolve_named(build->find("args"), variables, false);
  }
  resolve_named(service.find("environment"), variables, true);
  each(service.find("volumes"), [](Value& volume) {
    Value* target = volume.find("target");
    if (target && target->scalar()) {
      target->scalar()->text = io::normalize_path(target->text());
    }
  });
  const Value* image = service.find("image");
  if (!image || image->text().empty()) return;
  each(service.find("pre_start"), [&](Value& hook) {
    if (hook.map()) add_missing(*hook.map(), "image", *image);
  });
}

void add_default_network(Value& model, const Origin& where) {
  Value* networks = model.find("networks");
  if (!networks) {
    add(*model.map(), "networks", Value(Value::Map{}, where));
    networks = &model.map()->back().value;
  }
  if (networks->is_null()) networks->data = Value::Map{};
  if (networks->map()) add_missing(*networks->map(), "default", Value(where));
}

// Resources without a name are called after their key and the project.
void add_names(Value& resources, std::string_view project) {
  if (!resources.map()) return;
  for (Member& member : *resources.map()) {
    Value& resource = member.value;
    if (resource.is_null()) resource.data = Value::Map{};
    if (!resource.map()) continue;
    const Value* external = resource.find("external");
    const bool elsewhere = external && to_boolean(*external).value_or(false);
    Value name = string_value(elsewhere ? member.key : fmt::format("{}_{}", project, member.key),
                              implied_at(member.key_origin));
    name.via = resource.via;
    set_missing(resource, "name", std::move(name));
  }
}

}  // namespace

void add_defaults(Value& model) {
  for (const std::string_view section : {"services", "jobs"}) {
    each(model.find(section), [](Value& service) {
      if (service.map()) add_service_defaults(service);
    });
  }
}

void add_implied(Value& model, std::string_view project, const io::Environment& variables) {
  const Value* on_default = nullptr;
  for (const std::string_view section : {"services", "jobs"}) {
    each(model.find(section), [&](Value& service) {
      if (!service.map()) return;
      if (join_default_network(service) && !on_default) on_default = &service;
      add_to_service(service, variables);
    });
  }
  if (on_default) add_default_network(model, implied_at(on_default->origin));
  for (const std::string_view section : {"networks", "volumes", "secrets", "configs"}) {
    if (Value* resources = model.find(section)) add_names(*resources, project);
  }
}

void agree_on_scale(Value& service) {
  const Value* scale = service.find("scale");
  Value* deploy = service.find("deploy");
  if (!scale || !scale->scalar() || !deploy || !deploy->map()) return;
  set_missing(*deploy, "replicas", *scale);
}

}  // namespace dockhand::compose
