#include "base/human.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace dockhand {
namespace {

// One decimal below ten, where it says something: `1.2`, `4`, `31`.
std::string short_number(double value) {
  const double tenths = std::round(value * 10) / 10;
  if (tenths >= 10) return fmt::format("{:.0f}", value);
  return tenths == std::floor(tenths) ? fmt::format("{:.0f}", tenths)
                                      : fmt::format("{:.1f}", tenths);
}

}  // namespace

std::string human_duration(Duration duration) {
  struct Pair {
    long long seconds;
    char name;
    long long smaller_seconds;
    char smaller_name;
  };
  constexpr std::array<Pair, 3> kPairs = {
      {{604800, 'w', 86400, 'd'}, {86400, 'd', 3600, 'h'}, {3600, 'h', 60, 'm'}}};
  const long long seconds =
      std::max<long long>(0, std::chrono::floor<std::chrono::seconds>(duration).count());
  for (const Pair& pair : kPairs) {
    if (seconds < pair.seconds) continue;
    const long long rest = seconds % pair.seconds / pair.smaller_seconds;
    const std::string whole = fmt::format("{}{}", seconds / pair.seconds, pair.name);
    return rest == 0 ? whole : fmt::format("{} {}{}", whole, rest, pair.smaller_name);
  }
  return seconds >= 60 ? fmt::format("{}m", seconds / 60) : fmt::format("{}s", seconds);
}

std::string human_latency(Duration duration) {
  const double ms = static_cast<double>(duration.count()) / 1e6;
  if (ms <= 0) return "0 ms";
  if (ms < 0.1) return "<0.1 ms";
  // 999.5 ms and more would be rounded to a figure of four digits.
  return ms < 999.5 ? short_number(ms) + " ms" : short_number(ms / 1000) + " s";
}

std::string human_bytes(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  // 1023.5 and more would be rounded to 1024 of this unit, which is 1 of the next.
  for (; value >= 1023.5 && unit + 1 < kUnits.size(); ++unit) value /= 1024;
  return fmt::format("{} {}", short_number(value), kUnits[unit]);
}

std::string human_count(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace dockhand
