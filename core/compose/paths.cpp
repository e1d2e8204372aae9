#include "compose/paths.h"

#include "io/file_system.h"

namespace dockhand::compose {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

void resolve_scalar(Value* value, std::string_view directory, const io::Environment& variables) {
  Value::Scalar* scalar = value ? value->scalar() : nullptr;
  if (!scalar || scalar->text.empty() || is_remote(scalar->text)) return;
  // `context: service:x` and the like name something else than a path.
  if (starts_with(scalar->text, "service:") || starts_with(scalar->text, "docker-image:")) return;
  scalar->text = resolve_path(scalar->text, directory, variables);
  scalar->quoted = true;
}

void resolve_service(Value& service, std::string_view directory, const io::Environment& variables) {
  if (Value* build = service.find("build")) {
    resolve_scalar(build->map() ? build->find("context") : build, directory, variables);
  }
  if (Value* extends = service.find("extends")) {
    resolve_scalar(extends->find("file"), directory, variables);
  }
}

}  // namespace

bool is_remote(std::string_view path) {
  return path.find("://") != std::string_view::npos || starts_with(path, "git@") ||
         starts_with(path, "github.com/");
}

std::string resolve_path(std::string_view path, std::string_view directory,
                         const io::Environment& variables) {
  if (path == "~" || starts_with(path, "~/")) {
    return io::normalize_path(variables.get("HOME") + std::string(path.substr(1)));
  }
  if (starts_with(path, "/")) return std::string(path);
  return io::normalize_path(io::join_path(directory, path));
}

void resolve_paths(Value& model, std::string_view directory, const io::Environment& variables) {
  Value* services = model.find("services");
  if (!services || !services->map()) return;
  for (Member& service : *services->map()) resolve_service(service.value, directory, variables);
}

}  // namespace dockhand::compose
