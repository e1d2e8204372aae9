#include "compose/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "compose/provenance.h"

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
  const std::uint32_t line = file.lines.position(origin.range.begin).line;
  return fmt::format("{}:{}", relative_path(file.path, directory), line + 1);
}

}  // namespace dockhand::compose
