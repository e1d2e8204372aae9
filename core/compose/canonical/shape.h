#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "compose/value.h"

// What Compose's own types make of each place of a model (compose-go: types): which kind of value
// stands there, what short form it may have, and when it is left out of what Compose prints. One
// table, from which lifting, casting and printing all read.
namespace dockhand::compose {

enum class Kind : std::uint8_t {
  text,            // A string; a whole number becomes one.
  integer,         // A whole number, or a string of digits.
  number,          // A float32.
  boolean,         // A boolean, or one of the words that Compose takes for one.
  bytes,           // A size, printed as a string of digits.
  duration,        // Printed as Go prints it.
  count,           // A whole number, or `all`, which is -1.
  limit,           // A whole number, or an object.
  mode,            // The mode of a file: octal in strings, printed so.
  texts,           // A list of strings; a string alone is a list of one.
  words,           // A command: a string is cut into words. Printed as null when it is not there.
  test,            // The test of a health check: a string runs in a shell.
  pairs,           // Strings under keys; a list of `K=V` is one too, null is blank.
  nullable_pairs,  // The same, but null stays.
  many_pairs,      // Lists of strings under keys.
  hosts,           // `host=address`, printed in the order of their letters.
  ssh,             // Keys of the ssh agent under their names; printed as a list.
  files,           // Of variables or labels; printed nowhere, since what they hold is.
  object,          // Members that are known each.
  list,            // Of one shape.
  map              // Of one shape, under keys that users choose.
};

// When Compose leaves a member out.
enum class Presence : std::uint8_t {
  unless_empty,  // When it is zero, blank or empty.
  unless_null,   // When nobody wrote it.
  always         // Never.
};

struct Field;
struct Lifting;  // compose/canonical/lift.h

struct Shape {
  Kind kind = Kind::text;
  const Shape* of = nullptr;           // What a list or a map holds.
  std::span<const Field> fields = {};  // Of an object, in the order in which Compose prints them.
  std::span<const std::uint8_t> by_key = {};  // Their indices, in the order of their keys.
  // Puts a short form, or a default, into the long form; called again on long forms.
  void (*lift)(Value& value, Lifting& lifting) = nullptr;
};

struct Field {
  std::string_view key;
  const Shape* shape;
  Presence presence = Presence::unless_empty;
  std::string_view printed = {};  // The key that Compose prints, where it differs.
};

// The field of an object's member; null for keys that Compose does not know.
const Field* find_field(const Shape& object, std::string_view key);

// The shape of a member of an object or a map; null where none is known.
const Shape* shape_of_member(const Shape& parent, std::string_view key);

// The whole model.
const Shape& model_shape();

}  // namespace dockhand::compose
