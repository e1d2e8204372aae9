#pragma once

#include <string>
#include <string_view>

#include "base/range.h"
#include "compose/value.h"

// Values that come of other values, each with the place it came from.
namespace dockhand::compose {

// The place where nothing is written but what `value` implies: an empty range where it begins.
Origin implied_at(const Origin& where);

// The bytes `part` of a scalar's text, where the file holds that text as it is; else the scalar's
// whole place.
Origin inside(const Value& scalar, Range part);

// A string that stands at `part` of a scalar.
Value string_inside(const Value& scalar, Range part, std::string text);

// What nobody wrote, implied by a value: a string, or plain text (a number, a boolean).
Value implied_string(const Value& by, std::string text);
Value implied_plain(const Value& by, std::string_view text);

// Puts a list of `K=V` items into the form of a map; an item without `=` is a member without a
// value, and of two with one key the later one counts. Leaves everything else as it is.
void pairs_to_map(Value& value);

// Puts a list of names into the form of a map without values. Leaves everything else as it is.
void names_to_map(Value& value);

// Adds a member whose key is not written.
void add(Value::Map& map, std::string_view key, Value value);

// Adds the member unless there is one.
void add_missing(Value::Map& map, std::string_view key, Value value);

}  // namespace dockhand::compose
