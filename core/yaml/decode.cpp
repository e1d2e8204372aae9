#include "yaml/decode.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/unicode.h"
#include "yaml/cursor.h"

namespace dockhand::yaml {

namespace {

std::size_t break_size(std::string_view text, std::size_t at) {
  return text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

// s-flow-folded from the first break on: returns the offset of the next line's content, and appends
// what the breaks mean. `breaks` is what the first break counts for.
std::size_t fold(std::string_view text, std::size_t at, bool first_break_is_space,
                 std::string& out) {
  std::size_t breaks = 0;
  while (at < text.size() && chars::is(text[at], chars::kBreak | chars::kBlank)) {
    if (chars::is_break(text[at])) {
      ++breaks;
      at += break_size(text, at);
    } else {
      ++at;
    }
  }
  if (breaks > 1) {
    out.append(breaks - 1, '\n');
  } else if (first_break_is_space) {
    out.push_back(' ');
  }
  return at;
}

void trim_blanks(std::string& out, std::size_t from) {
  while (out.size() > from && chars::is_blank(out.back())) out.pop_back();
}

std::string decode_plain(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (chars::is_break(text[i])) {
      trim_blanks(out, 0);
      i = fold(text, i, true, out);
    } else {
      out.push_back(text[i++]);
    }
  }
  return out;
}

std::string decode_single_quoted(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (chars::is_break(text[i])) {
      trim_blanks(out, 0);
      i = fold(text, i, true, out);
      continue;
    }
    if (text[i] == '\'') ++i;
    if (i < text.size()) out.push_back(text[i++]);
  }
  return out;
}

char32_t hex_value(std::string_view digits) {
  char32_t value = 0;
  for (const char c : digits) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return 0xFFFFFFFF;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  return value;
}

// The digits of `\xHH`, `\uHHHH` and `\UHHHHHHHH`, from behind the letter. Two `\u` of a surrogate
// pair are one character, as in JSON. Returns the offset behind; `at` when they are not sound.
std::size_t decode_code(std::string_view text, std::size_t at, std::size_t digits,
                        std::string& out) {
  if (text.size() - at < digits) return at;
  char32_t code = hex_value(text.substr(at, digits));
  if (code > 0x10FFFF) return at;
  std::size_t end = at + digits;
  if (code >= 0xD800 && code < 0xDC00 && text.substr(end, 2) == "\\u" && text.size() - end >= 6) {
    const char32_t low = hex_value(text.substr(end + 2, 4));
    if (low >= 0xDC00 && low < 0xE000) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      end += 6;
    }
  }
  if (code >= 0xD800 && code < 0xE000) code = 0xFFFD;
  append_utf8(out, code);
  return end;
}

// One escape from its backslash, no line break behind it. An unknown one stays as it is written.
std::size_t decode_escape(std::string_view text, std::size_t at, std::string& out) {
  if (at + 1 >= text.size()) {
    out.push_back(text[at]);
    return at + 1;
  }
  const char c = text[at + 1];
  const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  if (digits > 0) {
    const std::size_t end = decode_code(text, at + 2, digits, out);
    if (end > at + 2) return end;
    out.append(text.substr(at, 2));
    return at + 2;
  }
  constexpr std::string_view kNames = "0abt\tnvfre \"/\\";
  constexpr std::string_view kValues("\0\a\b\t\t\n\v\f\r\x1b \"/\\", 14);
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    out.push_back(kValues[i]);
  } else if (c == 'N') {
    append_utf8(out, 0x85);
  } else if (c == '_') {
    append_utf8(out, 0xA0);
  } else if (c == 'L') {
    append_utf8(out, 0x2028);
  } else if (c == 'P') {
    append_utf8(out, 0x2029);
  } else {
    out.push_back('\\');
    return at + 1;
  }
  return at + 2;
}

