#include "live/probe_board.h"

#include <algorithm>
#include <functional>

#include "live/same.h"

namespace dockhand::live {
namespace {

// How often a service that has just been started, and does not answer yet, is asked.
constexpr Duration kImpatience = std::chrono::seconds(1);

// The same share of the interval, 0 to 1, for the same service: what spreads probes over time.
double share_of(const std::string& project, const std::string& service) {
  const std::size_t hash = std::hash<std::string>{}(project + '/' + service);
  return static_cast<double>(hash % 1024) / 1024.0;
}

Duration scaled(Duration duration, double by) {
  return Duration(static_cast<Duration::rep>(static_cast<double>(duration.count()) * by));
}

}  // namespace

bool ProbeBoard::set(const std::string& project, std::vector<Wanted> wanted, Instant now) {
  std::set<std::string, std::less<>> names;
  bool lost = false;
  for (Wanted& one : wanted) {
    names.insert(one.service);
    const Key key{project, one.service};
    const auto [position, fresh] = entries_.try_emplace(key);
    Entry& entry = position->second;
    if (!fresh && entry.status.target == one.target) {
      if (entry.started_at != one.started_at) {
        entry.started_at = one.started_at;
        if (entry.out) entry.again = true;
        if (!entry.out) schedule(key, entry, now);
      }
      continue;
    }
    if (!fresh) unschedule(key, entry);
    lost = lost || entry.status.last.has_value();
    entry = Entry{};
    entry.status.target = std::move(one.target);
    entry.started_at = one.started_at;
    schedule(key, entry, now);
  }
  for (auto entry = begin_of(project); entry != entries_.end() && entry->first.first == project;) {
    if (names.contains(entry->first.second)) {
      ++entry;
      continue;
    }
    lost = lost || entry->second.status.last.has_value();
    unschedule(entry->first, entry->second);
    entry = entries_.erase(entry);
  }
  return lost;
}

void ProbeBoard::drop(const std::string& project) { set(project, {}, {}); }

void ProbeBoard::clear() {
  entries_.clear();
  due_.clear();
}

void ProbeBoard::hurry(const std::string& project, Instant now) {
  for (auto entry = begin_of(project); entry != entries_.end() && entry->first.first == project;
       ++entry) {
    if (!entry->second.out) schedule(entry->first, entry->second, now);
  }
}

void ProbeBoard::hurry_all(Instant now) {
  for (auto& [key, entry] : entries_) {
    if (!entry.out) schedule(key, entry, now);
  }
}

std::vector<ProbeBoard::Job> ProbeBoard::take_due(Instant now) {
  std::vector<Job> jobs;
  while (!due_.empty() && due_.begin()->first <= now) {
    const Key key = due_.begin()->second;
    due_.erase(due_.begin());
    Entry& entry = entries_.at(key);
    entry.out = true;
    entry.again = false;
    entry.ticket = ++tickets_;
    jobs.push_back({key.first, key.second, entry.status.target, entry.ticket});
  }
  return jobs;
}

std::optional<Instant> ProbeBoard::next_due() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

ProbeBoard::Change ProbeBoard::finish(const Job& job, health::ProbeResult result, Instant now) {
  const Key key{job.project, job.service};
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.ticket != job.ticket) return Change::none;
  Entry& entry = found->second;
  const health::ProbeStatus before = entry.status;
  entry.status.add(std::move(result));
  entry.out = false;
  schedule(key, entry, entry.again ? now : next_time(key, entry, now));
  if (!before.last || before.last->verdict != entry.status.last->verdict) return Change::verdict;
  return same_probe(before, entry.status) ? Change::none : Change::detail;
}

std::vector<std::pair<std::string, health::ProbeStatus>> ProbeBoard::statuses(
    const std::string& project) const {
  std::vector<std::pair<std::string, health::ProbeStatus>> all;
  for (auto entry = entries_.lower_bound({project, ""});
       entry != entries_.end() && entry->first.first == project; ++entry) {
    all.emplace_back(entry->first.second, entry->second.status);
  }
  return all;
}

void ProbeBoard::schedule(const Key& key, Entry& entry, Instant due) {
  unschedule(key, entry);
  entry.due = due;
  due_.insert({due, key});
}

void ProbeBoard::unschedule(const Key& key, const Entry& entry) { due_.erase({entry.due, key}); }

Instant ProbeBoard::next_time(const Key& key, Entry& entry, Instant now) const {
  const health::ProbeStatus& status = entry.status;
  const bool bad = status.last->verdict == health::Verdict::bad;
  const bool young = entry.started_at && status.last->time - *entry.started_at < kStartGrace;
  const bool never_good =
      !status.last_good || !entry.started_at || *status.last_good < *entry.started_at;
  if (bad && young && never_good) return now + std::min(options_.interval, kImpatience);
  if (entry.spread) return std::max(entry.due + options_.interval, now);
  entry.spread = true;
  return now + scaled(options_.interval, 0.5 + share_of(key.first, key.second) / 2);
}

}  // namespace dockhand::live
