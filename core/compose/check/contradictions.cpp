#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <string>
#include <unordered_set>

#include "base/text.h"
#include "check/edits.h"
#include "check/rules.h"
#include "compose/scalar.h"

namespace dockhand::check {
namespace {

using compose::Member;
using compose::Origin;
using compose::Value;

std::vector<TextEdit> removed(const Scene& scene, const Origin& key) {
  const yaml::Tree* tree = scene.tree(key);
  return tree ? remove_entry(*tree, key.range.begin) : std::vector<TextEdit>();
}

bool is_empty(const Value& value) {
  return value.is_null() || (value.map() && value.map()->empty()) ||
         (value.list() && value.list()->empty());
}

// False when something extends what could not be had: nobody knows what that is made of, nor what
// extends it.
bool bases_are_known(const compose::Project& project) {
  return std::none_of(project.files.begin(), project.files.end(), [](const auto& file) {
    return std::any_of(file.findings.begin(), file.findings.end(), [](const Finding& finding) {
      return finding.code.starts_with("compose-extends-");
    });
  });
}

// Who is written with `extends` where some base is not known: what these are made of may come from
// there.
std::unordered_set<std::string> unknown_extenders(const compose::Project& project) {
  std::unordered_set<std::string> names;
  if (bases_are_known(project)) return names;
  for (const compose::SourceFile& file : project.files) {
    for (const yaml::Node root : file.tree.documents()) {
      for (const std::string_view section : {"services", "jobs"}) {
        for (const yaml::Entry entry : root.find(section).resolved().entries()) {
          if (entry.value.resolved().find("extends")) names.insert(entry.key.text());
        }
      }
    }
  }
  return names;
}

void check_image(Scene& scene, const Subject& subject,
                 const std::unordered_set<std::string>& unknown) {
  const compose::Service& service = *subject.service;
  if (!subject.value->map() || !scene.complete()) return;
  if (!service.image.empty() || service.build || given(*subject.value, "provider")) return;
  if (unknown.contains(service.name)) return;
  scene.refuse(subject, "no-image-or-build", service.name_origin,
               fmt::format("{} has neither `image` nor `build`; it needs one of them",
                           printable(service.name)));
}

void check_triggers(Scene& scene, const Subject& subject) {
  const Member* triggers = given(*subject.value, "triggers");
  if (!triggers || given(triggers->value, "manual") || given(triggers->value, "schedule")) return;
  scene.refuse(subject, "no-trigger", triggers->key_origin,
               fmt::format("nothing ever starts {}; add `manual` or `schedule`",
                           printable(subject.service->name)));
}

// Two keys of a service, or of its build, that cannot stand together.
struct Exclusion {
  std::string_view first;
  std::string_view second;
};

// From compose-go, loader/validate.go.
constexpr std::array<Exclusion, 1> kOfServices = {{{"network_mode", "networks"}}};
constexpr std::array<Exclusion, 1> kOfBuilds = {{{"dockerfile", "dockerfile_inline"}}};

void check_exclusions(Scene& scene, const Subject& subject, const Value& map,
                      std::span<const Exclusion> exclusions) {
  for (const Exclusion& pair : exclusions) {
    const Member* first = given(map, pair.first);
    const Member* second = first ? given(map, pair.second) : nullptr;
    if (!second || is_empty(second->value)) continue;
    scene.refuse(subject, "exclusive-keys", second->key_origin,
                 fmt::format("`{}` and `{}` exclude each other; remove one of them", pair.first,
                             pair.second));
  }
}

// A list of device requests, each with a count or ids.
void check_devices(Scene& scene, const Value* list) {
  if (!list || !list->list()) return;
  for (const Value& request : *list->list()) {
    const Member* ids = given(request, "device_ids");
    if (!ids || !given(request, "count")) continue;
    scene.add("exclusive-keys", ids->key_origin,
              "`count` and `device_ids` exclude each other; remove one of them");
  }
}

// Keys that the network mode of a service makes void, or that the Engine refuses with it.
void check_network_mode(Scene& scene, const Subject& subject) {
  const Value* value = find(*subject.value, "network_mode");
  if (!value) return;
  const std::string_view mode = value->text();
  const bool shared = mode.starts_with("service:") || mode.starts_with("container:");
  const auto tell = [&](std::string_view key, std::string_view why) {
    const Member* member = given(*subject.value, key);
    if (!member || is_empty(member->value)) return;
    scene.add(
        "ignored-key", member->key_origin,
        fmt::format("`{}` cannot be used with `network_mode: {}`: {}", key, printable(mode), why));
  };
  if (mode == "host") tell("ports", "every port of the container is one of the host already");
  if (mode == "none") tell("ports", "the container has no network");
  if (!shared) return;
  constexpr std::string_view kElsewhere = "set it where the network comes from";
  for (const std::string_view key :
       {"ports", "expose", "links", "hostname", "dns", "extra_hosts", "mac_address"}) {
    tell(key, kElsewhere);
  }
}

// Keys that another one makes void.
void check_ignored(Scene& scene, const Subject& subject) {
  const Value& value = *subject.value;
  const auto tell = [&](const Member* member, std::string message) {
    scene.add("ignored-key", member->key_origin, std::move(message),
              removed(scene, member->key_origin));
  };
  if (const Value* check = find(value, "healthcheck")) {
    const Value* disable = find(*check, "disable");
    const Member* test = given(*check, "test");
    if (disable && compose::to_boolean(*disable).value_or(false) && test) {
      tell(test, "`disable: true` makes this test void; remove one of them");
    }
  }
  const Value* deploy = find(value, "deploy");
  const Member* policy = deploy ? given(*deploy, "restart_policy") : nullptr;
  if (policy && given(value, "restart")) {
    tell(policy, "`restart` takes the place of this policy; remove one of them");
  }
  if (!given(value, "provider")) return;
  for (const std::string_view key : {"image", "build"}) {
    const Member* member = given(value, key);
    if (member) {
      tell(member, fmt::format("a service with a `provider` runs no container, so that `{}` is "
                               "void; remove it",
                               key));
    }
  }
}

// A key of a service and the one of `deploy` that says the same.
struct Twin {
  std::string_view key;
  std::string_view around;  // Where it is, the twin counts even if it is not there.
  std::string_view twin;
};

constexpr std::string_view kLimits = "deploy.resources.limits";
constexpr std::string_view kReservations = "deploy.resources.reservations";

// From compose-go, loader/validate.go.
constexpr std::array<Twin, 5> kTwins = {{
    {"scale", "deploy.replicas", "deploy.replicas"},
    {"cpus", kLimits, "deploy.resources.limits.cpus"},
    {"mem_limit", kLimits, "deploy.resources.limits.memory"},
    {"mem_reservation", kReservations, "deploy.resources.reservations.memory"},
    {"pids_limit", kLimits, "deploy.resources.limits.pids"},
}};

// A number with the factor of its suffix, as in `512m` or `1.5gb`; nothing for other texts.
std::optional<double> amount(const Value& value) {
  const std::string text = to_lower_ascii(compose::to_text(value));
  const std::size_t end = std::min(text.find_first_not_of("0123456789."), text.size());
  double factor = 1;
  const std::string_view suffix = trim(std::string_view(text).substr(end));
  if (!suffix.empty() && suffix != "b") {
    const std::size_t power = std::string_view("kmgt").find(suffix.front());
    if (power == std::string_view::npos) return std::nullopt;
    for (std::size_t i = 0; i <= power; ++i) factor *= 1024;
  }
  if (end == 0 || text.find_first_of("0123456789") == std::string::npos) return std::nullopt;
  return std::strtod(text.substr(0, end).c_str(), nullptr) * factor;
}

void check_twins(Scene& scene, const Subject& subject) {
  for (const Twin& twin : kTwins) {
    const Member* member = given(*subject.value, twin.key);
    if (!member) continue;
    const Value* other = find(*subject.value, twin.twin);
    // Limits that leave one out count as unlimited.
    if (!other && !find(*subject.value, twin.around)) continue;
    const std::optional<double> one = amount(member->value);
    const std::optional<double> two = other ? amount(*other) : 0;
    if (!one || !two || *one == *two || (!other && *one == 0)) continue;
    scene.refuse(subject, "conflicting-values", member->value.origin,
                 fmt::format("`{}` and `{}` say the same thing differently; remove one of them",
                             twin.key, twin.twin));
  }
}

void check_platform(Scene& scene, const Subject& subject) {
  const Value* platform = find(*subject.value, "platform");
  const Value* built = find(*subject.value, "build.platforms");
  if (!platform || platform->text().empty() || !built || !built->list()) return;
  if (built->list()->empty()) return;
  for (const Value& one : *built->list()) {
    if (one.text() == platform->text()) return;
  }
  scene.refuse(subject, "platform-not-built", platform->origin,
               fmt::format("`build.platforms` lacks {}; add it", printable(platform->text())));
}

// Several containers of one service cannot share what only one can have.
void check_scale(Scene& scene, const Subject& subject) {
  const compose::Service& service = *subject.service;
  if (service.replicas < 2) return;
  if (const Member* name = given(*subject.value, "container_name")) {
    scene.refuse(subject, "fixed-container-name", name->value.origin,
                 fmt::format("{} containers cannot have one name; remove it, or run one container",
                             service.replicas),
                 removed(scene, name->key_origin));
  }
  for (const compose::Port& port : service.ports) {
    const int places = port.published_end - port.published + 1;
    if (port.published == 0 || places >= service.replicas) continue;
    const std::string written = places == 1
                                    ? std::to_string(port.published)
                                    : fmt::format("{}-{}", port.published, port.published_end);
    scene.add("fixed-host-port", scene.part(port.origin, written),
              fmt::format("{} containers cannot share {}; publish a range of ports, or leave the "
                          "port of the host out",
                          service.replicas,
                          places == 1 ? fmt::format("port {}", port.published)
                                      : fmt::format("{} ports", places)));
  }
}

void check_watch(Scene& scene, const Subject& subject) {
  const Value* watch = find(*subject.value, "develop.watch");
  if (!watch || !watch->list()) return;
  for (const Value& rule : *watch->list()) {
    const Member* action = given(rule, "action");
    if (!action) continue;
    const std::string_view name = action->value.text();
    const Value* target = find(rule, "target");
    const bool copies = name != "rebuild" && name != "restart";
    if (copies && (!target || target->text().empty())) {
      scene.refuse(
          subject, "watch-without-target", action->value.origin,
          fmt::format("`{}` needs a `target`, the path in the container", printable(name)));
    }
    if (name == "sync+exec" && !find(rule, "exec")) {
      scene.add("watch-without-exec", action->value.origin,
                "`sync+exec` needs an `exec` with the command to run");
    }
    if (name == "rebuild" && !subject.service->build) {
      scene.add("watch-without-build", action->value.origin,
                "there is no `build` to do again; add one, or sync and restart");
    }
  }
}

bool is_external(const Value& value) {
  const Value* external = find(value, "external");
  return external && (external->map() || compose::to_boolean(*external).value_or(false));
}

// An external network, volume, … is made by somebody else: only its name counts here.
void check_external(Scene& scene, std::string_view section) {
  const Value* found = scene.project().model.find(section);
  if (!found || !found->map()) return;
  for (const Member& entry : *found->map()) {
    if (!entry.value.map() || !is_external(entry.value)) continue;
    for (const Member& member : *entry.value.map()) {
      if (member.key == "external" || member.key == "name" || member.key.starts_with("x-") ||
          member.value.is_null()) {
        continue;
      }
      std::string message = fmt::format("{} is external, so that `{}` is void here; remove it",
                                        printable(entry.key), printable(member.key));
      std::vector<TextEdit> fix = removed(scene, member.key_origin);
      if (section == "volumes") {
        scene.error("external-with-other-keys", member.key_origin, std::move(message),
                    std::move(fix));
      } else {
        scene.warn("external-with-other-keys", member.key_origin, std::move(message),
                   std::move(fix));
      }
    }
  }
}

// The content of a config or secret comes from one of these keys.
void check_source(Scene& scene, std::string_view section,
                  std::initializer_list<std::string_view> keys) {
  const Value* found = scene.project().model.find(section);
  if (!found || !found->map()) return;
  for (const Member& entry : *found->map()) {
    if (!entry.value.map()) continue;
    const Member* first = nullptr;
    const Member* second = nullptr;
    for (const Member& member : *entry.value.map()) {
      if (std::find(keys.begin(), keys.end(), member.key) == keys.end()) continue;
      (first ? second : first) = &member;
    }
    if (second) {
      scene.add("exclusive-keys", second->key_origin,
                fmt::format("`{}` and `{}` exclude each other; remove one of them", first->key,
                            second->key));
    }
    if (first || is_external(entry.value)) continue;
    std::vector<std::string> names;
    for (const std::string_view key : keys) names.push_back(fmt::format("`{}`", key));
    scene.add("no-source", entry.key_origin,
              fmt::format("{} says nothing about its content; add {}", printable(entry.key),
                          join(names, " or ")));
  }
}

}  // namespace

void check_contradictions(Scene& scene) {
  const std::unordered_set<std::string> unknown = unknown_extenders(scene.project());
  for (const Subject& subject : scene.subjects()) {
    check_image(scene, subject, unknown);
    if (subject.is_job) check_triggers(scene, subject);
    check_exclusions(scene, subject, *subject.value, kOfServices);
    if (const Value* build = find(*subject.value, "build")) {
      check_exclusions(scene, subject, *build, kOfBuilds);
    }
    check_devices(scene, subject.value->find("gpus"));
    check_devices(scene, find(*subject.value, "deploy.resources.reservations.devices"));
    check_network_mode(scene, subject);
    check_ignored(scene, subject);
    check_twins(scene, subject);
    check_platform(scene, subject);
    check_scale(scene, subject);
    check_watch(scene, subject);
  }
  for (const std::string_view section : {"networks", "volumes", "configs", "secrets"}) {
    check_external(scene, section);
  }
  check_source(scene, "configs", {"file", "environment", "content"});
  check_source(scene, "secrets", {"file", "environment"});
}

}  // namespace dockhand::check
