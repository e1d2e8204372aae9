#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compose/loader.h"
#include "compose/project.h"
#include "compose/report.h"
#include "compose/value.h"

// From the canonical model to what the rest of Dockhand reads: one function for each part of a
// service. A value of the wrong type costs only itself.
namespace dockhand::compose {

struct Reading {
  Report& report;
  std::size_t ports = 0;  // Read so far, of all services; bounded by kMaxPorts.
};

Service read_service(const Member& service, Reading& reading);

// Finding: compose-bad-port.
std::vector<Port> read_ports(const Value& ports, Reading& reading);

// Those of depends_on, then those that other keys imply: links, `service:` namespaces,
// volumes_from. Finding: compose-bad-dependency.
std::vector<Dependency> read_dependencies(const Value& service, Report& report);

// Finding: compose-bad-health-check.
HealthCheck read_health_check(const Value& check, Report& report);

// Findings: x-dev-unknown-key, x-dev-bad-value.
XDev read_x_dev(const Value& x_dev, Report& report);
// The top level's: its scalars by their dotted names (`probe.interval`), and the address of traces.
void read_project_x_dev(const Value& x_dev, Project& project, Report& report);

// A string or a list of strings; empty for everything else.
std::vector<std::string> read_strings(const Value* value);

// A command line cut into words as Compose does it (go-shellwords): blanks separate, quotes and
// backslashes keep together, and an operator of the shell ends it, because there is no shell.
// Nothing is replaced and nothing is run. `is_open` is told whether a quote or a backslash at the
// end lacks what belongs to it, for which Compose refuses the command.
std::vector<std::string> split_words(std::string_view command, bool* is_open = nullptr);

}  // namespace dockhand::compose
