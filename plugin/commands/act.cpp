#include "plugin/commands/act.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plugin/commands/settle.h"
#include "plugin/render/layout.h"
#include "plugin/render/progress.h"
#include "plugin/render/screen.h"
#include "plugin/render/status.h"

namespace dockhand::plugin {
namespace {

using actions::ActionKind;
using explain::ProjectReport;
using explain::ServiceReport;

// A health check that needs longer is worth a look of its own.
constexpr Duration kLongestSettling = std::chrono::seconds(60);

constexpr Flag kNoWait = {"no-wait", 0, FlagKind::boolean, "Don't wait for the resulting health"};
constexpr std::array<Flag, 1> kStartFlags = {{kNoWait}};
constexpr std::array<Flag, 2> kRestartFlags = {
    {kNoWait,
     {"with-dependents", 0, FlagKind::boolean, "Also restart the services that depend on them"}}};

std::vector<std::string> all_names(const live::Snapshot& snapshot) {
  std::vector<std::string> names;
  for (const live::ServiceState& service : snapshot.services) names.push_back(service.name);
  return names;
}

// Shows Compose's steps as they come: in place on a terminal, else line by line.
class ProgressView {
 public:
  explicit ProgressView(Context& context)
      : context_(context), live_(context.world().err_is_terminal), style_(context.error_style()) {}

  void add(const actions::ActionProgress& step) {
    if (!progress_.add(step)) return;
    if (live_) {
      context_.err().write(region_.draw(progress_.lines(style_), context_.terminal_size()));
    } else {
      context_.err().line(render::progress_line(step, style_));
    }
  }

  void clear() { context_.err().write(region_.clear()); }

