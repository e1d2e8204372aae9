#include "plugin/commands/settle.h"

#include <algorithm>

#include "plugin/render/layout.h"
#include "plugin/render/screen.h"

namespace dockhand::plugin {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;

constexpr Duration kProbePatience = std::chrono::seconds(5);

std::vector<std::string> awaited_lines(const std::vector<ProjectReport>& reports,
                                       const std::function<bool(const ServiceReport&)>& awaited,
                                       const render::Style& style) {
  render::Table table{{{"", 0}, {"", 0}, {"", 0}, {"", 1}, {"", 2}}, {}};
  for (const ProjectReport& report : reports) {
    for (const ServiceReport& service : report.services) {
      if (!awaited(service)) continue;
      const render::Paint paint = render::paint_of(service.tone);
      table.rows.push_back({{{std::string(render::symbol(style, service.symbol)), paint, {}},
                             {service.name, render::Paint::bold, {}},
                             {service.state_word, paint, {}},
                             {service.up},
                             {service.reason_short}}});
    }
  }
  std::vector<std::string> lines = render::lay_out(table, style);
  lines.erase(lines.begin());  // The table has no header.
  return lines;
}

}  // namespace

std::optional<Settled> settle(Context& context, Follower& follower, std::optional<Duration> timeout,
                              const std::function<bool(const std::vector<ProjectReport>&)>& settled,
                              const std::function<bool(const ServiceReport&)>& awaited) {
  const Clock& clock = *context.world().clock;
  const Instant begin = clock.instant();
  const bool show = context.world().err_is_terminal;
  render::LiveRegion region;
  std::optional<Settled> result;
  while (!context.stop().stop_requested()) {
    std::vector<ProjectReport> reports = follower.reports();
    const Duration waited = clock.instant() - begin;
    const bool timed_out = timeout && waited >= *timeout;
    // A probe that never comes back must not hold us up.
    const bool heard = follower.known() && (follower.probed() || waited > kProbePatience);
    if ((heard && settled(reports)) || timed_out) {
      result = Settled{std::move(reports), timed_out};
      break;
    }
    if (show) {
      context.err().write(region.draw(awaited_lines(reports, awaited, context.error_style()),
                                      context.terminal_size()));
    }
    Duration patience = show ? until_words_change(reports, clock.now()) : std::chrono::hours(24);
    if (timeout) patience = std::min(patience, *timeout - waited);
    if (!heard) patience = std::min(patience, kProbePatience);
    if (follower.wait(patience).suspend) {
      context.err().write(region.clear());
      context.world().suspend();
    }
  }
  context.err().write(region.clear());
  return result;
}

}  // namespace dockhand::plugin
