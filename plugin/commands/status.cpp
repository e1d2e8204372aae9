#include "plugin/commands/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plugin/render/go_template.h"
#include "plugin/render/layout.h"
#include "plugin/render/status.h"

namespace dockhand::plugin {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;
using Json = nlohmann::ordered_json;
using Listed = Result<std::vector<live::ProjectSummary>>;

constexpr std::array<Flag, 8> kFlags = {{
    {"all", 'a', FlagKind::boolean, "Show every project on the Engine"},
    {"exit-code", 0, FlagKind::boolean, "Exit with 1 when something is wrong or not up yet"},
    {"format", 0, FlagKind::text,
     "Format output: \"table\", \"json\", or a Go template such as '{{.Service}} {{.State}}'",
     Values::words, "table json"},
    {"no-trunc", 0, FlagKind::boolean, "Don't truncate output"},
    {"quiet", 'q', FlagKind::boolean, "Only display names"},
    {"timeout", 0, FlagKind::duration, "With --wait: give up after this time, such as 90s"},
    {"wait", 0, FlagKind::boolean, "Wait until everything is well, or say why it cannot be"},
    {"watch", 'w', FlagKind::boolean, "Stay, and show changes as they happen"},
}};

std::string json_text(const Json& json, int indent) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string as_json(const StatusOptions& options, const std::vector<ProjectReport>& reports) {
  const int indent = options.watch ? -1 : 2;  // While watching, one line for each change.
  if (reports.size() == 1 && !options.all)
    return json_text(explain::to_json(reports.front()), indent);
  Json list = Json::array();
  for (const ProjectReport& report : reports) list.push_back(explain::to_json(report));
  return json_text(list, indent);
}

Result<std::string> as_template(const std::string& text,
                                const std::vector<ProjectReport>& reports) {
  const Result<render::GoTemplate> made = render::GoTemplate::parse(text);
  if (!made) return made.error();
  std::vector<Json> rows;
  for (const ProjectReport& report : reports) {
    for (const ServiceReport& service : report.services) {
      rows.push_back(explain::to_json(service));
      rows.back()["Project"] = report.name;
    }
  }
  const Result<std::vector<std::string>> lines = made->render(rows);
  if (!lines) return lines.error();
  return render::joined_lines(*lines);
}

std::string names_only(const StatusOptions& options, const std::vector<ProjectReport>& reports) {
  std::string out;
  for (const ProjectReport& report : reports) {
    if (options.all) out += report.name + "\n";
    if (options.all) continue;
    for (const ServiceReport& service : report.services) out += service.name + "\n";
  }
  return out;
}

std::string as_table(Context& context, const StatusOptions& options,
                     const std::vector<ProjectReport>& reports, const std::string& next) {
  render::Style style = context.style();
  style.full = options.no_trunc;
  if (options.all) return render::joined_lines(render::overview_lines(reports, style));
  std::string out;
  for (const ProjectReport& report : reports) {
    if (!out.empty() && style.terminal()) out += "\n";
    const bool last = &report == &reports.back();
    out += render::joined_lines(
        render::status_lines(report, {{}, options.watch, last ? next : ""}, style));
  }
  return out;
}

// What is found out at once: the report of each project.
struct Seen {
  std::vector<Target> targets;
  std::vector<ProjectReport> reports;
};

// `listed` is what runs on the Engine: a project that is not among it has no containers.
Result<Seen> see_each(Context& context, engine::Engine& engine, std::vector<Target> targets,
                      const std::vector<live::ProjectSummary>& listed) {
  Seen seen;
  const auto prober = context.world().make_prober();
  for (const Target& target : targets) {
    live::SurveyRequest request{target.name, target.project,
                                context.probe_options(context.settings(target.project.get()))};
    request.listed.emplace();
    for (const live::ProjectSummary& summary : listed) {
      if (summary.name == target.name) request.listed = summary.containers;
    }
    const auto snapshot =
        live::survey(engine, *prober, *context.world().clock, request, context.stop());
    if (!snapshot) return snapshot.error();
    seen.reports.push_back(explain::report(**snapshot));
  }
  seen.targets = std::move(targets);
  return seen;
}

// One list of all containers tells as well which projects run from the same file under other names.
Result<Seen> see_here(Context& context, engine::Engine& engine, Target target) {
  const Listed listed = live::list_projects(engine, context.stop());
  if (!listed) return listed.error();
  return see_each(context, engine, running_targets(context, std::move(target), *listed), *listed);
}

Result<Seen> see_all(Context& context, engine::Engine& engine) {
  const Listed listed = live::list_projects(engine, context.stop());
  if (!listed) return listed.error();
  std::vector<Target> targets;
  for (const live::ProjectSummary& summary : *listed)
    targets.push_back(target_of(context, summary));
  Result<Seen> seen = see_each(context, engine, std::move(targets), *listed);
  if (!seen) return seen;
  for (std::size_t i = 0; i < seen->reports.size(); ++i) {
    // Beside other projects a bare `compose.yaml` says nothing.
    seen->reports[i].files = join((*listed)[i].config_files, " + ");
  }
  return seen;
}

Error nothing_to_show(const Target& target) {
  const std::string file = target.project && !target.project->file_paths.empty()
                               ? io::base_name(target.project->file_paths.front())
                               : target.name;
  return {"compose-empty",
          fmt::format("there are no services in {}", file),
          "its top-level key `services` is missing, empty, or cannot be read",
          {}};
}

Result<std::vector<Target>> targets_to_follow(Context& context, engine::Engine& engine) {
  // An Engine that is not there now is an error; one that goes away later is waited for.
  const Result<engine::EngineInfo> info = engine.info(context.stop());
  if (!info) return info.error();
  Result<Target> target = find_target(context);
  if (!target) return target.error();
  const Listed listed = live::list_projects(engine, context.stop());
  if (!listed) return listed.error();
  std::vector<Target> targets = running_targets(context, std::move(*target), *listed);
  const Target& first = targets.front();
  const bool runs = std::any_of(listed->begin(), listed->end(), [&first](const auto& summary) {
    return summary.name == first.name;
  });
  if (!runs && first.project && first.project->services.empty()) return nothing_to_show(first);
  return targets;
}

void keep_only(const std::vector<std::string>& names, ProjectReport& report) {
  std::erase_if(report.services, [&names](const ServiceReport& service) {
    return std::find(names.begin(), names.end(), service.name) == names.end();
  });
  const auto all_are = [&report](explain::Tone tone) {
    return std::all_of(report.services.begin(), report.services.end(),
                       [tone](const ServiceReport& service) { return service.tone == tone; });
  };
  report.all_good = report.notice.empty() && all_are(explain::Tone::good);
  report.waiting = std::any_of(
      report.services.begin(), report.services.end(),
      [](const ServiceReport& service) { return service.tone == explain::Tone::waiting; });
}

int print(Context& context, const StatusOptions& options, Seen seen) {
  const Result<void> known = check_chosen(options, seen.reports);
  if (!known) return context.fail(known.error());
  seen.reports = chosen(options, std::move(seen.reports));
  const bool all_good = std::all_of(seen.reports.begin(), seen.reports.end(),
                                    [](const ProjectReport& report) { return report.all_good; });
  const std::string next =
      seen.targets.empty() ? "" : next_step(context, seen.targets.back(), seen.reports.back());
  const Result<std::string> text = shown(context, options, seen.reports, next);
  if (!text) return context.fail(text.error());
  context.out().write(*text);
  return options.exit_code && !all_good ? kFailed : kDone;
}

int stay(Context& context, const StatusOptions& options,
         const std::shared_ptr<engine::Engine>& engine) {
  Result<std::vector<Target>> targets = targets_to_follow(context, *engine);
  if (!targets) return context.fail(targets.error());
  Follower follower(context, engine, std::move(*targets));
  if (!follower.wait_until_known()) return kCancelled;
  const Result<void> known = check_chosen(options, follower.reports());
  if (!known) return context.fail(known.error());
  return options.watch ? watch_status(context, options, follower)
                       : wait_for_status(context, options, follower);
}

Error conflict(std::string_view why) {
  return {"flag-conflict", "these flags exclude each other", std::string(why), {}};
}

Result<void> check(const StatusOptions& options) {
  if (options.watch && options.wait) return conflict("--watch stays, --wait ends by itself");
  if (options.all && (options.watch || options.wait)) {
    return conflict("--watch and --wait follow one project: choose it with -p");
  }
  if (options.timeout && !options.wait) return conflict("--timeout belongs to --wait");
  const bool by_template = options.format != "table" && options.format != "json";
  if (!by_template) return {};
  // Better before the Engine was asked than after.
  const Result<render::GoTemplate> parsed = render::GoTemplate::parse(options.format);
  return parsed ? Result<void>() : Result<void>(parsed.error());
}

int run(Context& context, const Parsed& given) {
  StatusOptions options;
  options.services = given.words;
  options.all = given.flags.flag("all");
  options.watch = given.flags.flag("watch");
  options.wait = given.flags.flag("wait");
  options.timeout = given.flags.duration("timeout");
  options.exit_code = given.flags.flag("exit-code");
  options.quiet = given.flags.flag("quiet");
  options.no_trunc = given.flags.flag("no-trunc");
  options.format = given.flags.optional("format").value_or("table");
  return run_status(context, options);
}

}  // namespace

