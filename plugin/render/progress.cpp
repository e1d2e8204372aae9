#include "plugin/render/progress.h"

#include <algorithm>

#include "base/text.h"
#include "base/unicode.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin::render {
namespace {

// Compose's words for what is not over yet: `Starting`, `Waiting`, `Pulling`.
bool under_way(std::string_view status) {
  return status.find("ing") != std::string_view::npos && status != "Running";
}

bool failed(std::string_view status) {
  return status.starts_with("Error") || status.starts_with("Failed");
}

// `Container shop-web-1` is `shop-web-1`; other kinds keep theirs: `Network shop_default`.
std::string short_name(std::string_view resource) {
  constexpr std::string_view kContainer = "Container ";
  if (resource.starts_with(kContainer)) resource.remove_prefix(kContainer.size());
  return std::string(resource);
}

Cell mark(std::string_view status) {
  if (failed(status)) return {"✕", Paint::bad, {}};
  if (under_way(status)) return {"◐", Paint::waiting, {}};
  return {"●", Paint::good, {}};
}

}  // namespace

bool Progress::add(const actions::ActionProgress& step) {
  if (step.resource.empty() || step.status.empty()) return false;
  const auto known = std::find_if(steps_.begin(), steps_.end(), [&step](const auto& each) {
    return each.first == step.resource;
  });
  if (known == steps_.end()) {
    if (steps_.size() == kMost) steps_.erase(steps_.begin());
    steps_.emplace_back(step.resource, step.status);
    return true;
  }
  if (known->second == step.status) return false;
  known->second = step.status;
  return true;
}

std::vector<std::string> Progress::lines(const Style& style) const {
  Table table{{{"", 0}, {"", 0}, {"", 0}}, {}};
  for (const bool pending : {false, true}) {
    for (const auto& [resource, status] : steps_) {
      if (under_way(status) != pending) continue;
      const Cell sign = mark(status);
      table.rows.push_back(
          {{sign, {short_name(resource)}, {to_lower_ascii(status), sign.paint, {}}}});
    }
  }
  std::vector<std::string> lines = lay_out(table, style);
  lines.erase(lines.begin());  // The table has no header.
  return lines;
}

std::string progress_line(const actions::ActionProgress& step, const Style& style) {
  if (step.resource.empty() || step.status.empty()) return spelled(style, step.text);
  return short_name(step.resource) + ": " + to_lower_ascii(step.status);
}

}  // namespace dockhand::plugin::render
