#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/unicode.h"

// How this folder reads JSON that others wrote: never throwing, and with every wrong type reading
// as absent. For the .cpp files of core/engine alone. nlohmann's parser and its values' destructor
// do not recurse, so depth needs no bound of its own; size is bounded by whoever read the text.
namespace dockhand::engine::json {

using Value = nlohmann::json;

// Nothing when the text is no JSON. Bytes that are no UTF-8, which nlohmann refuses, become U+FFFD.
inline std::optional<Value> parse(std::string_view text) {
  Value value = is_valid_utf8(text) ? Value::parse(text, nullptr, false)
                                    : Value::parse(to_valid_utf8(text), nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

// The member, or null when `object` is no object or has none of this name.
inline const Value& member(const Value& object, std::string_view name) {
  static const Value kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(name);
  return found == object.end() ? kNull : *found;
}

// As member(), but in any case, as Go's decoder reads; an exact match is preferred.
const Value& member_any_case(const Value& object, std::string_view name);

inline std::string text(const Value& value) {
  const auto* string = value.get_ptr<const std::string*>();
  return string == nullptr ? std::string() : *string;
}

// The text cut to `max` bytes, at a character's boundary.
std::string text_within(const Value& value, std::size_t max);

inline std::int64_t integer(const Value& value) {
  // What does not fit is out of any range that the Engine uses.
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return 0;
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

// An integer clamped to what an int holds.
int small_integer(const Value& value);

inline bool boolean(const Value& value) { return value.is_boolean() && value.get<bool>(); }

}  // namespace dockhand::engine::json
