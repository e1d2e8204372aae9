#include "base/unicode.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "base/width_table.h"

namespace dockhand {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr Decoded kInvalid{kReplacement, 1};

// What a first byte says about its character: its length (0 when no character starts so), the bits
// it holds, and the smallest value that needs that length.
struct Lead {
  std::size_t size;
  char32_t bits;
  char32_t smallest;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2, byte & 0x1FU, 0x80};
  if ((byte & 0xF0U) == 0xE0) return {3, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return {4, byte & 0x07U, 0x10000};
  return {0, 0, 0};
}

bool is_invalid(Decoded decoded) { return decoded.code_point == kReplacement && decoded.size == 1; }

bool holds(std::span<const CodePointRange> ranges, char32_t code_point) {
  const auto after = std::upper_bound(
      ranges.begin(), ranges.end(), code_point,
      [](char32_t value, const CodePointRange& range) { return value < range.first; });
  return after != ranges.begin() && code_point <= std::prev(after)->last;
}

std::size_t width_of(char32_t code_point) {
  if (code_point < 0x300) return 1;
  if (holds(kZeroWidth, code_point)) return 0;
  return holds(kDoubleWidth, code_point) ? 2 : 1;
}

std::size_t units_of(char32_t code_point) { return code_point > 0xFFFF ? 2 : 1; }

}  // namespace

Decoded decode_utf8(std::string_view text) {
  if (text.empty()) return {kReplacement, 0};
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1};
  const Lead lead = lead_of(first);
  if (lead.size == 0 || text.size() < lead.size) return kInvalid;
  char32_t code_point = lead.bits;
  for (std::size_t i = 1; i < lead.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80) return kInvalid;
    code_point = (code_point << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (code_point < lead.smallest || surrogate || code_point > 0x10FFFF) return kInvalid;
  return {code_point, lead.size};
}

void append_utf8(std::string& out, char32_t code_point) {
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    code_point = kReplacement;
  }
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) return put(code_point);
  if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6U));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12U));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
  } else {
    put(0xF0 | (code_point >> 18U));
    put(0x80 | ((code_point >> 12U) & 0x3FU));
    put(0x80 | ((code_point >> 6U) & 0x3FU));
  }
  put(0x80 | (code_point & 0x3FU));
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    if (is_invalid(next)) return false;
    text.remove_prefix(next.size);
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    append_utf8(out, next.code_point);
    text.remove_prefix(next.size);
  }
  return out;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    units += units_of(next.code_point);
    text.remove_prefix(next.size);
  }
  return units;
}

std::size_t utf16_to_byte(std::string_view text, std::size_t units) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const Decoded next = decode_utf8(text.substr(offset));
    if (units < units_of(next.code_point)) return offset;
    units -= units_of(next.code_point);
    offset += next.size;
  }
  return offset;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    columns += width_of(next.code_point);
    text.remove_prefix(next.size);
  }
  return columns;
}

std::string truncate_to_width(std::string_view text, std::size_t columns) {
  std::size_t used = 0;
  std::size_t kept = 0;  // Bytes that leave one column for the ellipsis.
  std::size_t offset = 0;
  while (offset < text.size()) {
    const Decoded next = decode_utf8(text.substr(offset));
    used += width_of(next.code_point);
    if (used > columns) return columns == 0 ? "" : std::string(text.substr(0, kept)) + "…";
    offset += next.size;
    if (used < columns) kept = offset;
  }
  return std::string(text);
}

}  // namespace dockhand
