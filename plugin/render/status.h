#pragma once

#include <string>
#include <vector>

#include "explain/report.h"
#include "plugin/render/style.h"

namespace dockhand::plugin::render {

struct StatusOptions {
  std::vector<std::string> services = {};  // Only these; none is all.
  bool latency = false;                    // With P90, where there are samples enough.
  std::string next = {};  // What to do about what is wrong: a last line; empty: none.
};

// One project: a headline, a row for each service, the reason below what is wrong. In a pipe the
// rows alone, with the reason as their last column.
std::vector<std::string> status_lines(const explain::ProjectReport& project,
                                      const StatusOptions& options, const Style& style);

// Many projects: a row for each, and below it what is wrong in it. In a pipe one row for each
// service, with its project in front.
std::vector<std::string> overview_lines(const std::vector<explain::ProjectReport>& projects,
                                        const Style& style);

}  // namespace dockhand::plugin::render
