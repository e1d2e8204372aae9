#include "compose/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "yaml/line_index.h"

namespace dockhand::compose {

std::string_view to_string(Condition condition) {
  switch (condition) {
    case Condition::started:
      return "service_started";
    case Condition::healthy:
      return "service_healthy";
    case Condition::completed:
      return "service_completed_successfully";
  }
  return "";
}

const Service* Project::find(std::string_view service) const {
  const auto found = std::find_if(services.begin(), services.end(),
                                  [&](const Service& one) { return one.name == service; });
  return found == services.end() ? nullptr : &*found;
}

std::string Project::place(const Origin& origin) const {
  if (origin.file >= files.size()) return {};
  const SourceFile& file = files[origin.file];
  std::string_view path = file.path;
  const std::string inside = directory == "/" ? directory : directory + "/";
  if (path.substr(0, inside.size()) == inside) path.remove_prefix(inside.size());
  const std::uint32_t line = yaml::LineIndex(file.tree.text()).position(origin.range.begin).line;
  return fmt::format("{}:{}", path, line + 1);
}

}  // namespace dockhand::compose
