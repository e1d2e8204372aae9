#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace dockhand {

// How long something has lasted, in at most two units: `4s`, `12m`, `2h 14m`, `3d 5h`, `7w 2d`.
// Negative durations (clocks that disagree) read `0s`.
std::string human_duration(Duration duration);

// How long something took, in one unit with at most two significant figures below ten:
// `0.4 ms`, `4 ms`, `380 ms`, `1.2 s`, `31 s`.
std::string human_latency(Duration duration);

// `512 B`, `64 MiB`, `1.4 GiB`: powers of 1024, at most two significant figures below ten.
std::string human_bytes(std::uint64_t bytes);

// `1 restart`, `3 restarts`; the plural is the noun with an `s`.
std::string human_count(std::uint64_t count, std::string_view noun);

}  // namespace dockhand
