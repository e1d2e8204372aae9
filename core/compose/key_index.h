#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "compose/value.h"

namespace dockhand::compose {

// Finds members of one map while it grows. Most maps have a handful of members and are searched;
// those with many (`services`) are hashed. Members may be added at the
// end, and never taken away while the index lives.
class KeyIndex {
 public:
  explicit KeyIndex(Value::Map& map) : map_(map) {}

  Member* find(std::string_view key) {
    if (map_.size() <= kSmall) return find_member(map_, key);
    while (hashed_ < map_.size()) {
      by_key_.emplace(map_[hashed_].key, hashed_);
      ++hashed_;
    }
    const auto found = by_key_.find(std::string(key));
    return found == by_key_.end() ? nullptr : &map_[found->second];
  }

 private:
  static constexpr std::size_t kSmall = 24;

  Value::Map& map_;
  std::unordered_map<std::string, std::size_t> by_key_;
  std::size_t hashed_ = 0;
};

}  // namespace dockhand::compose
