#pragma once

#include <cstdint>
#include <memory>
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

// What Compose's own YAML tags ask of a merge: `!reset` takes the attribute away, `!override` puts
// the value in the place of the one below instead of merging with it.
enum class MergeTag : std::uint8_t { none, reset, override };

// One thing that happened to a value between the place it was written at and the model. A chain of
// them, the latest first, is what provenance tells. Values that came the same way share their
// steps.
struct Step {
  enum class Kind : std::uint8_t {
    variable,   // The variable `name` was put into it.
    fallback,   // The variable `name` is not set: what `${name:-…}` says instead counts.
    alias,      // An alias, at `at`, stands for it.
    merge_key,  // `<<` at `at` brought it.
    extends,    // `extends` at `at` brought it from the service `name`.
    include,    // `include` at `at` brought it.
    overrides   // It took the place of what is written at `at`.
  };
  Kind kind;
  Origin at;
  std::string name = {};
  std::string source = {};  // Of a variable: the file that sets it; empty: the environment.
  std::uint32_t line = 0;   // In `source`, from 1.
  std::shared_ptr<const Step> before = {};
};

struct Member;

// One value of a Compose file, interpolated and merged, with its origin: what the loader's steps
// (reading, include, extends, merging, normalising) work on, before Service and its kin are read
// from it. A tree of plain values, copied where one value serves twice.
class Value {
 public:
  struct Null {};
  struct Scalar {
    std::string text;     // Decoded, interpolated.
    bool quoted = false;  // Quoted and block scalars are strings whatever they look like.
  };
  using List = std::vector<Value>;
  using Map = std::vector<Member>;  // In file order, keys unique.

  Value();
  explicit Value(Origin where);
  Value(Scalar scalar, Origin where);
  Value(List list, Origin where);
  Value(Map map, Origin where);
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool is_null() const { return std::holds_alternative<Null>(data); }
  const Scalar* scalar() const { return std::get_if<Scalar>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const Map* map() const { return std::get_if<Map>(&data); }
  Scalar* scalar() { return std::get_if<Scalar>(&data); }
  List* list() { return std::get_if<List>(&data); }
  Map* map() { return std::get_if<Map>(&data); }

  // The member of a map, or null for none and for other kinds.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  const Member* member(std::string_view key) const;
  // The text of a scalar; empty for everything else.
  std::string_view text() const;

  std::variant<Null, Scalar, List, Map> data;
  Origin origin;
  std::shared_ptr<const Step> via = {};  // How it came here; null when it was only written.
  MergeTag tag = MergeTag::none;         // Until the merge has obeyed it.
};

struct Member {
  std::string key;
  Origin key_origin;
  Value value;
};

// Here, because a Map's members must be known.
inline Value::Value() = default;
inline Value::Value(Origin where) : origin(where) {}
inline Value::Value(Scalar scalar, Origin where) : data(std::move(scalar)), origin(where) {}
inline Value::Value(List list, Origin where) : data(std::move(list)), origin(where) {}
inline Value::Value(Map map, Origin where) : data(std::move(map)), origin(where) {}
inline Value::Value(const Value&) = default;
inline Value::Value(Value&&) noexcept = default;
inline Value& Value::operator=(const Value&) = default;
inline Value& Value::operator=(Value&&) noexcept = default;
inline Value::~Value() = default;

// A string that no file holds as such, at the place that led to it.
Value string_value(std::string text, Origin origin);
// A string cut out of `whole`, or made from it: it was written there and came the same way.
Value part_of(const Value& whole, std::string text);

// How many values the tree has, itself included: what a copy of it costs.
std::size_t count_values(const Value& value);

// The member of a map under the key, or null. Linear: see KeyIndex for maps as large as `services`.
Member* find_member(Value::Map& map, std::string_view key);

}  // namespace dockhand::compose
