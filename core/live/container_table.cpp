#include "live/container_table.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "live/same.h"

namespace dockhand::live {
namespace {

// Events after which a container may look different. `kill` and `restart` are not among them: the
// one only sends a signal, the other follows a `start`.
constexpr std::array<std::string_view, 10> kActions = {"create", "start",   "die", "stop",
                                                       "pause",  "unpause", "oom", "health_status",
                                                       "rename", "update"};

bool matters(std::string_view action) {
  return std::find(kActions.begin(), kActions.end(), action) != kActions.end();
}

template <class Attributes>
std::string attribute(const Attributes& attributes, std::string_view name) {
  const auto found = attributes.find(std::string(name));
  return found == attributes.end() ? std::string() : found->second;
}

}  // namespace

void ContainerTable::clear() { *this = ContainerTable(maximum_); }

void ContainerTable::watch(const std::string& name) {
  Project& project = projects_[name];
  if (project.watched) return;
  project.watched = true;
  for (const std::string& id : project.ids) expect(id, entries_.at(id));
  refresh_ready(name, project);
}

void ContainerTable::unwatch(const std::string& name) {
  const auto found = projects_.find(name);
  if (found == projects_.end()) return;
  Project& project = found->second;
  project.watched = project.ready = false;
  for (const std::string& id : project.ids) {
    Entry& entry = entries_.at(id);
    settle(entry);
    entry.container.reset();
    marked_.erase(id);
  }
  changed_.erase(name);
  if (project.ids.empty()) projects_.erase(found);
}

void ContainerTable::note(const engine::Event& event) {
  if (event.action == "destroy") return remove(event.id);
  if (!matters(event.action)) return;
  if (!entries_.contains(event.id)) {
    const std::string project = attribute(event.attributes, engine::label::kProject);
    if (project.empty() || attribute(event.attributes, engine::label::kOneOff) == "True") return;
    if (add(event.id, project) == nullptr) return;
  }
  mark(event.id);
}

void ContainerTable::reconcile(const std::vector<engine::ContainerSummary>& rows) {
  std::unordered_set<std::string> listed;
  left_out_ = 0;
  for (const engine::ContainerSummary& row : rows) {
    const std::string project = attribute(row.labels, engine::label::kProject);
    if (project.empty() || attribute(row.labels, engine::label::kOneOff) == "True") continue;
    listed.insert(row.id);
    const auto found = entries_.find(row.id);
    Entry* entry = found == entries_.end() ? add(row.id, project) : &found->second;
    if (entry != nullptr && projects_[entry->project].watched) expect(row.id, *entry);
  }
  std::vector<std::string> gone;
  for (const auto& [id, entry] : entries_) {
    if (entry.sequence <= list_sequence_ && !listed.contains(id)) gone.push_back(id);
  }
  for (const std::string& id : gone) remove(id);
  listed_ = true;
  for (auto& [name, project] : projects_) refresh_ready(name, project);
}

void ContainerTable::forget_marks() {
  listed_ = false;  // First, so that nothing becomes ready by what is settled here.
  marked_.clear();
  for (auto& [id, entry] : entries_) {
    if (entry.pending) settle(entry);
  }
}

std::vector<std::string> ContainerTable::take_marked(std::size_t limit) {
  std::vector<std::string> ids;
  while (!marked_.empty() && ids.size() < limit) {
    ids.push_back(std::move(marked_.extract(marked_.begin()).value()));
  }
  return ids;
}

void ContainerTable::mark(const std::string& id) {
  const auto found = entries_.find(id);
  if (found != entries_.end() && projects_[found->second.project].watched) marked_.insert(id);
}

bool ContainerTable::apply(const std::string& id, Result<engine::Container> answer) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return true;  // Went while it was being asked for.
  Entry& entry = found->second;
  if (!answer) {
    if (answer.error().code != "container-missing") return false;
    remove(id);
    return true;
  }
  if (!projects_[entry.project].watched) return true;
  if (!entry.container || !same_container(*entry.container, *answer)) {
    entry.container = std::make_shared<const engine::Container>(*std::move(answer));
    changed_.insert(entry.project);
  }
  settle(entry);
  return true;
}

bool ContainerTable::ready(const std::string& name) const {
  const auto found = projects_.find(name);
  return found != projects_.end() && found->second.ready;
}

std::vector<ContainerTable::ContainerPtr> ContainerTable::containers(
    const std::string& name) const {
  std::vector<ContainerPtr> all;
  const auto found = projects_.find(name);
  if (found == projects_.end()) return all;
  all.reserve(found->second.ids.size());
  for (const std::string& id : found->second.ids) {
    if (const ContainerPtr& container = entries_.at(id).container) all.push_back(container);
  }
  return all;
}

std::set<std::string> ContainerTable::take_changed() { return std::exchange(changed_, {}); }

ContainerTable::Entry* ContainerTable::add(const std::string& id, const std::string& project) {
  if (entries_.size() >= maximum_) {
    ++left_out_;
    return nullptr;
  }
  Entry& entry = entries_[id];
  entry.project = project;
  entry.sequence = ++sequence_;
  projects_[project].ids.insert(id);
  return &entry;
}

void ContainerTable::remove(const std::string& id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  settle(found->second);
  const std::string name = found->second.project;
  Project& project = projects_[name];
  project.ids.erase(id);
  if (project.watched) changed_.insert(name);
  if (project.ids.empty() && !project.watched) projects_.erase(name);
  marked_.erase(id);
  entries_.erase(found);
}

// The project is not as the list says before this container has been inspected.
void ContainerTable::expect(const std::string& id, Entry& entry) {
  if (!entry.pending) {
    entry.pending = true;
    ++projects_[entry.project].pending;
    ++pending_total_;
  }
  marked_.insert(id);
}

void ContainerTable::settle(Entry& entry) {
  if (!entry.pending) return;
  entry.pending = false;
  --pending_total_;
  Project& project = projects_[entry.project];
  --project.pending;
  refresh_ready(entry.project, project);
}

void ContainerTable::refresh_ready(const std::string& name, Project& project) {
  if (project.ready || !project.watched || !listed_ || project.pending > 0) return;
  project.ready = true;
  changed_.insert(name);
}

}  // namespace dockhand::live