 private:
  Context& context_;
  bool live_;
  render::Style style_;
  render::Progress progress_;
  render::LiveRegion region_;
};

bool is_one_of(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The dependents that are to be restarted too: a job that has finished would be done once more.
void add_dependents(const live::Snapshot& snapshot, actions::ActionRequest& request) {
  const std::vector<std::string> named = request.services;
  for (const std::string& service : named) {
    for (const std::string& dependent : snapshot.graph->transitive_dependents(service)) {
      const live::ServiceState* state = snapshot.find(dependent);
      const bool runs = state != nullptr && !state->containers.empty() && !state->completed();
      if (runs && !is_one_of(request.services, dependent)) request.services.push_back(dependent);
    }
  }
}

bool awaited(const ServiceReport& service) { return service.tone == explain::Tone::waiting; }

int show_result(Context& context, const ActOptions& options,
                const std::shared_ptr<engine::Engine>& engine, const Target& target,
                const std::vector<std::string>& names) {
  Follower follower(context, engine, {target});
  const auto is_settled = [&](const std::vector<ProjectReport>& reports) {
    if (options.no_wait || options.kind == ActionKind::stop) return true;
    return std::all_of(reports.begin(), reports.end(), [&names](const ProjectReport& report) {
      return std::none_of(report.services.begin(), report.services.end(),
                          [&names](const auto& service) {
                            return is_one_of(names, service.name) && awaited(service);
                          });
    });
  };
  std::optional<Settled> end = settle(context, follower, kLongestSettling, is_settled,
                                      [&names](const ServiceReport& service) {
                                        return is_one_of(names, service.name) && awaited(service);
                                      });
  if (!end) return kCancelled;
  bool well = true;
  for (const ProjectReport& report : end->reports) {
    context.out().lines(render::status_lines(report, {names, false, ""}, context.style()));
    for (const ServiceReport& service : report.services) {
      if (is_one_of(names, service.name) && service.tone == explain::Tone::bad) well = false;
    }
  }
  if (end->timed_out) {
    context.err().line(fmt::format("still starting; to see how it goes on:  {} status --watch",
                                   context.invocation().program()));
  }
  return well || options.kind == ActionKind::stop ? kDone : kFailed;
}

std::string nothing_to_do(const ActOptions& options, const Target& target) {
  switch (options.kind) {
    case ActionKind::start:
      return fmt::format("nothing to start: every service of {} runs or has finished", target.name);
    case ActionKind::stop:
      return fmt::format("nothing to stop: no service of {} runs", target.name);
    case ActionKind::restart:
      break;
  }
  return fmt::format("nothing to restart: {} has no containers; start it first", target.name);
}

int run(Context& context, const Parsed& given, ActionKind kind) {
  ActOptions options;
  options.kind = kind;
  options.services = given.words;
  options.with_dependents = given.flags.flag("with-dependents");
  options.no_wait = given.flags.flag("no-wait");
  return run_act(context, options);
}

// What an action would change, by the state of a service.
bool concerns(ActionKind kind, const live::ServiceState& service) {
  const bool enabled = service.definition == nullptr || service.definition->enabled;
  switch (kind) {
    case ActionKind::start:
      return enabled && !service.running() && !service.completed() &&
             service.state != live::State::restarting;
    case ActionKind::stop:
      return service.running() || service.state == live::State::restarting ||
             service.state == live::State::paused;
    case ActionKind::restart:
      // A job that has finished would be done once more.
      return !service.containers.empty() && !service.completed();
  }
  return false;
}

}  // namespace

const Command kStartCommand = {
    .name = "start",
    .summary = "Start services, creating those that have no container yet",
    .usage = "[OPTIONS] [SERVICE...]",
    .description =
        "What runs is left alone, and so is a job that has finished, unless it is named.",
    .examples = "start\nstart mailer",
    .flags = kStartFlags,
    .words = Words::services,
    .run = [](Context& context,
              const Parsed& given) { return run(context, given, ActionKind::start); },
};

const Command kStopCommand = {
    .name = "stop",
    .summary = "Stop services, keeping their containers",
    .usage = "[OPTIONS] [SERVICE...]",
    .description = "",
    .examples = "stop\nstop mailer",
    .flags = {},
    .words = Words::services,
    .run = [](Context& context,
              const Parsed& given) { return run(context, given, ActionKind::stop); },
};

const Command kRestartCommand = {
    .name = "restart",
    .summary = "Restart services, and show how they are afterwards",
    .usage = "[OPTIONS] [SERVICE...]",
    .description = "",
    .examples = "restart payments\nrestart db --with-dependents",
    .flags = kRestartFlags,
    .words = Words::services,
    .run = [](Context& context,
              const Parsed& given) { return run(context, given, ActionKind::restart); },
};

actions::ActionRequest plan(const ActOptions& options, const Target& target,
                            const live::Snapshot& snapshot, const compose::LoadOptions& load) {
  actions::ActionRequest request;
  request.kind = options.kind;
  request.project.name = target.name;
  request.project.profiles = load.profiles;
  request.project.env_files = load.env_files;
  if (target.project) {
    request.project.files = target.project->file_paths;
    request.project.directory = target.project->directory;
  }
  request.with_dependents = options.with_dependents;
  for (const live::ServiceState& service : snapshot.services) {
    const bool named = is_one_of(options.services, service.name);
    const bool wanted = options.services.empty() ? concerns(options.kind, service) : named;
    if (!wanted) continue;
    const bool absent = service.containers.empty();
    if (absent && options.kind == ActionKind::stop) continue;
    request.services.push_back(service.name);
    if (absent) request.not_created.push_back(service.name);
  }
  // A disabled service without containers is in no Snapshot, but may be started by its name.
  for (const std::string& name : options.services) {
    const bool known = snapshot.find(name) != nullptr;
    if (known || options.kind == ActionKind::stop) continue;
    request.services.push_back(name);
    request.not_created.push_back(name);
  }
  if (request.with_dependents) add_dependents(snapshot, request);
  return request;
}

int run_act(Context& context, const ActOptions& options) {
  Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return context.fail(engine.error());
  Result<Target> target = find_one_target(context, **engine);
  if (!target) return context.fail(target.error());

  live::ProbeOptions no_probes;
  no_probes.policy.enabled = false;
  const auto prober = context.world().make_prober();
  const auto snapshot = live::survey(**engine, *prober, *context.world().clock,
                                     {target->name, target->project, no_probes}, context.stop());
  if (!snapshot) return context.fail(snapshot.error());

  std::vector<std::string> known = all_names(**snapshot);
  if (target->project) {
    for (const compose::Service& service : target->project->services) {
      if (!is_one_of(known, service.name)) known.push_back(service.name);
    }
  }
  const Result<void> exist = check_services(options.services, known, target->name);
  if (!exist) return context.fail(exist.error());

  const actions::ActionRequest request = plan(options, *target, **snapshot, context.load_options());
  if (request.services.empty()) {
    context.err().line(nothing_to_do(options, *target));
    return kDone;
  }
  ProgressView progress(context);
  const Result<void> done = actions::run(
      request, context.compose_command(), *context.world().processes,
      [&progress](const actions::ActionProgress& step) { progress.add(step); }, context.stop());
  progress.clear();
  if (!done) return context.fail(done.error());
  return show_result(context, options, *engine, *target, request.services);
}

}  // namespace dockhand::plugin
