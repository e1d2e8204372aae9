#include "lsp/features/command.h"

namespace dockhand::lsp {

bool from_json(const json& value, ServiceArguments& out, const Path& path) {
  const ObjectReader object(value, path);
  if (!object.required("project", out.project) || !object.optional("directory", out.directory) ||
      !object.optional("files", out.files) || !object.required("service", out.service) ||
      !object.optional("dependents", out.dependents)) {
    return false;
  }
  // Neither may read as an option of the command that it becomes an argument of.
  if (out.project.empty() || out.project.starts_with('-')) {
    return path.member("project").report("expected a project's name");
  }
  if (out.service.empty() || out.service.starts_with('-')) {
    return path.member("service").report("expected a service's name");
  }
  return true;
}

json to_json(const ServiceArguments& arguments) {
  json value = {{"project", arguments.project},
                {"directory", arguments.directory},
                {"files", arguments.files},
                {"service", arguments.service}};
  if (!arguments.dependents.empty()) value["dependents"] = arguments.dependents;
  return value;
}

bool from_json(const json& value, OpenArguments& out, const Path& path) {
  if (!ObjectReader(value, path).required("url", out.url)) return false;
  const bool web = out.url.starts_with("http://") || out.url.starts_with("https://");
  return web || path.member("url").report("expected an http or https URL");
}

ServiceArguments arguments_for(const ProjectState& project, const std::string& service) {
  ServiceArguments arguments;
  arguments.service = service;
  if (project.facts) arguments.project = project.facts->project_name();
  if (project.good) {
    arguments.directory = project.good->directory;
    arguments.files = project.good->file_paths;
  }
  return arguments;
}

std::optional<actions::ActionKind> action_of(std::string_view command) {
  if (command == kStartCommand) return actions::ActionKind::start;
  if (command == kStopCommand) return actions::ActionKind::stop;
  if (command == kRestartCommand) return actions::ActionKind::restart;
  return std::nullopt;
}

}  // namespace dockhand::lsp
