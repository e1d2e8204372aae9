#include "lsp/spotter.h"

#include <utility>

#include "base/text.h"
#include "engine/container.h"

namespace dockhand::lsp {
namespace {

const std::string& attribute(const engine::Event& event, std::string_view name) {
  static const std::string kNone;
  const auto found = event.attributes.find(std::string(name));
  return found == event.attributes.end() ? kNone : found->second;
}

}  // namespace

Result<engine::EngineInfo> SpottingEngine::info(std::stop_token stop) {
  return below_->info(std::move(stop));
}

Result<std::vector<engine::ContainerSummary>> SpottingEngine::list(
    const engine::ContainerFilter& filter, std::stop_token stop) {
  return below_->list(filter, std::move(stop));
}

Result<engine::Container> SpottingEngine::inspect(const std::string& id, std::stop_token stop) {
  return below_->inspect(id, std::move(stop));
}

Result<void> SpottingEngine::events(std::optional<Time> since, const std::function<void()>& on_open,
                                    const std::function<void(const engine::Event&)>& on_event,
                                    std::stop_token stop) {
  return below_->events(
      since, on_open,
      [&](const engine::Event& event) {
        spot(event);
        on_event(event);
      },
      std::move(stop));
}

void SpottingEngine::spot(const engine::Event& event) const {
  if (event.action != "create" && event.action != "destroy") return;
  const std::string& project = attribute(event, engine::label::kProject);
  if (project.empty()) return;
  std::vector<std::string> files;
  for (const std::string_view file : split(attribute(event, engine::label::kConfigFiles), ',')) {
    files.emplace_back(file);
  }
  on_project_(project, files);
}

}  // namespace dockhand::lsp
