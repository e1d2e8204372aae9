#include <fmt/format.h>

#include <limits>

#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadValue = "compose-bad-value";

const Value* find_path(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* at = &value;
  for (std::string_view key : path) {
    at = at->find(key);
    if (!at) return nullptr;
  }
  return at->is_null() ? nullptr : at;
}

Build read_build(const Value& value) {
  Build build;
  build.origin = value.origin;
  if (const Value* context = value.find("context")) build.context = context->text();
  if (const Value* dockerfile = value.find("dockerfile")) build.dockerfile = dockerfile->text();
  if (const Value* target = value.find("target")) build.target = target->text();
  return build;
}

std::vector<std::pair<std::string, std::string>> read_labels(const Value& value) {
  std::vector<std::pair<std::string, std::string>> labels;
  if (const Value::Map* map = value.map()) {
    for (const Member& member : *map) labels.emplace_back(member.key, to_text(member.value));
  }
  return labels;
}

int read_replicas(const Value& service, Report& report) {
  const Value* value = find_path(service, {"scale"});
  if (!value) value = find_path(service, {"deploy", "replicas"});
  if (!value) return 1;
  const std::optional<std::int64_t> number = to_integer(*value);
  if (number && *number >= 0 && *number <= std::numeric_limits<int>::max())
    return static_cast<int>(*number);
  report.warning(kBadValue, value->origin,
                 "this should be a whole number, the count of containers");
  return 1;
}

std::string text_at(const Value& service, std::string_view key) {
  const Value* value = service.find(key);
  return value ? std::string(value->text()) : std::string();
}

void read_memory_limit(const Value& service, Service& result) {
  const Value* limit = find_path(service, {"mem_limit"});
  if (!limit) limit = find_path(service, {"deploy", "resources", "limits", "memory"});
  if (!limit) return;
  result.mem_limit = to_text(*limit);
  result.mem_limit_origin = limit->origin;
}

}  // namespace

std::vector<std::string> read_strings(const Value* value) {
  std::vector<std::string> strings;
  if (!value) return strings;
  if (value->scalar()) strings.push_back(to_text(*value));
  if (const Value::List* list = value->list()) {
    for (const Value& item : *list) {
      if (item.scalar()) strings.push_back(to_text(item));
    }
  }
  return strings;
}

Service read_service(const Member& member, Reading& reading) {
  const Value& value = member.value;
  Service service;
  service.name = member.key;
  service.name_origin = member.key_origin;
  service.origin = value.origin;
  if (!value.map()) {
    if (!value.is_null()) reading.report.warning(kBadValue, value.origin, "a service is a mapping");
    return service;
  }
  if (const Value* image = value.find("image")) {
    service.image = image->text();
    service.image_origin = image->origin;
  }
  if (const Value* build = find_path(value, {"build"})) service.build = read_build(*build);
  service.container_name = text_at(value, "container_name");
  service.restart = text_at(value, "restart");
  service.command = read_strings(value.find("command"));
  if (const Value* ports = value.find("ports")) service.ports = read_ports(*ports, reading);
  service.dependencies = read_dependencies(value, reading.report);
  if (const Value* check = find_path(value, {"healthcheck"})) {
    service.healthcheck = read_health_check(*check, reading.report);
  }
  if (const Value* labels = value.find("labels")) service.labels = read_labels(*labels);
  service.profiles = read_strings(value.find("profiles"));
  service.replicas = read_replicas(value, reading.report);
  read_memory_limit(value, service);
  const Value* x_dev = value.find("x-dev");
  if (!x_dev) x_dev = value.find("x-dockhand");
  if (x_dev) service.x_dev = read_x_dev(*x_dev, reading.report);
  return service;
}

}  // namespace dockhand::compose
