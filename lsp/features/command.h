#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actions/action.h"
#include "lsp/projects.h"
#include "lsp/protocol/json_reader.h"

// The commands that code actions carry and `workspace/executeCommand` takes: each with all that it
// needs, so that nothing depends on what the server knew when the action was offered.
namespace dockhand::lsp {

inline constexpr std::string_view kStartCommand = "dockhand.start";
inline constexpr std::string_view kStopCommand = "dockhand.stop";
inline constexpr std::string_view kRestartCommand = "dockhand.restart";
inline constexpr std::string_view kOpenCommand = "dockhand.open";

// The one argument of start, stop and restart.
struct ServiceArguments {
  std::string project;
  std::string directory;
  std::vector<std::string> files;
  std::string service;
  std::vector<std::string> dependents;  // Of restart: services that are restarted as well.
};
bool from_json(const json& value, ServiceArguments& out, const Path& path);
json to_json(const ServiceArguments& arguments);

// The argument of open.
struct OpenArguments {
  std::string url;
};
bool from_json(const json& value, OpenArguments& out, const Path& path);

ServiceArguments arguments_for(const ProjectState& project, const std::string& service);

std::optional<actions::ActionKind> action_of(std::string_view command);

}  // namespace dockhand::lsp
