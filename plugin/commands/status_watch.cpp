#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "plugin/commands/status.h"
#include "plugin/render/layout.h"
#include "plugin/render/screen.h"
#include "plugin/render/status.h"

namespace dockhand::plugin {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;

// What it saw happen: services that came into another state, the last few of them.
class Changes {
 public:
  static constexpr std::size_t kMost = 6;

  void see(const std::vector<ProjectReport>& reports, Time now) {
    for (const ProjectReport& report : reports) {
      for (const ServiceReport& service : report.services) see(report.name, service, now);
    }
  }

  std::vector<std::string> lines(const render::Style& style) const {
    render::Table table{{{"", 0}, {"", 0}, {"", 0}}, {}};
    for (const Change& change : changes_) {
      std::string text = fmt::format("{} → {}", change.before, change.after);
      if (!change.reason.empty()) text += ", " + change.reason;
      table.rows.push_back({{{format_local_clock(change.time), render::Paint::dim, {}},
                             {change.name, render::Paint::dim, {}},
                             {std::move(text), render::Paint::dim, {}}}});
    }
    std::vector<std::string> out = render::lay_out(table, style);
    out.erase(out.begin());  // The table has no header.
    return out;
  }

 private:
  struct Change {
    Time time;
    std::string name, before, after, reason;
  };

  void see(const std::string& project, const ServiceReport& service, Time now) {
    // What was last seen before the Engine was lost is no change.
    if (!service.known || service.stale) return;
    Known& known = known_[project + "/" + service.name];
    // The first probe is news to us, not to the service.
    const bool first_probe = known.state == live::State::running && !known.probed &&
                             known.started_at == service.started_at;
    if (!known.word.empty() && known.word != service.state_word && !first_probe) {
      if (changes_.size() == kMost) changes_.pop_front();
      changes_.push_back({now, service.name, known.word, service.state_word,
                          service.tone == explain::Tone::bad ? service.reason_short : ""});
    }
    known = {service.state_word, service.state, !service.health.empty(), service.started_at};
  }

  struct Known {
    std::string word;
    live::State state = live::State::not_created;
    bool probed = false;
    std::optional<Time> started_at;
  };

  std::map<std::string, Known> known_;
  std::deque<Change> changes_;
};

std::vector<std::string> frame(Context& context, const StatusOptions& options,
                               const std::vector<ProjectReport>& reports, const Changes& changes) {
  render::Style style = context.style();
  style.full = options.no_trunc;
  std::vector<std::string> lines;
  for (const ProjectReport& report : reports) {
    if (!lines.empty()) lines.emplace_back();
    for (std::string& line : render::status_lines(report, {{}, true, ""}, style)) {
      lines.push_back(std::move(line));
    }
  }
  const std::vector<std::string> seen = changes.lines(style);
  if (!seen.empty()) lines.emplace_back();
  lines.insert(lines.end(), seen.begin(), seen.end());
  return lines;
}

// On a terminal: a screen that always shows how things stand. What it showed last stays behind.
int watch_on_screen(Context& context, const StatusOptions& options, Follower& follower) {
  render::Screen screen;
  Changes changes;
  std::vector<std::string> lines;
  Output& out = context.out();
  out.write(screen.enter());
  for (Follower::Woken woken; !woken.stopped;) {
    if (woken.resized) screen.forget();
    const std::vector<ProjectReport> reports = chosen(options, follower.reports());
    const Time now = context.world().clock->now();
    changes.see(reports, now);
    lines = frame(context, options, reports, changes);
    out.write(screen.draw(lines, context.terminal_size()));
    if (!out.open()) break;
    woken = follower.wait(until_words_change(reports, now));
    if (woken.suspend) {
      out.write(screen.leave());
      context.world().suspend();
      out.write(screen.enter());
      screen.forget();
    }
  }
  out.write(screen.leave());
  out.lines(lines);
  return kCancelled;
}

// In a pipe: all of it again whenever something other than a duration has changed.
int watch_in_pipe(Context& context, const StatusOptions& options, Follower& follower) {
  std::string last;
  for (Follower::Woken woken; !woken.stopped;) {
    if (follower.known()) {
      const std::vector<ProjectReport> reports = chosen(options, follower.reports());
      std::vector<ProjectReport> timeless = reports;
      for (ProjectReport& report : timeless) {
        for (ServiceReport& service : report.services) service.up.clear();
      }
      const Result<std::string> key = shown(context, options, timeless, "");
      if (!key) return context.fail(key.error());
      if (*key != last) {
        const Result<std::string> text = shown(context, options, reports, "");
        if (!text) return context.fail(text.error());
        const bool table = options.format == "table" && !options.quiet;
        context.out().write((table && !last.empty() ? "\n" : "") + *text);
        last = *key;
      }
    }
    if (!context.out().open()) return kDone;
    woken = follower.wait(std::chrono::hours(24));
    if (woken.suspend) context.world().suspend();
  }
  return kCancelled;
}

}  // namespace

int watch_status(Context& context, const StatusOptions& options, Follower& follower) {
  const bool screen =
      context.world().out_is_terminal && options.format == "table" && !options.quiet;
  return screen ? watch_on_screen(context, options, follower)
                : watch_in_pipe(context, options, follower);
}

}  // namespace dockhand::plugin
