#include "compose/canonical/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/unicode.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

void append_escape(std::string& out, unsigned code) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kHexDigits[(code >> shift) & 0xF];
}

void append_ascii(std::string& out, char c) {
  switch (c) {
    case '$':
      out += "$$";
      return;
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) < 0x20 || c == '<' || c == '>' || c == '&') {
    append_escape(out, static_cast<unsigned char>(c));
  } else {
    out += c;
  }
}

// Without an exponent: the digits, and zeros behind them as far as the exponent asks.
std::string without_exponent(std::string_view scientific) {
  const std::size_t e = scientific.find('e');
  const auto exponent = static_cast<std::size_t>(std::atoi(scientific.data() + e + 2));
  std::string digits(scientific.substr(0, e));
  const std::size_t sign = digits[0] == '-' ? 1 : 0;
  if (digits.size() > sign + 1) digits.erase(sign + 1, 1);
  digits.append(exponent + 1 + sign - digits.size(), '0');
  return digits;
}

// Digits that give the same number back, and no more; an exponent without leading zeros below 1e-6
// and from 1e21.
void append_number(std::string& out, double value) {
  const double magnitude = std::abs(value);
  const bool small = magnitude != 0 && magnitude < 1e-6;
  const bool large = magnitude >= 1e17;  // More digits than a number has.
  std::array<char, 64> buffer;
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    small || large ? std::chars_format::scientific : std::chars_format::fixed);
  std::string text(buffer.data(), written.ptr);
  const std::size_t size = text.size();
  if (large && magnitude < 1e21) text = without_exponent(text);
  if (small && text[size - 4] == 'e' && text[size - 2] == '0') text.erase(size - 2, 1);
  out += text;
}

}  // namespace

void JsonWriter::begin(char bracket) {
  out_ += bracket;
  ++depth_;
  empty_ = true;
}

void JsonWriter::end(char bracket) {
  --depth_;
  if (!empty_) new_line();
  out_ += bracket;
  empty_ = false;
}

void JsonWriter::new_line() {
  out_ += '\n';
  out_.append(2 * depth_, ' ');
}

void JsonWriter::next() {
  if (!empty_) out_ += ',';
  empty_ = false;
  new_line();
}

void JsonWriter::begin_map() { begin('{'); }
void JsonWriter::end_map() { end('}'); }
void JsonWriter::begin_list() { begin('['); }
void JsonWriter::end_list() { end(']'); }

void JsonWriter::key(std::string_view key) {
  next();
  string(key);
  out_ += ": ";
}

void JsonWriter::integer(std::int64_t value) { out_ += std::to_string(value); }
void JsonWriter::integer(std::uint64_t value) { out_ += std::to_string(value); }
void JsonWriter::number(double value) {
  if (std::isfinite(value)) return append_number(out_, value);
  is_exact_ = false;
  null();
}

void JsonWriter::string(std::string_view text) {
  out_ += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_ascii(out_, text[at++]);
      continue;
    }
    const Decoded found = decode_utf8(text.substr(at));
    const bool separator = found.code_point == 0x2028 || found.code_point == 0x2029;
    if (separator || (found.code_point == 0xFFFD && found.size == 1)) {
      append_escape(out_, static_cast<unsigned>(found.code_point));
    } else {
      out_ += text.substr(at, found.size);
    }
    at += found.size;
  }
  out_ += '"';
}

}  // namespace dockhand::compose
