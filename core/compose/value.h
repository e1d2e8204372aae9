#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/range.h"

namespace dockhand::compose {

// Where a value was written: a file of the project and the bytes in the version that was read.
struct Origin {
  std::uint32_t file = 0;  // Index into Project::files.
  Range range;
  friend bool operator==(const Origin&, const Origin&) = default;
};

class Value;

struct Member;

// One value of a Compose file, interpolated and merged, with its origin: what the loader's steps
// (interpolation, merging, extends, include) work on, before Service and its kin are read from it.
// A tree of plain values, copied where files are merged.
class Value {
 public:
  struct Null {};
  struct Scalar {
    std::string text;    // Decoded, interpolated.
    bool quoted = false;  // Quoted and block scalars are strings whatever they look like.
  };
  using List = std::vector<Value>;
  using Map = std::vector<Member>;  // In file order, keys unique.

  Value() = default;
  Value(Scalar scalar, Origin where) : data(std::move(scalar)), origin(where) {}
  Value(List list, Origin where) : data(std::move(list)), origin(where) {}
  Value(Map map, Origin where);

  bool is_null() const { return std::holds_alternative<Null>(data); }
  const Scalar* scalar() const { return std::get_if<Scalar>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const Map* map() const { return std::get_if<Map>(&data); }
  List* list() { return std::get_if<List>(&data); }
  Map* map() { return std::get_if<Map>(&data); }

  // The member of a map, or null for none and for other kinds.
  const Value* find(std::string_view key) const;
  const Member* member(std::string_view key) const;
  // The text of a scalar; empty for everything else.
  std::string_view text() const;

  std::variant<Null, Scalar, List, Map> data;
  Origin origin;
  std::string tag;  // `!reset` and `!override` until the merge has obeyed them.
};

struct Member {
  std::string key;
  Origin key_origin;
  Value value;
};

}  // namespace dockhand::compose
