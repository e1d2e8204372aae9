#include "yaml/parser.h"

// What the parser does with broken text, a function for each rule. The aim of all of them: what
// the rest of the text means must not change while one line is being typed.
namespace dockhand::yaml {

// A line between two open blocks belongs to the inner one when it is of its kind, and so does a
// line that is indented deeper than the inner one although nothing there can hold it.
bool Parser::next_in_block(BlockContext block, Kind kind) const {
  if (stop()) return false;
  const int column = this->column();
  const bool dash = at_indicator('-');
  const bool fits = dash == (kind == Kind::sequence);
  if (column == block.column) return fits || column > block.n;
  if (column > block.column) return true;
  return column > block.n && fits;
}

// Tabs cannot indent, and entries of one block begin at one column.
void Parser::check_indentation(BlockContext block, const Token& start) {
  if (start.tab) {
    std::uint32_t begin = start.mark.pos;
    while (begin > 0 && chars::is_blank(text_[begin - 1])) --begin;
    flaw(FlawCode::tab_indent, begin, start.mark.pos);
  } else if (start.column != block.column) {
    flaw(FlawCode::bad_indent, start.mark.line, start.mark.pos);
  }
}

// A line without colon is a key that is being typed when a line with a key follows that could not
// stand there otherwise.
bool Parser::key_follows(const Slot& slot) const {
  return !stop() && fresh() && column() > slot.n && key_ahead();
}

// True when the rest of the line begins with an implicit key and its colon, or with `? `.
bool Parser::key_ahead() const {
  if (at_indicator('?')) return true;
  if (at_indicator('-')) return false;
  std::uint32_t p = pos_;
  const char quote = text_[p];
  if (quote == '"' || quote == '\'') {
    for (++p; text_[p] != quote; ++p) {
      if (text_[p] == '\\' && quote == '"' && !chars::is_break_or_end(text_[p + 1])) ++p;
      if (chars::is_break_or_end(text_[p])) return false;
    }
    for (++p; chars::is_blank(text_[p]);) ++p;
    return text_[p] == ':';
  }
  for (; !chars::is_break_or_end(text_[p]); ++p) {
    if (text_[p] == ':' && chars::is_space_or_end(text_[p + 1])) return true;
    if (text_[p] == '#' && p > pos_ && chars::is_blank(text_[p - 1])) return false;
  }
  return false;
}

// A key without colon keeps what is indented below it as its value. Returns the value.
std::uint32_t Parser::missing_colon(const Slot& slot, std::uint32_t key) {
  const std::uint32_t begin = begin_of(key);
  const std::uint32_t end = pos_;
  trailing_text();
  std::uint32_t colon = begin;
  while (colon < end && text_[colon] != ':') ++colon;
  if (node(key).style == Style::plain && colon < end) {
    flaw(FlawCode::space_after_colon, colon, colon + 1);
  } else {
    flaw(FlawCode::missing_colon, begin, end);
  }
  separate();
  return fresh() && inside(slot) ? block_node(slot) : null_node(end, {});
}

// A second `: ` on a line is no mapping within a mapping: the rest of the line stays one scalar.
void Parser::second_colon() {
  skip_blanks();
  flaw(FlawCode::second_colon, pos_, pos_ + 1);
  LineEnd end = LineEnd::colon;
  while (end == LineEnd::colon) {
    skip_blanks();
    end = plain_line(pos_ + 1, false);
  }
}

// A quoted scalar goes on only on lines that are indented deeper than the block around: otherwise
// its closing quote was forgotten.
bool Parser::quote_left_open(int n) const { return stop() || column() <= n; }

// To the next token of a flow collection. False where the collection was left without closing it:
// at the end of the document, or on a line not indented deeper than the block around, unless that
// line goes on with a closing bracket.
bool Parser::flow_goes_on(int n) {
  for (;;) {
    separate();
    if (stop()) return false;
    if (peek() != '#') break;
    flaw(FlawCode::comment_space, pos_, pos_ + 1);
    comment();
  }
  if (!fresh()) return true;
  if (column() > n) {
    if (indented_by_tab() && spaces() <= n) flaw(FlawCode::tab_indent, line_, pos_);
    return true;
  }
  if (peek() != ']' && peek() != '}') return false;
  flaw(FlawCode::flow_indent, pos_, pos_ + 1);
  return true;
}

void Parser::unclosed_flow(const Collection& collection) {
  const NodeData& data = node(collection.node);
  const std::uint32_t begin = data.begin + base_;
  const bool sequence = data.kind == Kind::sequence;
  flaw(sequence ? FlawCode::unclosed_sequence : FlawCode::unclosed_mapping, begin, begin + 1);
}

// A bracket that does not close this flow collection. True when it closes one around it, so that
// this one ends here; otherwise it is passed over.
bool Parser::misplaced_bracket(const Collection& collection) {
  const int around = peek() == ']' ? open_brackets_ : open_braces_;
  if (around > 0) {
    unclosed_flow(collection);
    return true;
  }
  flaw(FlawCode::unexpected_bracket, pos_, pos_ + 1);
  ++pos_;
  return false;
}

// Text behind a complete node on its line is passed over.
void Parser::trailing_text() {
  if (fresh()) return;  // A flow collection that was cut off: this is another line.
  const std::uint32_t node_end = pos_;
  skip_blanks();
  if (chars::is_break_or_end(peek())) return;
  const std::uint32_t begin = pos_;
  if (peek() == '#') {
    if (begin == node_end) flaw(FlawCode::comment_space, begin, begin + 1);
    comment();
    return;
  }
  while (plain_line(pos_ + 1, false) == LineEnd::colon) skip_blanks();
  flaw(FlawCode::trailing_text, begin, pos_);
}

// A line of a block scalar that is indented less than its first line, or by a tab, but that can be
// nothing else.
bool Parser::badly_indented_text(int n) const {
  if (column() <= n || peek() == '#') return false;
  return indented_by_tab() || (!key_ahead() && !at_indicator('-'));
}

// What is nested deeper than kMaxDepth is passed over: all lines that are still inside.
std::uint32_t Parser::too_deep_block(const Slot& slot) {
  flaw(FlawCode::too_deep, pos_, pos_ + 1);
  const std::uint32_t index = null_node(pos_, {});
  do {
    skip_to_line_end();
    separate();
  } while (!stop() && column() > slot.n);
  return index;
}

// The same in a flow collection: to the bracket that closes this one.
std::uint32_t Parser::too_deep_flow(int n) {
  flaw(FlawCode::too_deep, pos_, pos_ + 1);
  const std::uint32_t index = null_node(pos_, {});
  int open = 0;
  do {
    if (peek() == '[' || peek() == '{') ++open;
    if (peek() == ']' || peek() == '}') --open;
    ++pos_;
    if (chars::is_break(peek())) separate();
  } while (open > 0 && !stop() && (!fresh() || column() > n));
  return index;
}

}  // namespace dockhand::yaml
