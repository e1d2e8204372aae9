#include <fmt/format.h>

#include <array>
#include <unordered_set>

#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadDependency = "compose-bad-dependency";

constexpr std::array<std::pair<std::string_view, DependencyKind>, 5> kNamespaces = {{
    {"network_mode", DependencyKind::network_mode},
    {"ipc", DependencyKind::ipc},
    {"pid", DependencyKind::pid},
    {"uts", DependencyKind::uts},
    {"cgroup", DependencyKind::cgroup},
}};

class DependencyReader {
 public:
  explicit DependencyReader(Report& report) : report_(report) {}

  void depends_on(const Value& value) {
    if (const Value::Map* map = value.map()) {
      for (const Member& member : *map) by_conditions(member);
    } else if (!value.is_null()) {
      report_.warning(kBadDependency, value.origin,
                      "`depends_on` is a list of services, or a mapping");
    }
  }

  // `db` or `db:alias`.
  void links(const Value& value) {
    for_each_text(value, [&](std::string_view text, Origin origin) {
      const std::vector<std::string_view> parts = split(text, ':');
      imply(parts.size() == 2 ? parts[0] : text, origin, DependencyKind::link, true);
    });
  }

  void name_space(const Value& value, DependencyKind kind) {
    constexpr std::string_view kPrefix = "service:";
    const std::string_view text = value.text();
    if (text.substr(0, kPrefix.size()) != kPrefix) return;
    if (text.size() == kPrefix.size()) {
      return report_.error(kBadDependency, value.origin,
                           "`service:` depends on no service; write its name behind the colon");
    }
    imply(text.substr(kPrefix.size()), value.origin, kind, true);
  }

  // `db` or `db:ro`, but not `container:name`.
  void volumes_from(const Value& value) {
    for_each_text(value, [&](std::string_view text, Origin origin) {
      if (text.substr(0, 10) == "container:") return;
      imply(text.substr(0, text.find(':')), origin, DependencyKind::volumes_from, false);
    });
  }

  std::vector<Dependency> take() { return std::move(result_); }

 private:
  template <class Visit>
  static void for_each_text(const Value& value, Visit visit) {
    const Value::List* list = value.list();
    if (!list) return;
    for (const Value& item : *list) {
      if (!item.text().empty()) visit(item.text(), item.origin);
    }
  }

  // True unless the service is named for the first time.
  bool known(std::string_view service) { return !names_.insert(std::string(service)).second; }

  void by_conditions(const Member& member) {
    Dependency dependency;
    known(member.key);
    dependency.service = member.key;
    dependency.origin = member.key_origin;
    if (!member.value.map() && !member.value.is_null()) {
      report_.warning(kBadDependency, member.value.origin,
                      "this should be a mapping, such as `condition: service_healthy`");
    }
    if (const Value* condition = member.value.find("condition"))
      read_condition(*condition, dependency);
    read_flag(member.value.find("restart"), dependency.restart);
    read_flag(member.value.find("required"), dependency.required);
    result_.push_back(std::move(dependency));
  }

  void read_condition(const Value& value, Dependency& dependency) {
    std::vector<std::string> names;
    for (const Condition condition :
         {Condition::started, Condition::healthy, Condition::completed}) {
      if (value.text() == to_string(condition)) {
        dependency.condition = condition;
        return;
      }
      names.emplace_back(to_string(condition));
    }
    report_.warning(
        kBadDependency, value.origin,
        fmt::format("`{}` is no condition; write {}", printable(value.text()), join(names, ", ")));
  }

  void read_flag(const Value* value, bool& flag) {
    if (!value || value->is_null()) return;
    const std::optional<bool> said = to_boolean(*value);
    if (said) {
      flag = *said;
    } else {
      report_.warning(kBadDependency, value->origin, "this should be true or false");
    }
  }

  // What another key asks for counts unless depends_on, or a key before it, names the service.
  void imply(std::string_view service, Origin origin, DependencyKind kind, bool restart) {
    if (service.empty() || known(service)) return;
    Dependency dependency;
    dependency.service = service;
    dependency.restart = restart;
    dependency.kind = kind;
    dependency.origin = origin;
    result_.push_back(std::move(dependency));
  }

  Report& report_;
  std::vector<Dependency> result_;
  std::unordered_set<std::string> names_;  // Of those in result_.
};

}  // namespace

std::vector<Dependency> read_dependencies(const Value& service, Report& report) {
  DependencyReader reader(report);
  if (const Value* value = service.find("depends_on")) reader.depends_on(*value);
  if (const Value* value = service.find("links")) reader.links(*value);
  for (const auto& [key, kind] : kNamespaces) {
    if (const Value* value = service.find(key)) reader.name_space(*value, kind);
  }
  if (const Value* value = service.find("volumes_from")) reader.volumes_from(*value);
  return reader.take();
}

}  // namespace dockhand::compose
