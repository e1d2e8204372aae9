#include "compose/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dockhand::compose {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Between `low` and `high` digits that make a number of at most `max`.
  bool number(std::size_t low, std::size_t high, int max, int& value) {
    std::size_t count = 0;
    for (value = 0; count < high && count < rest_.size() && is_digit(rest_[count]); ++count) {
      value = value * 10 + (rest_[count] - '0');
    }
    rest_.remove_prefix(count);
    return count >= low && value <= max;
  }

  // What stands behind a decimal point, without the zeros at its end; at most nine digits count.
  bool fraction(std::string& digits) {
    std::size_t count = 0;
    while (count < rest_.size() && is_digit(rest_[count])) ++count;
    digits = std::string(rest_.substr(0, std::min<std::size_t>(count, 9)));
    rest_.remove_prefix(count);
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    return count > 0;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
};

int days_in(int month, int year) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return kDays.at(static_cast<std::size_t>(month - 1)) + (month == 2 && leap ? 1 : 0);
}

struct Zone {
  std::string text = "+0000 UTC";
  std::string json = "Z";
};

bool read_zone(Reader& reader, Zone& zone) {
  if (reader.take("Z")) return true;
  const bool west = reader.take("-");
  int hours = 0, minutes = 0;
  if (!west && !reader.take("+")) return false;
  if (!reader.number(2, 2, 24, hours) || !reader.take(":") || !reader.number(2, 2, 60, minutes)) {
    return false;
  }
  if (hours == 0 && minutes == 0) return true;
  const char sign = west ? '-' : '+';
  zone.text = fmt::format("{0}{1:02}{2:02} {0}{1:02}{2:02}", sign, hours, minutes);
  zone.json = fmt::format("{}{:02}:{:02}", sign, hours, minutes);
  return true;
}

}  // namespace

std::optional<DateForms> parse_date(std::string_view text) {
  Reader reader(text);
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!reader.number(4, 4, 9999, year) || !reader.take("-")) return std::nullopt;
  if (!reader.number(1, 2, 12, month) || month == 0 || !reader.take("-")) return std::nullopt;
  if (!reader.number(1, 2, days_in(month, year), day) || day == 0) return std::nullopt;
  Zone zone;
  std::string fraction;
  if (!reader.at_end()) {
    const bool zoned = reader.take("Tt");
    if (!zoned && !reader.take(" ")) return std::nullopt;
    if (!reader.number(1, 2, 23, hour) || !reader.take(":")) return std::nullopt;
    if (!reader.number(1, 2, 59, minute) || !reader.take(":")) return std::nullopt;
    if (!reader.number(1, 2, 59, second)) return std::nullopt;
    if (reader.take(".,") && !reader.fraction(fraction)) return std::nullopt;
    if (zoned && !read_zone(reader, zone)) return std::nullopt;
    if (!reader.at_end()) return std::nullopt;
  }
  const std::string date = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  const std::string time = fmt::format("{:02}:{:02}:{:02}{}{}", hour, minute, second,
                                       fraction.empty() ? "" : ".", fraction);
  return DateForms{fmt::format("{} {} {}", date, time, zone.text),
                   fmt::format("{}T{}{}", date, time, zone.json)};
}

}  // namespace dockhand::compose
