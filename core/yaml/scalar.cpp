#include <algorithm>
#include <optional>
#include <string_view>

#include "yaml/parser.h"

// Scalars, properties and aliases: where each begins and ends. What a scalar means is decoded when
// it is asked for (decode.cpp).
namespace dockhand::yaml {

// ns-plain. In a block it may hold what only a broken text has; see second_colon().
std::uint32_t Parser::plain_scalar(int n, PlainIn in) {
  const std::uint32_t begin = pos_;
  const bool in_flow = in == PlainIn::flow;
  const char c = peek();
  if (c == '%' || c == '@' || c == '`' || c == '|' || c == '>' || chars::is(c, chars::kFlow) ||
      ((c == '-' || c == '?' || c == ':') &&
       chars::is(peek_next(), chars::kSpaceOrEnd | (in_flow ? chars::kFlow : 0)))) {
    flaw(FlawCode::reserved_character, begin, begin + 1);
  }
  std::uint8_t flags = kVerbatim;
  const LineEnd end = plain_line(pos_ + 1, in_flow);
  if (end == LineEnd::colon && in == PlainIn::value) {
    second_colon();
  } else if (end == LineEnd::line && in != PlainIn::key_only && plain_lines(n, in_flow)) {
    flags = 0;
  }
  const std::uint32_t index = add(Kind::scalar, Style::plain, begin, pos_);
  node(index).flags = flags;
  return index;
}

// nb-ns-plain-in-line: the rest of one line of plain text. Stands behind its last character that is
// not blank.
Parser::LineEnd Parser::plain_line(std::uint32_t from, bool in_flow) {
  const int special = chars::kSpaceOrEnd | chars::kPlain | (in_flow ? chars::kFlow : 0);
  std::uint32_t p = from;
  for (;;) {
    while (!chars::is(text_[p], special)) ++p;
    std::uint32_t end = p;
    const bool blank = chars::is_blank(text_[p]);
    while (chars::is_blank(text_[p])) ++p;
    const char c = text_[p];
    if (chars::is_break_or_end(c) || (c == '#' && blank)) {
      pos_ = end;
      return LineEnd::line;
    }
    if (c == ':') {
      const char next = text_[p + 1];
      if (chars::is_space_or_end(next) || (in_flow && chars::is(next, chars::kFlow))) {
        pos_ = end;
        return LineEnd::colon;
      }
      ++p;
    } else if (in_flow && chars::is(c, chars::kFlow)) {
      pos_ = end;
      return LineEnd::flow;
    } else if (c == '#') {
      ++p;
    }
  }
}

// The lines that continue a plain scalar. False when there is none.
bool Parser::plain_lines(int n, bool in_flow) {
  for (bool continued = false;; continued = true) {
    const Cursor before = *this;
    const std::optional<LineEnd> end = plain_next_line(n, in_flow);
    if (!end) {
      return_to(before);
      return continued;
    }
    if (*end != LineEnd::line) return true;
  }
}

// s-ns-plain-next-line. Nothing when the next line does not continue the scalar: one that holds a
// key does not, though the text is then broken.
std::optional<Parser::LineEnd> Parser::plain_next_line(int n, bool in_flow) {
  skip_blanks();
  if (!chars::is_break(peek())) return std::nullopt;
  while (chars::is_break(peek())) next_line();
  if (stop() || column() <= n || peek() == '#') return std::nullopt;
  if (in_flow && chars::is(peek(), chars::kFlow)) return std::nullopt;
  const std::uint32_t begin = pos_;
  const LineEnd end = plain_line(begin, in_flow);
  if (end == LineEnd::colon && (!in_flow || pos_ == begin)) return std::nullopt;
  if (indented_by_tab() && spaces() <= n) flaw(FlawCode::tab_indent, line_, begin);
  return end;
}

// c-double-quoted and c-single-quoted.
std::uint32_t Parser::quoted_scalar(int n) {
  const std::uint32_t begin = pos_;
  const char quote = peek();
  std::uint8_t flags = kVerbatim;
  ++pos_;
  while (!quoted_line(quote, flags)) {
    std::uint32_t content = pos_;
    while (content > begin + 1 && chars::is_blank(text_[content - 1])) --content;
    const Cursor before = *this;
    while (chars::is_break(peek())) next_line();
    if (quote_left_open(n)) {
      return_to(before);
      pos_ = content;
      flags |= kUnterminated;
      flaw(FlawCode::unclosed_quote, begin, begin + 1);
      break;
    }
    if (indented_by_tab() && spaces() <= n) flaw(FlawCode::tab_indent, line_, pos_);
    flags &= static_cast<std::uint8_t>(~kVerbatim);
  }
  const Style style = quote == '"' ? Style::double_quoted : Style::single_quoted;
  const std::uint32_t index = add(Kind::scalar, style, begin, pos_);
  node(index).flags = flags;
  return index;
}

// One line of quoted text. True behind the closing quote; false at the end of the line.
bool Parser::quoted_line(char quote, std::uint8_t& flags) {
  const int special =
      (quote == '"' ? chars::kDouble : chars::kSingle) | chars::kBreak | chars::kEnd;
  for (;;) {
    while (!chars::is(peek(), special)) ++pos_;
    if (chars::is_break_or_end(peek())) return false;
    if (peek() == '\\') {
      flags &= static_cast<std::uint8_t>(~kVerbatim);
      escape();
    } else if (quote == '\'' && peek_next() == '\'') {
      flags &= static_cast<std::uint8_t>(~kVerbatim);
      pos_ += 2;
    } else {
      ++pos_;
      return true;
    }
  }
}

// c-ns-esc-char. A line break behind the backslash is left for the caller.
void Parser::escape() {
  const std::uint32_t begin = pos_++;
  const char c = peek();
  if (chars::is_break_or_end(c)) return;
  ++pos_;
  const std::uint32_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
  constexpr std::string_view kEscapes = "0abt\tnvfre \"/\\N_LP";
  if (digits == 0) {
    if (kEscapes.find(c) == std::string_view::npos) flaw(FlawCode::bad_escape, begin, pos_);
    return;
  }
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  std::uint32_t code = 0;
  for (std::uint32_t i = 0; i < digits; ++i) {
    const std::size_t digit = at_end() ? std::string_view::npos : kHex.find(peek());
    if (digit == std::string_view::npos) {
      flaw(FlawCode::bad_escape, begin, pos_);
      return;
    }
    code = code * 16 + static_cast<std::uint32_t>(digit < 16 ? digit : digit - 6);
    ++pos_;
  }
  if (code > 0x10FFFF) flaw(FlawCode::bad_escape, begin, pos_);
}

// c-l+literal and c-l+folded. Leaves the cursor on the first line that does not belong to it.
std::uint32_t Parser::block_scalar(int n) {
  const std::uint32_t begin = pos_;
  const Style style = peek() == '|' ? Style::literal : Style::folded;
  const BlockHeader header = block_scalar_header();
  int indent = header.indent > 0 ? std::max(n, 0) + header.indent : -1;
  std::uint32_t end = begin + header.size;
  int deepest_blank = 0;
  bool flawed = false;
  while (chars::is_break(peek())) {
    next_line();
    if (at_marker()) break;
    if (chars::is_break_or_end(peek())) {
      const bool tab = indented_by_tab();
      if (tab && indent < 0 && spaces() > n) indent = spaces();
      if (tab && spaces() < std::max(indent, n + 1)) flaw(FlawCode::tab_indent, line_, pos_);
      // Blanks beyond the indentation are content.
      if (indent >= 0 && static_cast<int>(pos_ - line_) > indent) end = pos_;
      if (indent < 0) deepest_blank = std::max(deepest_blank, spaces());
      continue;
    }
    if (indent < 0 && spaces() > n) {
      indent = spaces();
      if (deepest_blank > indent) flaw(FlawCode::block_scalar_indent, line_, pos_);
    }
    if (indent < 0 || spaces() < indent) {
      if (!badly_indented_text(n)) break;
      if (!flawed) flaw(FlawCode::block_scalar_indent, line_, pos_);
      flawed = true;
      if (indent < 0) indent = n + 1;
    }
    skip_to_line_end();
    end = pos_;
  }
  if (header.keep && line_ > begin) end = std::max(end, at_end() ? pos_ : line_);
  const std::uint32_t index = add(Kind::scalar, style, begin, end);
  node(index).first = static_cast<std::uint32_t>(indent < 0 ? deepest_blank : indent);
  return index;
}

// c-b-block-header, up to the end of its line.
Parser::BlockHeader Parser::block_scalar_header() {
  BlockHeader header;
  const std::uint32_t begin = pos_++;
  bool chomped = false;
  for (; !at_space_or_end(); ++pos_) {
    const char c = peek();
    if (c >= '1' && c <= '9' && header.indent == 0) {
      header.indent = c - '0';
    } else if ((c == '+' || c == '-') && !chomped) {
      chomped = true;
      header.keep = c == '+';
    } else {
      break;
    }
  }
  header.size = pos_ - begin;
  skip_blanks();
  if (peek() == '#' && chars::is_blank(text_[pos_ - 1])) comment();
  if (!chars::is_break_or_end(peek())) {
    const std::uint32_t rest = pos_;
    skip_to_line_end();
    flaw(FlawCode::block_scalar_header, rest, pos_);
  }
  return header;
}

// c-ns-properties on one line; in a flow collection, on several.
Properties Parser::properties(bool in_flow) {
  Properties found;
  for (;;) {
    Properties one;
    const std::uint32_t begin = pos_;
    if (peek() == '&') {
      one.anchor = anchor_property();
    } else if (peek() == '!') {
      one.tag = tag_property(in_flow);
    } else {
      return found;
    }
    if (!at_space_or_end() && !(in_flow && chars::is(peek(), chars::kFlow))) {
      flaw(one.tag.empty() ? FlawCode::anchor_name : FlawCode::bad_tag, begin, pos_ + 1);
    }
    found = merged(found, one);
    const std::uint32_t end = pos_;
    skip_blanks();
    if (peek() != '&' && peek() != '!') {
      pos_ = end;
      return found;
    }
  }
}

// c-ns-anchor-property.
Range Parser::anchor_property() {
  const std::uint32_t begin = pos_++;
  anchor_name(begin);
  return {begin, pos_};
}

void Parser::anchor_name(std::uint32_t indicator) {
  while (!chars::is(peek(), chars::kSpaceOrEnd | chars::kFlow)) ++pos_;
  if (pos_ == indicator + 1) flaw(FlawCode::anchor_name, indicator, pos_);
}

// c-ns-tag-property, kept as it is written.
Range Parser::tag_property(bool in_flow) {
  const std::uint32_t begin = pos_++;
  if (peek() == '<') {
    while (!at_space_or_end() && peek() != '>') ++pos_;
    if (peek() == '>') {
      ++pos_;
    } else {
      flaw(FlawCode::bad_tag, begin, pos_);
    }
    return {begin, pos_};
  }
  std::uint32_t handle = 0;  // Behind the `!` that closes a handle.
  for (; !chars::is(peek(), chars::kSpaceOrEnd); ++pos_) {
    if (in_flow && chars::is(peek(), chars::kFlow)) break;
    if (chars::is(peek(), chars::kFlow)) flaw(FlawCode::bad_tag, pos_, pos_ + 1);
    if (peek() == '!' && handle == 0) handle = pos_ + 1;
  }
  if (handle > begin + 2) arena_->tag_handles.push_back({begin - base_, handle - base_});
  if (handle != 0 && handle == pos_) flaw(FlawCode::bad_tag, begin, pos_);
  return {begin, pos_};
}

// c-ns-alias-node.
std::uint32_t Parser::alias_node() {
  const std::uint32_t begin = pos_++;
  anchor_name(begin);
  const std::uint32_t index = add(Kind::alias, Style::plain, begin, pos_);
  arena_->aliases.push_back(index);
  return index;
}

}  // namespace dockhand::yaml
