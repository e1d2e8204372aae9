#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "compose/value.h"

// What a scalar means to Compose, whose YAML library is Go's (yaml.v3): YAML 1.2 booleans and
// nulls, but YAML 1.1 numbers (`010` is 8, `1_000` is 1000, `0b11` is 3) and dates.
namespace dockhand::compose {

struct Date {};  // A bare date or time (compose/date.h).

using Typed = std::variant<std::monostate /* null */, bool, std::int64_t,
                           std::uint64_t /* beyond the former */, double, Date, std::string_view>;

// The type of a plain scalar with this text.
Typed resolve_plain(std::string_view text);

// The type of a scalar; quoted ones are strings.
Typed resolve(const Value::Scalar& scalar);

// The value as Compose writes it where a string is wanted (labels, list-or-map pairs): numbers in
// base ten, booleans in lower case, dates in full. Empty for null.
std::string to_text(const Value& value);

// A whole number: a YAML integer, or a string in base ten as Compose casts it after interpolation.
std::optional<std::int64_t> to_integer(const Value& value);

// A boolean: YAML's, or the strings that Compose casts (`true`, `yes`, `y`, `on` and opposites, any
// case).
std::optional<bool> to_boolean(const Value& value);

}  // namespace dockhand::compose
