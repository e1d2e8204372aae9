#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace dockhand::lsp {

// An Engine that others use, with an ear on its event stream: it tells when a container of some
// Compose project came or went, and which files that project was started from. So the server
// learns of a project that is started from an open document under another name, and asks nothing
// for it. As thread-safe as the Engine below.
class SpottingEngine final : public engine::Engine {
 public:
  // Called from the thread that reads events.
  using OnProject =
      std::function<void(const std::string& name, const std::vector<std::string>& files)>;

  SpottingEngine(std::shared_ptr<engine::Engine> below, OnProject on_project)
      : below_(std::move(below)), on_project_(std::move(on_project)) {}

  const engine::Endpoint& endpoint() const override { return below_->endpoint(); }
  Result<engine::EngineInfo> info(std::stop_token stop) override;
  Result<std::vector<engine::ContainerSummary>> list(const engine::ContainerFilter& filter,
                                                     std::stop_token stop) override;
  Result<engine::Container> inspect(const std::string& id, std::stop_token stop) override;
  Result<void> events(std::optional<Time> since, const std::function<void()>& on_open,
                      const std::function<void(const engine::Event&)>& on_event,
                      std::stop_token stop) override;

 private:
  void spot(const engine::Event& event) const;

  std::shared_ptr<engine::Engine> below_;
  OnProject on_project_;
};

}  // namespace dockhand::lsp
