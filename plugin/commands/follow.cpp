#include "plugin/commands/follow.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "live/survey.h"

namespace dockhand::plugin {
namespace {

using explain::ProjectReport;
using explain::ServiceReport;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// human_duration() shows seconds below a minute, minutes below a day, hours below a week.
Duration until_next_unit(Duration age) {
  Duration unit = hours(24);
  if (age < minutes(1)) {
    unit = seconds(1);
  } else if (age < hours(24)) {
    unit = minutes(1);
  } else if (age < hours(24 * 7)) {
    unit = hours(1);
  }
  return age < Duration(0) ? Duration(seconds(1)) : unit - age % unit;
}

// `12s`, but not `4 ms` or `shops`.
bool tells_seconds(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool ends =
        i + 1 == text.size() || std::isalnum(static_cast<unsigned char>(text[i + 1])) == 0;
    if (text[i] == 's' && ends && std::isdigit(static_cast<unsigned char>(text[i - 1])) != 0)
      return true;
  }
  return false;
}

Duration rounded_up(Duration wait, Duration unit, Time now) {
  const Duration past = (now + wait).time_since_epoch() % unit;
  return past == Duration::zero() ? wait : wait + unit - past;
}

}  // namespace

Follower::Follower(Context& context, std::shared_ptr<engine::Engine> engine,
                   std::vector<Target> targets)
    : context_(context), targets_(std::move(targets)), host_(engine->endpoint().public_host()) {
  live::SessionOptions options;
  const compose::Project* project = targets_.empty() ? nullptr : targets_.front().project.get();
  options.probes = context.probe_options(context.settings(project));
  policy_ = options.probes.policy;
  options.log = context.log();
  World& world = context.world();
  session_ = std::make_unique<live::Session>(std::move(engine), world.make_prober(), world.clock,
                                             std::move(options));
  snapshots_.resize(targets_.size());
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    auto view = session_->open(targets_[i].name, targets_[i].project,
                               [this, i](std::shared_ptr<const live::Snapshot> snapshot) {
                                 const std::lock_guard lock(mutex_);
                                 snapshots_[i] = std::move(snapshot);
                                 woken_.changed = true;
                                 wake_.notify_one();
                               });
    if (!view) break;
    {
      const std::lock_guard lock(mutex_);
      if (!snapshots_[i]) snapshots_[i] = view->snapshot();
    }
    views_.push_back(std::move(view));
    sources_.emplace_back(*world.files, targets_[i], world.clock->now());
  }
  world.terminal_events->listen([this](io::TerminalEvent event) {
    const std::lock_guard lock(mutex_);
    (event == io::TerminalEvent::suspend ? woken_.suspend : woken_.resized) = true;
    wake_.notify_one();
  });
}

Follower::~Follower() {
  context_.world().terminal_events->listen({});
  views_.clear();
  session_.reset();
}

Follower::Woken Follower::wait(Duration at_most) {
  const bool unsettled = std::any_of(sources_.begin(), sources_.end(),
                                     [](const Sources& sources) { return sources.unsettled(); });
  if (unsettled) at_most = std::min<Duration>(at_most, Sources::kSettling);
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, context_.stop(), at_most,
                 [this] { return woken_.changed || woken_.resized || woken_.suspend; });
  Woken woken = std::exchange(woken_, {});
  lock.unlock();
  woken.stopped = context_.stop().stop_requested();
  if (!woken.stopped) reread_changed();
  return woken;
}

void Follower::reread_changed() {
  for (std::size_t i = 0; i < views_.size(); ++i) {
    auto project = sources_[i].reread(context_.world().clock->now());
    if (project) views_[i]->set_project(std::move(project));
  }
}

bool Follower::wait_until_known() {
  while (!known()) {
    const Woken woken = wait(hours(24));
    if (woken.stopped) return false;
    if (woken.suspend) context_.world().suspend();
  }
  return true;
}

std::vector<ProjectReport> Follower::reports() const {
  const std::lock_guard lock(mutex_);
  const Time now = context_.world().clock->now();
  std::vector<ProjectReport> reports;
  for (const auto& snapshot : snapshots_) {
    if (snapshot) reports.push_back(explain::report(*snapshot, now));
  }
  return reports;
}

bool Follower::known() const {
  const std::lock_guard lock(mutex_);
  return std::all_of(snapshots_.begin(), snapshots_.end(), [](const auto& snapshot) {
    return snapshot &&
           (snapshot->engine.listed || snapshot->engine.connection == live::Connection::lost);
  });
}

bool Follower::probed() const {
  const std::lock_guard lock(mutex_);
  const auto awaits_probe = [this](const live::ServiceState& service) {
    if (!live::probe_target(service, host_, policy_)) return false;
    if (!service.probe || !service.probe->last) return true;
    const auto& started = service.worst()->started_at;
    return started && service.probe->last->time < *started;
  };
  return std::none_of(snapshots_.begin(), snapshots_.end(), [&](const auto& snapshot) {
    return snapshot &&
           std::any_of(snapshot->services.begin(), snapshot->services.end(), awaits_probe);
  });
}

Duration until_words_change(const std::vector<ProjectReport>& reports, Time now) {
  Duration soonest = hours(24);
  bool seconds_shown = false;
  for (const ProjectReport& report : reports) {
    // It tells for how long the Engine has been lost.
    const bool seconds_told = tells_seconds(report.notice);
    if (!report.notice.empty()) {
      soonest = std::min<Duration>(soonest, seconds_told ? seconds(1) : minutes(1));
    }
    seconds_shown = seconds_shown || seconds_told;
    for (const ServiceReport& service : report.services) {
      if (service.up.empty()) continue;
      const auto& since = service.up.ends_with("ago") ? service.finished_at : service.started_at;
      if (!since) continue;
      soonest = std::min(soonest, until_next_unit(now - *since));
      seconds_shown = seconds_shown || now - *since < minutes(1);
    }
  }
  return rounded_up(soonest, seconds(seconds_shown ? 1 : 10), now);
}

}  // namespace dockhand::plugin
