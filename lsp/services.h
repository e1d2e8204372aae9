#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/range.h"
#include "yaml/tree.h"

// Where a Compose file speaks of services: read from the current tree alone, so that it is right
// while the file is broken and before the project is resolved again.
namespace dockhand::lsp {

// A service's name where it is written: its key, or the name of a dependency.
struct Mention {
  std::string name;
  Range range;
  // Of a dependency: the service whose `depends_on` it stands in; empty for a service's own key.
  std::string dependent = {};
  bool is_key() const { return dependent.empty(); }
  friend bool operator==(const Mention&, const Mention&) = default;
};

// The services' own keys that begin within `range`, and the names in their `depends_on`, in file
// order. All documents of the file count, because Compose merges them.
std::vector<Mention> mentions(const yaml::Tree& tree, Range range);

// The mention that touches the offset.
std::optional<Mention> mention_at(const yaml::Tree& tree, std::uint32_t offset);

// The service in whose entry the offset lies, key included.
std::optional<Mention> service_around(const yaml::Tree& tree, std::uint32_t offset);

// The key of a service by name; the last one where a file has several.
std::optional<Mention> find_service(const yaml::Tree& tree, const std::string& name);

// The first `services` key of the file.
std::optional<Range> services_key(const yaml::Tree& tree);

// True when each service of the file says what it runs, so that the file can stand alone; false
// for one that only overrides others.
bool stands_alone(const yaml::Tree& tree);

}  // namespace dockhand::lsp
