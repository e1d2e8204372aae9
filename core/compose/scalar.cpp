#include "compose/scalar.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/text.h"
#include "compose/date.h"

namespace dockhand::compose {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  for (std::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 5> kNull = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kTrue = {"true", "True", "TRUE"};
constexpr std::array<std::string_view, 3> kFalse = {"false", "False", "FALSE"};
constexpr std::array<std::string_view, 3> kNan = {".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 3> kInfinity = {".inf", ".Inf", ".INF"};

std::string without_underscores(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c != '_') out += c;
  }
  return out;
}

// The base that a prefix gives, which is taken off: 0x, 0o, 0b, a leading 0, else ten.
int take_base(std::string_view& digits) {
  if (digits.size() < 2 || digits[0] != '0') return 10;
  const char letter = static_cast<char>(digits[1] | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  digits.remove_prefix(base ? 2 : 1);
  return base ? base : 8;
}

Typed parse_yaml_integer(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !is_digit(text[0])) return {};
  const int base = take_base(text);
  std::uint64_t magnitude = 0;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, magnitude, base);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != end) return {};
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  if (magnitude == kMax + 1 && negative) return std::numeric_limits<std::int64_t>::min();
  if (magnitude > kMax) return negative ? Typed() : Typed(magnitude);
  const auto value = static_cast<std::int64_t>(magnitude);
  return negative ? -value : value;
}

// [-+]? ( .digits | digits [.digits] ) [ e [-+]? digits ]
bool looks_like_float(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t begin = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - begin;
  };
  const auto sign = [&] {
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  };
  sign();
  std::size_t count = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    const std::size_t fraction = digits();
    if (count == 0) count = fraction;
  }
  if (count == 0) return false;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    sign();
    if (digits() == 0) return false;
  }
  return at == text.size();
}

std::optional<double> parse_yaml_float(std::string_view text) {
  if (!looks_like_float(text)) return std::nullopt;
  if (text[0] == '+') text.remove_prefix(1);
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc()) return std::nullopt;
  return value;
}

Typed resolve_number(std::string_view text) {
  if (parse_date(text)) return Date{};
  const std::string plain = without_underscores(text);
  if (plain == "-0") return -0.0;
  const Typed integer = parse_yaml_integer(plain);
  if (!std::holds_alternative<std::monostate>(integer)) return integer;
  if (const auto number = parse_yaml_float(plain)) return *number;
  return text;
}

Typed resolve_special_float(std::string_view text) {
  if (is_one_of(text, kNan)) return std::numeric_limits<double>::quiet_NaN();
  const bool negative = text[0] == '-';
  if (negative || text[0] == '+') text.remove_prefix(1);
  if (!is_one_of(text, kInfinity)) return {};
  return negative ? -std::numeric_limits<double>::infinity()
                  : std::numeric_limits<double>::infinity();
}

std::string print(double value, std::chars_format format) {
  std::array<char, 512> buffer;
  const char* end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format).ptr;
  return std::string(static_cast<const char*>(buffer.data()), end);
}

// As Go prints a float: the shortest digits that give the same number back, with an exponent of at
// least two digits below 1e-4 and from 1e6.
std::string print_float(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Inf" : "+Inf";
  const std::string scientific = print(value, std::chars_format::scientific);
  const int exponent = std::atoi(scientific.c_str() + scientific.rfind('e') + 1);
  return exponent < -4 || exponent >= 6 ? scientific : print(value, std::chars_format::fixed);
}

}  // namespace

Typed resolve_plain(std::string_view text) {
  if (is_one_of(text, kNull)) return std::monostate{};
  if (is_digit(text[0])) return resolve_number(text);
  switch (text[0]) {
    case 't':
    case 'T':
      return is_one_of(text, kTrue) ? Typed(true) : Typed(text);
    case 'f':
    case 'F':
      return is_one_of(text, kFalse) ? Typed(false) : Typed(text);
    case '.':
    case '+':
    case '-': {
      const Typed special = resolve_special_float(text);
      return std::holds_alternative<double>(special) ? special : resolve_number(text);
    }
    default:
      return text;
  }
}

Typed resolve(const Value::Scalar& scalar) {
  return scalar.quoted ? Typed(std::string_view(scalar.text)) : resolve_plain(scalar.text);
}

std::string to_text(const Value& value) {
  const Value::Scalar* scalar = value.scalar();
  if (!scalar) return {};
  const Typed typed = resolve(*scalar);
  if (std::holds_alternative<std::monostate>(typed)) return {};
  if (const bool* boolean = std::get_if<bool>(&typed)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&typed)) return std::to_string(*integer);
  if (const auto* integer = std::get_if<std::uint64_t>(&typed)) return std::to_string(*integer);
  if (const double* number = std::get_if<double>(&typed)) return print_float(*number);
  if (std::holds_alternative<Date>(typed)) return parse_date(scalar->text)->text;
  return scalar->text;
}

std::optional<std::int64_t> to_integer(const Value& value) {
  const Value::Scalar* scalar = value.scalar();
  if (!scalar) return std::nullopt;
  const Typed typed = resolve(*scalar);
  if (const auto* integer = std::get_if<std::int64_t>(&typed)) return *integer;
  if (!std::holds_alternative<std::string_view>(typed)) return std::nullopt;
  std::string_view digits = scalar->text;
  if (!digits.empty() && digits[0] == '+') digits.remove_prefix(1);
  return parse_integer(digits);
}

std::optional<bool> to_boolean(const Value& value) {
  const Value::Scalar* scalar = value.scalar();
  if (!scalar) return std::nullopt;
  const Typed typed = resolve(*scalar);
  if (const bool* boolean = std::get_if<bool>(&typed)) return *boolean;
  if (!std::holds_alternative<std::string_view>(typed)) return std::nullopt;
  const std::string word = to_lower_ascii(scalar->text);
  if (word == "true" || word == "y" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "n" || word == "no" || word == "off") return false;
  return std::nullopt;
}

}  // namespace dockhand::compose