const Command kStatusCommand = {
    .name = "status",
    .summary = "Show how every service is doing",
    .usage = "[OPTIONS] [SERVICE...]",
    .description =
        "One line for each service: state, health, uptime, address, and what is wrong with it.",
    .examples =
        "status\nstatus --watch\nstatus --wait --timeout 90s\nstatus --format '{{.Service}} "
        "{{.URL}}'",
    .flags = kFlags,
    .words = Words::services,
    .run = run,
};

int run_status(Context& context, const StatusOptions& options) {
  const Result<void> sensible = check(options);
  if (!sensible) return context.fail(sensible.error());
  Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return context.fail(engine.error());

  if (options.watch || options.wait) return stay(context, options, *engine);
  if (options.all) {
    Result<Seen> seen = see_all(context, **engine);
    if (!seen) return context.fail(seen.error());
    const bool empty_table = seen->reports.empty() && options.format == "table" && !options.quiet;
    if (empty_table) {
      context.err().line("no Compose project has containers on this Engine");
      return kDone;
    }
    return print(context, options, std::move(*seen));
  }
  Result<Target> target = find_target(context);
  if (!target) return context.fail(target.error());
  Result<Seen> seen = see_here(context, **engine, std::move(*target));
  if (!seen) return context.fail(seen.error());
  const bool nothing =
      std::all_of(seen->reports.begin(), seen->reports.end(),
                  [](const ProjectReport& report) { return report.services.empty(); });
  if (nothing) return context.fail(nothing_to_show(seen->targets.front()));
  return print(context, options, std::move(*seen));
}

