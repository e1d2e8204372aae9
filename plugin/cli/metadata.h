#pragma once

#include <string_view>

namespace dockhand::plugin {

inline constexpr std::string_view kMetadataCommand = "docker-cli-plugin-metadata";
inline constexpr std::string_view kShortDescription =
    "Your Compose file, alive: see and steer its services";

// What Docker asks of every plugin before each use, and for each `docker --help`: a constant, so
// that it is answered before anything else is done. SchemaVersion is the only one that every CLI
// takes (docker/cli: cli-plugins/metadata).
std::string_view metadata();

// `0.1.0`
std::string_view version();

}  // namespace dockhand::plugin
