#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "check/rules.h"

namespace dockhand::check {
namespace {

using compose::Member;
using compose::Origin;
using compose::Value;

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// YAML 1.1 takes `22:22` for a number in base 60: digits, and behind each colon one or two of them
// up to 59 (yaml.org/type/int.html).
bool is_sexagesimal(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() < 2 || !is_number(parts[0]) || parts[0].front() == '0') return false;
  return std::all_of(parts.begin() + 1, parts.end(), [](std::string_view part) {
    return is_number(part) && (part.size() == 1 || (part.size() == 2 && part[0] <= '5'));
  });
}

void check_port_items(const yaml::Node list, std::vector<Finding>& findings) {
  for (const yaml::Node item : list.items()) {
    if (!item.is_scalar() || item.style() != yaml::Style::plain) continue;
    if (!is_sexagesimal(item.source())) continue;
    Finding finding;
    finding.range = item.range();
    finding.message = fmt::format(
        "other YAML readers take {} for a number in base 60; put it in quotes", item.source());
    finding.fix = {{item.range(), fmt::format("\"{}\"", item.source())}};
    findings.push_back(std::move(finding));
  }
}

// Looks at the trees, because the model does not tell how a port was written.
void check_quotes(Scene& scene) {
  for (std::uint32_t file = 0; file < scene.project().files.size(); ++file) {
    std::vector<Finding> findings;
    for (const yaml::Node root : scene.project().files[file].tree.documents()) {
      for (const yaml::Entry service : root.find("services").resolved().entries()) {
        check_port_items(service.value.find("ports"), findings);
      }
    }
    for (Finding& finding : findings) {
      scene.add("unquoted-port", {file, finding.range}, std::move(finding.message),
                std::move(finding.fix));
    }
  }
}

void check_tag(Scene& scene, const Subject& subject) {
  const compose::Service& service = *subject.service;
  const std::string_view image = service.image;
  if (image.empty() || service.build || given(*subject.value, "provider")) return;
  if (image.find('@') != std::string_view::npos) return;
  const std::size_t slash = image.rfind('/');
  const std::size_t colon = image.find(':', slash == std::string_view::npos ? 0 : slash);
  const std::string_view tag =
      colon == std::string_view::npos ? std::string_view("latest") : image.substr(colon + 1);
  if (tag != "latest") return;
  scene.add("latest-tag", service.image_origin,
            fmt::format("{} may be another version after any pull; name one, such as {}:1.2",
                        printable(image), printable(image.substr(0, colon))));
}

// Where a secret is not itself, but the path or the name of it.
bool names_a_place(std::string_view key, std::string_view value) {
  return to_lower_ascii(key).ends_with("_file") || value.starts_with("/run/secrets/");
}

void check_secret(Scene& scene, std::string_view key, std::string_view value, Origin where) {
  if (value.empty() || !looks_secret(key) || names_a_place(key, value)) return;
  const std::string word = to_lower_ascii(value);
  if (word == "true" || word == "false" || is_number(word)) return;
  // What comes from a variable does not stand here.
  const Origin place = scene.part(where, value);
  if (scene.source(place) != value) return;
  scene.add("plain-secret", place,
            fmt::format("the value of {} stands in the file for all to read; use `secrets:`, or a "
                        "variable",
                        printable(key)));
}

void check_environment(Scene& scene, const Subject& subject) {
  const Value* environment = subject.value->find("environment");
  if (!environment) return;
  if (const Value::Map* map = environment->map()) {
    for (const Member& member : *map) {
      // What another file says of the environment is read into it too.
      if (!scene.is_written(member)) continue;
      check_secret(scene, member.key, member.value.text(), member.value.origin);
    }
  }
}

// Services that others wait for, which start as soon as those run, ready or not.
void check_health_checks(Scene& scene) {
  std::unordered_set<const Subject*> told;
  for (const Subject& subject : scene.subjects()) {
    for (const compose::Dependency& dependency : subject.service->dependencies) {
      const bool waits = dependency.kind == compose::DependencyKind::depends_on &&
                         dependency.condition == compose::Condition::started;
      const Subject* target = waits ? scene.find(dependency.service) : nullptr;
      if (!target || target->is_job || target->service->healthcheck) continue;
      if (given(*target->value, "provider")) continue;
      if (!told.insert(target).second) continue;
      scene.add("no-health-check", target->service->name_origin,
                fmt::format("{} waits for {} to start, not to be ready; give it a `healthcheck` "
                            "and wait for service_healthy",
                            printable(subject.service->name), printable(target->service->name)));
    }
  }
}

}  // namespace

void check_habits(Scene& scene) {
  check_quotes(scene);
  for (const Subject& subject : scene.subjects()) {
    check_tag(scene, subject);
    check_environment(scene, subject);
  }
  check_health_checks(scene);
}

}  // namespace dockhand::check
