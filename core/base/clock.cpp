#include "base/clock.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <limits>

namespace dockhand {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
constexpr std::int64_t kSecondsPerDay = 86'400;

// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March,
// so that the leap day is a year's last.
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = year - (month <= 2 ? 1 : 0);
  const std::int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - 719'468;
}

struct Civil {
  std::int64_t year;
  int month, day;
};

Civil civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146'096) / 146'097;
  const std::int64_t doe = shifted - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const auto march_month = static_cast<int>((5 * doy + 2) / 153);
  const auto day = static_cast<int>(doy - (153 * march_month + 2) / 5 + 1);
  const int month = march_month + (march_month < 10 ? 3 : -9);
  return {yoe + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_month(int year, int month) {
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text; after the first mismatch every answer is a failure.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

  // Exactly `digits` digits whose value lies in [low, high].
  int number(int digits, int low, int high) {
    int value = 0;
    for (int i = 0; i < digits; ++i) {
      if (rest_.empty() || !is_digit(rest_[0])) return fail();
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value < low || value > high ? fail() : value;
  }

  bool skip_any_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(std::string_view characters) { ok_ = skip_any_of(characters) && ok_; }

  // One to nine digits behind a point, as nanoseconds.
  std::int64_t fraction() {
    std::int64_t nanos = 0;
    std::int64_t unit = kNanosPerSecond;
    for (; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
      unit /= 10;
      if (unit == 0) return fail();
      nanos += unit * (rest_[0] - '0');
    }
    return unit == kNanosPerSecond ? fail() : nanos;
  }

  // `Z` or `±hh:mm`, in seconds east of UTC.
  std::int64_t zone() {
    if (skip_any_of("Zz")) return 0;
    const bool west = !rest_.empty() && rest_[0] == '-';
    expect("+-");
    const int hours = number(2, 0, 23);
    expect(":");
    const std::int64_t seconds = hours * 3600 + number(2, 0, 59) * 60;
    return west ? -seconds : seconds;
  }

 private:
  int fail() {
    ok_ = false;
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

std::optional<Time> from_parts(std::int64_t seconds, std::int64_t nanos) {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / kNanosPerSecond - 1;
  if (seconds > kLimit || seconds < -kLimit) return std::nullopt;
  return Time(Duration(seconds * kNanosPerSecond + nanos));
}

struct Unit {
  std::string_view name;
  std::int64_t nanos;
};

// Longer names before their prefixes. The micro sign has two code points; `d` and `w` are
// Compose's.
constexpr std::array<Unit, 10> kUnits = {{{"ns", 1},
                                          {"us", 1'000},
                                          {"\u00b5s", 1'000},
                                          {"\u03bcs", 1'000},
                                          {"ms", 1'000'000},
                                          {"s", kNanosPerSecond},
                                          {"m", 60 * kNanosPerSecond},
                                          {"h", 3600 * kNanosPerSecond},
                                          {"d", kSecondsPerDay* kNanosPerSecond},
                                          {"w", 7 * kSecondsPerDay* kNanosPerSecond}}};

std::string_view take_digits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

// `value = value * factor + term`, or false where that does not fit.
bool grow(std::int64_t& value, std::int64_t factor, std::int64_t term) {
  return !__builtin_mul_overflow(value, factor, &value) &&
         !__builtin_add_overflow(value, term, &value);
}

// One `1.5h` from the front of the text.
std::optional<std::int64_t> take_term(std::string_view& text) {
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const Unit* unit = nullptr;
  for (const Unit& candidate : kUnits) {
    if (!unit && text.starts_with(candidate.name)) unit = &candidate;
  }
  if (!unit) return std::nullopt;
  text.remove_prefix(unit->name.size());
  std::int64_t value = 0;
  for (const char digit : whole) {
    if (!grow(value, 10, digit - '0')) return std::nullopt;
  }
  if (!grow(value, unit->nanos, 0)) return std::nullopt;
  std::int64_t place = unit->nanos;
  for (const char digit : fraction) {
    place /= 10;
    if (!grow(value, 1, place * (digit - '0'))) return std::nullopt;
  }
  return value;
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

Instant SystemClock::instant() const { return std::chrono::steady_clock::now(); }

Time ManualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Instant ManualClock::instant() const {
  const std::lock_guard lock(mutex_);
  return instant_;
}

void ManualClock::advance(Duration by) {
  const std::lock_guard lock(mutex_);
  now_ += by;
  instant_ += by;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Reader in(text);
  const int year = in.number(4, 2, 9999);  // Docker's zero time is of the year 1.
  in.expect("-");
  const int month = in.number(2, 1, 12);
  in.expect("-");
  const int day = in.number(2, 1, 31);
  in.expect("Tt ");
  const int hour = in.number(2, 0, 23);
  in.expect(":");
  const int minute = in.number(2, 0, 59);
  in.expect(":");
  const int second = in.number(2, 0, 60);  // 60 is a leap second.
  const std::int64_t nanos = in.ok() && in.skip_any_of(".") ? in.fraction() : 0;
  const std::int64_t zone = in.zone();
  if (!in.ok() || !in.at_end() || day > days_in_month(year, month)) return std::nullopt;
  const std::int64_t seconds = days_from_civil(year, month, day) * kSecondsPerDay + hour * 3600 +
                               minute * 60 + second - zone;
  return from_parts(seconds, nanos);
}

std::string format_rfc3339(Time time) {
  using std::chrono::floor;
  const std::int64_t ms = floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::int64_t day_ms = kSecondsPerDay * 1000;
  const std::int64_t days = (ms >= 0 ? ms : ms - (day_ms - 1)) / day_ms;
  const std::int64_t rest = ms - days * day_ms;
  const Civil date = civil_from_days(days);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", date.year, date.month, date.day,
                     rest / 3'600'000, rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
}

std::string format_local_clock(Time time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  if (!localtime_r(&seconds, &parts)) return {};
  return fmt::format("{:02}:{:02}:{:02}", parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::optional<Duration> parse_go_duration(std::string_view text) {
  if (text == "0") return Duration{};
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::optional<std::int64_t> term = take_term(text);
    if (!term || !grow(total, 1, *term)) return std::nullopt;
  }
  return Duration(total);
}

}  // namespace dockhand
