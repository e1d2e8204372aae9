#include "plugin/commands/act.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "live/snapshot.h"

using namespace dockhand;
using namespace dockhand::plugin;
using engine::ContainerStatus;

namespace {

struct Made {
  Target target;
  std::shared_ptr<const live::Snapshot> snapshot;
};

// web runs, db was stopped, migrate has finished, mailer was never made, night is disabled.
Made shop() {
  auto project = std::make_shared<compose::Project>();
  project->name = "shop";
  project->directory = "/srv/shop";
  project->file_paths = {"/srv/shop/compose.yaml"};
  for (const char* name : {"web", "db", "migrate", "mailer", "night"}) {
    compose::Service service;
    service.name = name;
    service.enabled = service.name != "night";
    if (service.name == "web" || service.name == "migrate") {
      service.dependencies.resize(1);
      service.dependencies[0].service = "db";
    }
    project->services.push_back(service);
  }
  live::SnapshotParts parts;
  parts.project_name = "shop";
  parts.project = project;
  parts.engine.connection = live::Connection::connected;
  parts.engine.listed = true;
  const auto add = [&parts](const std::string& service, ContainerStatus status, int exit_code) {
    auto container = std::make_shared<engine::Container>();
    container->id = service;
    container->labels = {{"com.docker.compose.project", "shop"},
                         {"com.docker.compose.service", service}};
    container->status = status;
    container->exit_code = exit_code;
    container->started_at = container->finished_at = Time(std::chrono::hours(1));
    parts.containers.push_back(container);
  };
  add("web", ContainerStatus::running, 0);
  add("db", ContainerStatus::exited, 143);
  add("migrate", ContainerStatus::exited, 0);
  return {{"shop", project}, live::assemble(std::move(parts))};
}

// The services that Compose would be told, those it must create in brackets.
std::string planned(actions::ActionKind kind, std::vector<std::string> services = {}) {
  const Made made = shop();
  ActOptions options;
  options.kind = kind;
  options.services = std::move(services);
  const actions::ActionRequest request = plan(options, made.target, *made.snapshot, {});
  CHECK(request.project.name == "shop");
  CHECK(request.project.files == std::vector<std::string>{"/srv/shop/compose.yaml"});
  return join(request.services, " ") + " [" + join(request.not_created, " ") + "]";
}

}  // namespace

TEST_CASE("dependents are restarted by name, but no finished job") {
  const Made made = shop();
  ActOptions options;
  options.services = {"db"};
  options.with_dependents = true;
  CHECK(join(plan(options, made.target, *made.snapshot, {}).services, " ") == "db web");
}

TEST_CASE("no more is done than was asked for") {
  using enum actions::ActionKind;
  CHECK(planned(start) == "db mailer [mailer]");
  CHECK(planned(start, {"migrate"}) == "migrate []");
  CHECK(planned(start, {"night"}) == "night [night]");
  CHECK(planned(stop) == "web []");
  CHECK(planned(stop, {"mailer"}) == " []");
  CHECK(planned(restart) == "web db []");
  CHECK(planned(restart, {"migrate", "mailer"}) == "migrate mailer [mailer]");
}
