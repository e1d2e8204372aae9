#include "plugin/commands/follow.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "live/parallel.h"

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

Duration until_text_changes(std::string_view text, Duration otherwise) {
  if (text.empty()) return otherwise;
  return std::min<Duration>(otherwise, tells_seconds(text) ? seconds(1) : seconds(60));
}

}  // namespace

Follower::Follower(Context& context, std::shared_ptr<engine::Engine> engine,
                   const std::vector<Target>& targets)
    : context_(context), host_(engine->endpoint().public_host()) {
  live::SessionOptions options;
  const compose::Project* project = targets.empty() ? nullptr : targets.front().project.get();
  options.probes = context.probe_options(context.settings(project));
  policy_ = options.probes.policy;
  options.log = context.log();
  World& world = context.world();
  session_ = std::make_unique<live::Session>(std::move(engine), world.make_prober(), world.clock,
                                             std::move(options));
  snapshots_.resize(targets.size());
  for (std::size_t i = 0; i < targets.size(); ++i) {
    auto view = session_->open(targets[i].name, targets[i].project,
                               [this, i](std::shared_ptr<const live::Snapshot> snapshot) {
                                 const std::lock_guard lock(mutex_);
                                 snapshots_[i] = std::move(snapshot);
                                 changed_ = true;
                                 wake_.notify_one();
                               });
    if (!view) break;
    {
      const std::lock_guard lock(mutex_);
      if (!snapshots_[i]) snapshots_[i] = view->snapshot();
    }
    views_.push_back(std::move(view));
  }
  world.resizes->listen([this] {
    const std::lock_guard lock(mutex_);
    resized_ = true;
    wake_.notify_one();
  });
}

Follower::~Follower() {
  context_.world().resizes->listen({});
  views_.clear();
  session_.reset();
}

Follower::Woken Follower::wait(Duration at_most) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, context_.stop(), at_most, [this] { return changed_ || resized_; });
  const Woken woken{changed_, resized_, context_.stop().stop_requested()};
  changed_ = resized_ = false;
  return woken;
}

bool Follower::wait_until_known() {
  while (!known()) {
    if (wait(hours(24)).stopped) return false;
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
  for (const ProjectReport& report : reports) {
    soonest = until_text_changes(report.notice, soonest);
    for (const ServiceReport& service : report.services) {
      soonest = until_text_changes(service.reason, soonest);
      if (service.up.empty()) continue;
      const auto& since = service.up.ends_with("ago") ? service.finished_at : service.started_at;
      if (since) soonest = std::min(soonest, until_next_unit(now - *since));
    }
  }
  return soonest;
}

}  // namespace dockhand::plugin
