#include "lsp/services.h"

#include <algorithm>

namespace dockhand::lsp {
namespace {

constexpr Range kWholeFile{0, UINT32_MAX};

bool is_service_name(const std::string& name) {
  return !name.empty() && name != "<<" && !name.starts_with("x-");
}

// Calls `visit(entry)` for the entries of every `services` mapping until it returns false.
template <class Visit>
void each_service(const yaml::Tree& tree, const Visit& visit) {
  for (const yaml::Node& root : tree.documents()) {
    for (const yaml::Entry& entry : root.find("services").entries()) {
      if (!visit(entry)) return;
    }
  }
}

// Both forms of depends_on: a list of names, and a mapping by name.
void add_dependencies(const yaml::Entry& service, const std::string& dependent, Range range,
                      std::vector<Mention>& out) {
  const yaml::Node list = service.value.find("depends_on");
  const auto add = [&](const yaml::Node& name) {
    if (!name.is_scalar() || !range.touches(name.range().begin)) return;
    std::string text = name.text();
    if (is_service_name(text)) out.push_back({std::move(text), name.range(), dependent});
  };
  for (const yaml::Node& item : list.items()) add(item);
  for (const yaml::Entry& entry : list.entries()) add(entry.key);
}

}  // namespace

std::vector<Mention> mentions(const yaml::Tree& tree, Range range) {
  std::vector<Mention> out;
  each_service(tree, [&](const yaml::Entry& entry) {
    const Range key = entry.key.range();
    if (key.begin > range.end) return true;
    if (std::max(entry.value.range().end, key.end) < range.begin) return true;
    std::string name = entry.key.text();
    if (!is_service_name(name)) return true;
    if (range.touches(key.begin)) out.push_back({name, key});
    add_dependencies(entry, name, range, out);
    return true;
  });
  return out;
}

std::optional<Mention> mention_at(const yaml::Tree& tree, std::uint32_t offset) {
  std::optional<Mention> around = service_around(tree, offset);
  if (!around || around->range.touches(offset)) return around;
  std::optional<Mention> found;
  each_service(tree, [&](const yaml::Entry& entry) {
    if (entry.key.range() != around->range) return true;
    std::vector<Mention> names;
    add_dependencies(entry, around->name, kWholeFile, names);
    const auto name = std::find_if(names.begin(), names.end(), [&](const Mention& mention) {
      return mention.range.touches(offset);
    });
    if (name != names.end()) found = *name;
    return false;
  });
  return found;
}

std::optional<Mention> service_around(const yaml::Tree& tree, std::uint32_t offset) {
  std::optional<Mention> found;
  each_service(tree, [&](const yaml::Entry& entry) {
    const Range key = entry.key.range();
    if (!Range{key.begin, std::max(entry.value.range().end, key.end)}.touches(offset)) return true;
    std::string name = entry.key.text();
    if (is_service_name(name)) found = Mention{std::move(name), key};
    return false;
  });
  return found;
}

std::optional<Mention> find_service(const yaml::Tree& tree, const std::string& name) {
  std::optional<Mention> found;
  for (const yaml::Node& root : tree.documents()) {
    const yaml::Entry entry = root.find("services").entry(name);
    if (entry && is_service_name(name)) found = Mention{name, entry.key.range()};
  }
  return found;
}

std::optional<Range> services_key(const yaml::Tree& tree) {
  for (const yaml::Node& root : tree.documents()) {
    if (const yaml::Entry entry = root.entry("services")) return entry.key.range();
  }
  return std::nullopt;
}

bool stands_alone(const yaml::Tree& tree) {
  bool any = false, all = true;
  each_service(tree, [&](const yaml::Entry& entry) {
    any = true;
    const yaml::Node service = entry.value.resolved();
    all = service.find("image") || service.find("build") || service.find("extends") ||
          service.find("<<");
    return all;
  });
  return any && all;
}

}  // namespace dockhand::lsp
