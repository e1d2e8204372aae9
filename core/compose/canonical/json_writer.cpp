#include "compose/canonical/json_writer.h"

#include <array>
#include <charconv>
#include <cmath>

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

// Digits that give the same number back, and no more; an exponent without leading zeros below 1e-6
// and from 1e21.
template <class Number>
void append_number(std::string& out, Number value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  const Number magnitude = std::abs(value);
  const bool scientific = magnitude != 0 && (magnitude < Number(1e-6) || magnitude >= Number(1e21));
  std::array<char, 64> buffer;
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                    scientific ? std::chars_format::scientific : std::chars_format::fixed);
  std::string text(buffer.data(), written.ptr);
  const std::size_t size = text.size();
  if (scientific && size >= 4 && text[size - 4] == 'e' && text[size - 3] == '-' &&
      text[size - 2] == '0') {
    text.erase(size - 2, 1);
  }
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
void JsonWriter::number(double value) { append_number(out_, value); }
void JsonWriter::number32(float value) { append_number(out_, value); }

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
