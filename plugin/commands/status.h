#pragma once

#include <optional>
#include <string>
#include <vector>

#include "explain/report.h"
#include "plugin/cli/command.h"
#include "plugin/commands/follow.h"
#include "plugin/commands/project.h"
#include "plugin/context.h"

namespace dockhand::plugin {

struct StatusOptions {
  std::vector<std::string> services;  // Only these; none is all.
  bool all = false;                   // Every project on the endpoint.
  bool watch = false;
  bool wait = false;
  std::optional<Duration> timeout;  // Of `wait`; none waits for ever.
  bool exit_code = false;           // Fail when something is wrong.
  bool quiet = false;               // Names only.
  bool no_trunc = false;
  std::string format = "table";  // `table`, `json`, or a template.
};

int run_status(Context& context, const StatusOptions& options);

extern const Command kStatusCommand;

// The two ways of staying, once something is known: redrawing until the user ends it; and until all
// is well or cannot be.
int watch_status(Context& context, const StatusOptions& options, Follower& follower);
int wait_for_status(Context& context, const StatusOptions& options, Follower& follower);

// The reports as the options want them shown. Error `template-invalid`.
Result<std::string> shown(Context& context, const StatusOptions& options,
                          const std::vector<explain::ProjectReport>& reports,
                          const std::string& next);

// The services of the reports that the options ask for, and whether these are well or coming up.
std::vector<explain::ProjectReport> chosen(const StatusOptions& options,
                                           std::vector<explain::ProjectReport> reports);

// What to type next about what is wrong; empty when nothing is.
std::string next_step(Context& context, const Target& target, const explain::ProjectReport& report);

// Error `service-missing` when the options name a service that no report has.
Result<void> check_chosen(const StatusOptions& options,
                          const std::vector<explain::ProjectReport>& reports);

}  // namespace dockhand::plugin
