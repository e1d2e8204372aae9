#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "health/probe.h"
#include "live/survey.h"

namespace dockhand::live {

// When each service is probed next, and what its probes have shown. Decides, and carries out
// nothing. Used by Session, under its lock: not thread-safe. Holds one entry for each service that
// runs in an open project.
class ProbeBoard {
 public:
  struct Wanted {
    std::string service;
    health::ProbeTarget target;
    std::optional<Time> started_at;  // Of the container: a new one is probed at once.
  };
  struct Job {
    std::string project, service;
    health::ProbeTarget target;
    std::uint64_t ticket = 0;
  };

  explicit ProbeBoard(ProbeOptions options) : options_(std::move(options)) {}

  // The probes of a project are these from now on. A service whose target stays keeps its history;
  // new ones are due at once. False when nothing that is shown went away.
  bool set(const std::string& project, std::vector<Wanted> wanted, Instant now);
  void drop(const std::string& project);
  void clear();
  // All of a project, or of every one, are due now.
  void hurry(const std::string& project, Instant now);
  void hurry_all(Instant now);

  // Whatever is due, each handed out once until finish() is called for it.
  std::vector<Job> take_due(Instant now);
  std::optional<Instant> next_due() const;
  // What of the things that are shown has changed: whether it is good or bad (or known at all), or
  // something less. A job that is no longer wanted changes nothing.
  enum class Change : std::uint8_t { none, detail, verdict };
  Change finish(const Job& job, health::ProbeResult result, Instant now);
  std::vector<std::pair<std::string, health::ProbeStatus>> statuses(
      const std::string& project) const;

 private:
  using Key = std::pair<std::string, std::string>;  // Project and service.
  struct Entry {
    health::ProbeStatus status;
    std::optional<Time> started_at;
    Instant due{};
    std::uint64_t ticket = 0;
    bool out = false;     // Handed out.
    bool again = false;   // Became due while it was out.
    bool spread = false;  // Has left the crowd that began with it.
  };
  using Entries = std::map<Key, Entry>;

  void schedule(const Key& key, Entry& entry, Instant due);
  void unschedule(const Key& key, const Entry& entry);
  Instant next_time(const Key& key, Entry& entry, Instant now) const;
  Entries::iterator begin_of(const std::string& project) {
    return entries_.lower_bound({project, ""});
  }

  ProbeOptions options_;
  Entries entries_;
  std::set<std::pair<Instant, Key>> due_;
  std::uint64_t tickets_ = 0;
};

}  // namespace dockhand::live
