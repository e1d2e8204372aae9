#include <fmt/format.h>

#include <array>
#include <functional>
#include <string>
#include <unordered_map>
#include <variant>

#include "base/text.h"
#include "check/rules.h"
#include "compose/canonical/short_volume.h"
#include "io/file_system.h"

namespace dockhand::check {
namespace {

using compose::Step;
using compose::Value;

// How the value's list came into the model: its first step that is not the value's own.
const Step* way(const Value& value) {
  const Step* step = value.via.get();
  while (step && (step->kind == Step::Kind::variable || step->kind == Step::Kind::fallback ||
                  step->kind == Step::Kind::alias)) {
    step = step->before.get();
  }
  return step;
}

bool from_one_list(const Value& a, const Value& b) {
  if (a.origin.file != b.origin.file) return false;
  const Step* one = way(a);
  const Step* other = way(b);
  if (!one || !other) return one == other;
  return one->kind == other->kind && one->at == other->at;
}

std::string volume_target(const Value& item) {
  if (const Value* target = item.map() ? find(item, "target") : nullptr) {
    return std::string(target->text());
  }
  if (!item.scalar()) return {};
  const auto parsed = compose::parse_volume_spec(item.text());
  const auto* spec = std::get_if<compose::VolumeSpec>(&parsed);
  return spec ? spec->target.text : std::string();
}

std::string file_target(const Value& item) {
  const Value* target = item.map() ? find(item, "target") : nullptr;
  if (!target && item.map()) target = find(item, "source");
  return std::string(target ? target->text() : item.text());
}

void check_list(const Value& list, std::string (*target_of)(const Value&),
                compose::Report& report) {
  if (!list.list() || list.list()->size() < 2) return;
  std::unordered_map<std::string, const Value*> seen;
  for (const Value& item : *list.list()) {
    const std::string target = target_of(item);
    if (target.empty()) continue;
    const Value*& before = seen[io::normalize_path(target)];
    if (before && from_one_list(*before, item)) {
      report.warning("duplicate-mount", before->origin,
                     fmt::format("a later entry is mounted on {} too and takes the place of this "
                                 "one; remove one of them",
                                 printable(target)));
    }
    before = &item;
  }
}

constexpr std::array<std::pair<std::string_view, std::string (*)(const Value&)>, 3> kLists = {{
    {"volumes", volume_target},
    {"configs", file_target},
    {"secrets", file_target},
}};

}  // namespace

void check_repeats(const Value& model, compose::Report& report) {
  for (const std::string_view section : {"services", "jobs"}) {
    const Value* services = model.find(section);
    if (!services || !services->map()) continue;
    for (const compose::Member& service : *services->map()) {
      for (const auto& [key, target_of] : kLists) {
        if (const Value* list = service.value.find(key)) check_list(*list, target_of, report);
      }
    }
  }
}

}  // namespace dockhand::check
