#include <fmt/format.h>

#include <algorithm>

#include "base/human.h"
#include "plugin/commands/settle.h"
#include "plugin/commands/status.h"

namespace dockhand::plugin {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;

bool all_good(const std::vector<ProjectReport>& reports) {
  return std::all_of(reports.begin(), reports.end(),
                     [](const ProjectReport& report) { return report.all_good; });
}

bool awaited(const ServiceReport& service) { return service.tone != explain::Tone::good; }

// `payments is unhealthy: db: connection refused`, a line for each service that is not well.
std::string why_not(const std::vector<ProjectReport>& reports) {
  std::string text;
  for (const ProjectReport& report : reports) {
    for (const ServiceReport& service : report.services) {
      if (!awaited(service)) continue;
      const bool counts = !service.orphan;
      if (!counts) continue;
      text += fmt::format("{} is {}", service.name, service.state_word);
      if (!service.reason.empty()) text += ": " + service.reason;
      text += "\n";
    }
  }
  return text;
}

}  // namespace

int wait_for_status(Context& context, const StatusOptions& options, Follower& follower) {
  const auto is_chosen = [&options](const ServiceReport& service) {
    const bool wanted = options.services.empty() ||
                        std::find(options.services.begin(), options.services.end(), service.name) !=
                            options.services.end();
    return wanted && awaited(service);
  };
  std::optional<Settled> end = settle(
      context, follower, options.timeout,
      [&](const std::vector<ProjectReport>& reports) {
        const std::vector<ProjectReport> mine = chosen(options, reports);
        return all_good(mine) ||
               std::none_of(mine.begin(), mine.end(),
                            [](const ProjectReport& report) { return report.waiting; });
      },
      is_chosen);
  if (!end) return kCancelled;
  const std::vector<ProjectReport> reports = chosen(options, std::move(end->reports));
  const Result<std::string> text = shown(context, options, reports, "");
  if (!text) return context.fail(text.error());
  context.out().write(*text);
  if (all_good(reports)) return kDone;
  const Target& target = follower.targets().front();
  Error error{"not-well",
              end->timed_out ? fmt::format("{} is not up after {}", target.name,
                                           human_duration(*options.timeout))
                             : fmt::format("{} cannot come up by itself", target.name),
              why_not(reports),
              {}};
  if (!reports.empty()) error.fix = next_step(context, target, reports.front());
  return context.fail(error);
}

}  // namespace dockhand::plugin