std::string decode_double_quoted(std::string_view text) {
  std::string out;
  std::size_t fixed = 0;  // Up to here `out` was written by escapes and is not trimmed.
  for (std::size_t i = 0; i < text.size();) {
    if (chars::is_break(text[i])) {
      trim_blanks(out, fixed);
      i = fold(text, i, true, out);
      fixed = out.size();
    } else if (text[i] != '\\') {
      out.push_back(text[i++]);
    } else if (i + 1 < text.size() && chars::is_break(text[i + 1])) {
      i = fold(text, i + 1, false, out);
      fixed = out.size();
    } else {
      i = decode_escape(text, i, out);
      fixed = out.size();
    }
  }
  return out;
}

// The lines of a block scalar, without their indentation.
class BlockLines {
 public:
  BlockLines(std::string_view text, std::size_t indent) : text_(text), indent_(indent) {
    while (at_ < text_.size() && !chars::is_break(text_[at_])) ++at_;
  }

  // False when there are no more.
  bool next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    at_ += break_size(text_, at_);
    const std::size_t begin = at_;
    while (at_ < text_.size() && !chars::is_break(text_[at_])) ++at_;
    line = text_.substr(begin, at_ - begin);
    const std::size_t spaces = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(std::min(spaces, indent_));
    return at_ < text_.size() || at_ > begin;
  }

 private:
  std::string_view text_;
  std::size_t indent_;
  std::size_t at_ = 0;
};

// Line breaks between two lines of a folded scalar with `blank` empty lines between them.
void append_folded_break(std::string& out, bool more_indented, std::size_t blank) {
  if (more_indented) {
    out.append(blank + 1, '\n');
  } else if (blank == 0) {
    out.push_back(' ');
  } else {
    out.append(blank, '\n');
  }
}

std::string decode_block(std::string_view text, std::string_view rest, std::size_t indent,
                         Style style) {
  const std::string_view header = text.substr(0, std::min<std::size_t>(text.size(), 3));
  const bool keep = header.find('+') != std::string_view::npos;
  const bool strip = header.find('-') != std::string_view::npos;
  std::string out;
  BlockLines lines(text, indent);
  std::string_view line;
  std::size_t blank = 0;
  bool any = false;
  bool more_indented = false;  // The last line that is not empty,
  bool all_blank = false;      // and whether it holds blanks alone.
  while (lines.next(line)) {
    if (line.empty()) {
      ++blank;
      continue;
    }
    const bool indented = chars::is_blank(line.front());
    if (!any) {
      out.append(blank, '\n');
    } else if (style == Style::literal) {
      out.append(blank + 1, '\n');
    } else {
      append_folded_break(out, more_indented || indented, blank);
    }
    out.append(line);
    more_indented = indented;
    all_blank = line.find_first_not_of(" \t") == std::string_view::npos;
    any = true;
    blank = 0;
  }
  // At the end of the text the last line break may be missing; a line of blanks does without.
  const char behind = rest.empty() ? '\0' : rest.front();
  const bool ends_in_break =
      chars::is_break(behind) || (keep && chars::is_break(text.back())) || all_blank;
  if (keep) {
    out.append(blank, '\n');
    if (any && (blank > 0 || ends_in_break)) out.push_back('\n');
  } else if (!strip && any && ends_in_break) {
    out.push_back('\n');
  }
  return out;
}

}  // namespace

std::string decode_scalar(const NodeData& node, std::string_view source, std::string_view rest) {
  if (node.style == Style::literal || node.style == Style::folded) {
    return decode_block(source, rest, node.first, node.style);
  }
  if (node.style == Style::single_quoted || node.style == Style::double_quoted) {
    source.remove_prefix(1);
    if ((node.flags & kUnterminated) == 0) source.remove_suffix(1);
  }
  if ((node.flags & kVerbatim) != 0) return std::string(source);
  if (node.style == Style::single_quoted) return decode_single_quoted(source);
  if (node.style == Style::double_quoted) return decode_double_quoted(source);
  return decode_plain(source);
}

}  // namespace dockhand::yaml
