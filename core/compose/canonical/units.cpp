#include "compose/canonical/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/text.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kSuffixes = "kmgtp";

// 1024 to the power that the suffix stands for; none for what is no suffix.
std::optional<double> multiplier(std::string_view suffix) {
  if (suffix.empty()) return 1;
  if (suffix.size() > 3) return std::nullopt;
  const std::string lower = to_lower_ascii(suffix);
  if (lower == "b") return 1;
  const std::size_t power = kSuffixes.find(lower[0]);
  if (power == std::string_view::npos) return std::nullopt;
  if (lower.size() > 1 && lower.substr(1) != "b" && lower.substr(1) != "ib") return std::nullopt;
  return std::pow(1024.0, static_cast<double>(power + 1));
}

std::optional<double> parse_number(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  if (text.empty() || text[0] == '+') return std::nullopt;
  double number = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

// Whole seconds, or a fraction of the unit, without zeros at its end.
std::string fraction(std::uint64_t value, std::uint64_t unit) {
  std::string text = std::to_string(value / unit);
  const std::uint64_t rest = value % unit;
  if (rest == 0) return text;
  std::string digits = std::to_string(unit + rest).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

template <class Number>
std::string shortest(Number number) {
  std::array<char, 128> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return std::string(buffer.data(), written.ptr);
}

}  // namespace

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  if (const std::optional<long long> whole = parse_integer(text)) return *whole;
  const std::size_t last = text.find_last_of("0123456789. ");
  if (last == std::string_view::npos) return std::nullopt;
  const std::size_t end = text[last] == ' ' ? last : last + 1;
  const std::optional<double> number = parse_number(text.substr(0, end));
  const std::optional<double> unit = multiplier(text.substr(last + 1));
  if (!number || !unit || *number < 0) return std::nullopt;
  const double bytes = *number * *unit;
  if (!(bytes < static_cast<double>(std::numeric_limits<std::int64_t>::max()))) return std::nullopt;
  return static_cast<std::int64_t>(bytes);
}

std::string to_go_text(Duration duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  const std::string sign = count < 0 ? "-" : "";
  const std::uint64_t total =
      count < 0 ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  constexpr std::uint64_t kSecond = 1'000'000'000;
  if (total < 1'000) return fmt::format("{}{}ns", sign, total);
  if (total < 1'000'000) return sign + fraction(total, 1'000) + "µs";
  if (total < kSecond) return sign + fraction(total, 1'000'000) + "ms";
  const std::uint64_t minutes = total / (60 * kSecond);
  const std::string seconds = fraction(total % (60 * kSecond), kSecond) + "s";
  if (minutes == 0) return sign + seconds;
  if (minutes < 60) return fmt::format("{}{}m{}", sign, minutes, seconds);
  return fmt::format("{}{}h{}m{}", sign, minutes / 60, minutes % 60, seconds);
}

std::string to_go_text(float number) { return shortest(number); }
std::string to_go_text(double number) { return shortest(number); }

}  // namespace dockhand::compose
