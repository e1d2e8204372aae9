#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.h"
#include "engine/container.h"
#include "engine/event.h"

namespace dockhand::live {

// Every Compose container of one Engine, and which of them must be inspected. Those of projects
// that nobody watches are known by id and project alone. Used by Session, under its lock: not
// thread-safe. Holds at most `maximum` containers; events leave nothing behind but a mark on their
// container, so that any number of them costs no more memory than the containers do.
class ContainerTable {
 public:
  using ContainerPtr = std::shared_ptr<const engine::Container>;

  explicit ContainerTable(std::size_t maximum) : maximum_(maximum) {}

  void clear();
  // From now on the project's containers are inspected; no longer.
  void watch(const std::string& project);
  void unwatch(const std::string& project);

  // What an event says: a container came, went, or must be inspected.
  void note(const engine::Event& event);

  // A list is about to be asked for, and has come: what it lacks is gone, unless it came in
  // between.
  void begin_list() { list_sequence_ = sequence_; }
  void reconcile(const std::vector<engine::ContainerSummary>& rows);

  // The stream broke: what was marked is forgotten, because the next list marks everything again.
  void forget_marks();

  bool has_marked() const { return !marked_.empty(); }
  // At most `limit` marked containers, no longer marked.
  std::vector<std::string> take_marked(std::size_t limit);
  // The answer of one inspect. False when it must be asked again later.
  bool apply(const std::string& id, Result<engine::Container> answer);
  void mark(const std::string& id);

  // True once every container that the last list showed of a watched project has been inspected.
  bool synced() const { return listed_ && pending_total_ == 0; }
  // The same of one project; stays true when it is listed again.
  bool ready(const std::string& project) const;

  std::vector<ContainerPtr> containers(const std::string& project) const;
  // Projects that look different since the last call.
  std::set<std::string> take_changed();
  // How many containers were left out.
  std::size_t left_out() const { return left_out_; }

 private:
  struct Entry {
    std::string project;
    ContainerPtr container;      // Null until inspected.
    std::uint64_t sequence = 0;  // When it became known.
    bool pending = false;        // The list's inspect of it is not done.
  };
  struct Project {
    std::unordered_set<std::string> ids;
    std::size_t pending = 0;
    bool watched = false, ready = false;
  };

  Entry* add(const std::string& id, const std::string& project);
  void remove(const std::string& id);
  void expect(const std::string& id, Entry& entry);
  void settle(Entry& entry);
  void refresh_ready(const std::string& name, Project& project);

  std::size_t maximum_;
  std::unordered_map<std::string, Entry> entries_;
  std::map<std::string, Project> projects_;
  std::unordered_set<std::string> marked_;
  std::set<std::string> changed_;
  std::uint64_t sequence_ = 0, list_sequence_ = 0;
  std::size_t pending_total_ = 0, left_out_ = 0;
  bool listed_ = false;
};

}  // namespace dockhand::live