Result<std::string> shown(Context& context, const StatusOptions& options,
                          const std::vector<ProjectReport>& reports, const std::string& next) {
  if (options.quiet) return names_only(options, reports);
  if (options.format == "json") return as_json(options, reports);
  if (options.format != "table") return as_template(options.format, reports);
  return as_table(context, options, reports, next);
}

std::vector<ProjectReport> chosen(const StatusOptions& options,
                                  std::vector<ProjectReport> reports) {
  for (ProjectReport& report : reports) {
    if (!options.services.empty()) keep_only(options.services, report);
  }
  return reports;
}

Result<void> check_chosen(const StatusOptions& options, const std::vector<ProjectReport>& reports) {
  std::vector<std::string> known;
  for (const ProjectReport& report : reports) {
    for (const ServiceReport& service : report.services) known.push_back(service.name);
  }
  const std::string name = reports.size() == 1 ? reports.front().name : "the Engine";
  return check_services(options.services, known, name);
}

std::string next_step(Context& context, const Target& target, const ProjectReport& report) {
  if (report.all_good || !report.notice.empty() || report.services.empty()) return {};
  const bool absent = std::all_of(
      report.services.begin(), report.services.end(),
      [](const ServiceReport& service) { return service.state == live::State::not_created; });
  const std::string words = selecting_words(context, target);
  if (absent) return fmt::format("start it:  {} {}start", context.invocation().program(), words);
  for (const ServiceReport& service : report.services) {
    if (service.tone != explain::Tone::bad || service.containers == 0) continue;
    return fmt::format("more:  docker compose {}logs --tail 20 {}", words, service.name);
  }
  return {};
}

}  // namespace dockhand::plugin
