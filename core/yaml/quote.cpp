#include "yaml/quote.h"

#include "base/unicode.h"

namespace dockhand::yaml {
namespace {

constexpr std::string_view kIndicators = "-?:,[]{}#&*!|>'\"%@`";

// What YAML may not hold as it is, and what its readers take for a line's end.
bool needs_escape(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF ||
         c == 0xFFFE || c == 0xFFFF;
}

void append_hex(std::string& out, char32_t c, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(c >> shift) & 0xF];
  }
}

void append_escape(std::string& out, char32_t c) {
  switch (c) {
    case '\n':
      out += "\\n";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\r':
      out += "\\r";
      return;
    default:
      out += c < 0x100 ? "\\x" : "\\u";
      append_hex(out, c, c < 0x100 ? 2 : 4);
  }
}

bool is_invalid(const Decoded& decoded) {
  return decoded.code_point == 0xFFFD && decoded.size == 1;
}

bool begins_plain(std::string_view text) {
  if (kIndicators.find(text[0]) == std::string_view::npos) return true;
  const bool may = text[0] == '-' || text[0] == '?' || text[0] == ':';
  return may && text.size() > 1 && text[1] != ' ';
}

}  // namespace

bool is_plain_text(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text.back() == ':') return false;
  if (!begins_plain(text) || text.substr(0, 3) == "---" || text.substr(0, 3) == "...") return false;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos)
    return false;
  for (std::string_view rest = text; !rest.empty();) {
    const Decoded next = decode_utf8(rest);
    if (is_invalid(next) || needs_escape(next.code_point)) return false;
    rest.remove_prefix(next.size);
  }
  return true;
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (std::string_view rest = text; !rest.empty();) {
    const Decoded next = decode_utf8(rest);
    if (next.code_point == '"' || next.code_point == '\\') {
      out += '\\';
      out += static_cast<char>(next.code_point);
    } else if (needs_escape(next.code_point)) {
      append_escape(out, next.code_point);
    } else {
      append_utf8(out, next.code_point);
    }
    rest.remove_prefix(next.size);
  }
  return out + '"';
}

}  // namespace dockhand::yaml
