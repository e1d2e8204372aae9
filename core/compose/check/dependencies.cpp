#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "check/rules.h"

namespace dockhand::check {
namespace {

using compose::Condition;
using compose::Dependency;
using compose::DependencyKind;
using compose::Service;

// More cycles than this are not told one by one.
constexpr std::size_t kMaxCycles = 100;

// Looks for cycles in depth, without recursion: a chain may be as long as there are services.
class CycleSearch {
 public:
  explicit CycleSearch(Scene& scene) : scene_(scene), marks_(scene.subjects().size()) {}

  void run() {
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if (marks_[i] == Mark::unseen) walk(i);
    }
  }

 private:
  enum class Mark : std::uint8_t { unseen, open, done };
  struct Step {
    std::size_t subject;
    std::size_t next;  // Dependency to follow.
  };

  const Service& service(std::size_t i) const { return *scene_.subjects()[i].service; }

  void walk(std::size_t start) {
    open(start);
    while (!path_.empty()) {
      Step& step = path_.back();
      const std::vector<Dependency>& dependencies = service(step.subject).dependencies;
      if (step.next == dependencies.size()) {
        marks_[step.subject] = Mark::done;
        path_.pop_back();
        continue;
      }
      const Dependency& dependency = dependencies[step.next++];
      const Subject* found = scene_.find(dependency.service);
      if (!found) continue;
      const auto target = static_cast<std::size_t>(found - scene_.subjects().data());
      if (marks_[target] == Mark::unseen) {
        open(target);
      } else if (marks_[target] == Mark::open) {
        tell(target, dependency);
      }
    }
  }

  void open(std::size_t subject) {
    marks_[subject] = Mark::open;
    path_.push_back({subject, 0});
  }

  // The cycle is the end of the path, from the service that the last step comes back to.
  void tell(std::size_t target, const Dependency& last) {
    if (++told_ > kMaxCycles) return;
    std::string way;
    bool enabled = true;
    const auto begin = std::find_if(path_.begin(), path_.end(),
                                    [&](const Step& step) { return step.subject == target; });
    for (auto step = begin; step != path_.end(); ++step) {
      way += printable(service(step->subject).name) + " -> ";
      enabled = enabled && service(step->subject).enabled;
    }
    way += printable(service(target).name);
    const Subject& subject = scene_.subjects()[enabled ? path_.back().subject : target];
    std::string message =
        begin + 1 == path_.end()
            ? fmt::format("{} cannot depend on itself; remove this", printable(last.service))
            : fmt::format(
                  "these services wait for each other: {}; remove one of these "
                  "dependencies",
                  way);
    const compose::Origin where = scene_.part(last.origin, last.service);
    if (enabled) {
      scene_.refuse(subject, "dependency-cycle", where, std::move(message));
    } else {
      scene_.warn("dependency-cycle", where, std::move(message));
    }
  }

  Scene& scene_;
  std::vector<Mark> marks_;
  std::vector<Step> path_;
  std::size_t told_ = 0;
};

bool restarts_always(const Subject& subject) {
  const std::string& restart = subject.service->restart;
  if (!restart.empty()) return restart == "always" || restart == "unless-stopped";
  const compose::Value* condition = find(*subject.value, "deploy.restart_policy.condition");
  return condition && condition->text() == "any";
}

void check_condition(Scene& scene, const Dependency& dependency, const Subject& target) {
  const Service& service = *target.service;
  const std::string name = printable(service.name);
  if (dependency.condition == Condition::completed && restarts_always(target)) {
    return scene.add("condition-never-holds", dependency.origin,
                     fmt::format("{} never completes, because it restarts always; give it "
                                 "`restart: \"no\"` or `on-failure`",
                                 name));
  }
  if (dependency.condition != Condition::healthy) return;
  if (service.healthcheck && service.healthcheck->disabled) {
    return scene.add("condition-never-holds", dependency.origin,
                     fmt::format("{} never becomes healthy, because its health check is disabled; "
                                 "wait for service_started",
                                 name));
  }
  if (!service.healthcheck || service.healthcheck->test.empty()) {
    if (find(*target.value, "provider")) return;
    scene.add("health-check-unknown", dependency.origin,
              fmt::format("{} has no `healthcheck` here, though its image may bring one; without "
                          "any it never becomes healthy",
                          name));
  }
}

void check_dependency(Scene& scene, const Subject& subject, const Dependency& dependency) {
  const Subject* target = scene.find(dependency.service);
  if (!target) return;
  const Service& service = *target->service;
  if (target->is_job && !subject.is_job) {
    return scene.refuse(
        subject, "depends-on-job", scene.part(dependency.origin, dependency.service),
        fmt::format("{} is a job, and no service can wait for a job; remove this, or "
                    "make {} a service",
                    printable(service.name), printable(service.name)));
  }
  if (subject.service->enabled && !service.enabled && dependency.required) {
    const bool can_be_optional = dependency.kind == DependencyKind::depends_on;
    return scene.refuse(
        subject, "disabled-dependency", scene.part(dependency.origin, dependency.service),
        fmt::format("{} is not active; activate one of its profiles ({}){}",
                    printable(service.name), printable(join(service.profiles, ", ")),
                    can_be_optional ? ", or write `required: false`" : ""));
  }
  check_condition(scene, dependency, *target);
}

}  // namespace

void check_dependencies(Scene& scene) {
  for (const Subject& subject : scene.subjects()) {
    for (const Dependency& dependency : subject.service->dependencies) {
      check_dependency(scene, subject, dependency);
    }
  }
  CycleSearch(scene).run();
}

}  // namespace dockhand::check
