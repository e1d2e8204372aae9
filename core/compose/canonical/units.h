#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

// Quantities as Compose reads and writes them.
namespace dockhand::compose {

// A size such as `512m`, `1.5 GiB` or `100`, in bytes: powers of 1024, a suffix of at most three
// letters in any case (go-units: RAMInBytes). A whole number may be negative. None for the rest.
std::optional<std::int64_t> parse_bytes(std::string_view text);

// A duration as Go writes it: `1m30s`, `1.5s`, `0s`, `100µs`.
std::string to_go_text(Duration duration);

// A number as Go writes a float32, or a float64: the shortest digits that give the same number
// back.
std::string to_go_text(float number);
std::string to_go_text(double number);

}  // namespace dockhand::compose
