#include "yaml/parser.h"

// Block collections, and how the first token of a node decides what the node is.
namespace dockhand::yaml {

// True when the next token belongs to this slot and not to a block around it.
bool Parser::inside(const Slot& slot) const {
  if (stop()) return false;
  if (!fresh() || slot.where == Where::document || slot.where == Where::undashed_item) return true;
  if (column() > slot.n) return true;
  // A sequence may stand at the column of the key that it is the value of.
  const bool of_key = slot.where != Where::item && slot.where != Where::document_line;
  return of_key && column() == slot.n && at_indicator('-');
}

// True where a block collection may begin at the current token: on a line of its own, or behind
// the indicator of an entry without key.
bool Parser::may_hold_block(const Slot& slot) const {
  return fresh() || slot.where == Where::item || slot.where == Where::explicit_key ||
         slot.where == Where::explicit_value;
}

// s-l+block-node, from right behind the indicator in front of it.
std::uint32_t Parser::block_node(const Slot& slot) {
  const std::uint32_t missing = hole();
  separate();
  if (!inside(slot)) return null_node(slot.where == Where::document ? pos_ : missing, {});
  if (depth_ >= kMaxDepth) return too_deep_block(slot);
  ++depth_;
  Properties above;  // On lines of their own: the node's.
  Properties here;   // On the line where the content begins: the node's or its first key's.
  Token start;
  std::uint32_t index = 0;
  while (index == 0) {
    start = token();
    start.may_hold_block = may_hold_block(slot);
    here = properties(false);
    if (!here.any()) break;
    const std::uint32_t end = pos_;
    separate();
    if (line_ == start.mark.line && !at_end()) break;
    above = merged(above, here);
    here = {};
    if (!inside(slot)) index = null_node(end, above);
  }
  if (index == 0) index = block_content(slot, start, above, here);
  --depth_;
  return index;
}

// The node behind its properties.
std::uint32_t Parser::block_content(const Slot& slot, const Token& start, const Properties& above,
                                    const Properties& here) {
  if (fresh() && indented_by_tab() && spaces() <= slot.n) flaw(FlawCode::tab_indent, line_, pos_);
  if (at_indicator('-')) {
    if (!start.may_hold_block) flaw(FlawCode::block_on_same_line, pos_, pos_ + 1);
    if (here.any()) flaw(FlawCode::properties_before_item, here.begin(), here.end());
    return block_sequence(slot, merged(above, here));
  }
  if (at_indicator('?') && (start.may_hold_block || slot.where == Where::document_line)) {
    return block_mapping(slot, start, above, 0);
  }
  if (peek() == '|' || peek() == '>') {
    const std::uint32_t index = block_scalar(slot.n);
    set_properties(index, merged(above, here));
    separate();
    return index;
  }
  return flow_in_block(slot, start, above, here);
}

// s-l+flow-in-block, or a block mapping when this turns out to be its first key.
std::uint32_t Parser::flow_in_block(const Slot& slot, const Token& start, const Properties& above,
                                    const Properties& here) {
  const bool key_allowed = start.may_hold_block || slot.where == Where::document_line;
  const bool empty_key = key_allowed && at_indicator(':');
  const std::uint32_t index =
      empty_key ? null_node(pos_, {})
                : single_node(slot.n, key_allowed ? PlainIn::key_or_value : PlainIn::value);
  const std::uint32_t end = pos_;
  skip_blanks();
  if (key_allowed && at_key_colon(index)) {
    set_properties(index, here);
    return block_mapping(slot, start, above, index);
  }
  pos_ = end;
  const Properties all = merged(above, here);
  set_properties(index, all);
  if (all.any() && node(index).kind == Kind::alias) {
    flaw(FlawCode::alias_properties, all.begin(), all.end());
  }
  trailing_text();
  separate();
  if (key_allowed && key_follows(slot)) {
    if (arena_ == &tree_.skeleton) tree_.guessed = true;
    return block_mapping(slot, start, above, 0);
  }
  return index;
}

// A node that may stand within a line, without its properties: a scalar that is no block scalar,
// an alias, or a flow collection.
std::uint32_t Parser::single_node(int n, PlainIn in) {
  switch (peek()) {
    case '"':
    case '\'':
      return quoted_scalar(n);
    case '*':
      return alias_node();
    case '[':
    case '{':
      return flow_collection(n);
    default:
      return plain_scalar(n, in);
  }
}

// The `:` behind an implicit key. White space must follow; where the key is quoted or bracketed,
// the `:` is recognised without it.
bool Parser::at_key_colon(std::uint32_t key) const {
  if (peek() != ':') return false;
  const NodeData& data = arena_->nodes[key];
  return chars::is_space_or_end(peek_next()) || data.style != Style::plain;
}

// l+block-sequence, from its first `-`.
std::uint32_t Parser::block_sequence(const Slot& slot, const Properties& properties) {
  const BlockContext block{slot.n, column()};
  Collection sequence = open(Kind::sequence, Style::block, pos_);
  set_properties(sequence.node, properties);
  do {
    const Token start = token();
    const Progress progress(*this);
    check_indentation(block, start);
    Slot item{start.column, Where::item};
    if (at_indicator('-')) {
      ++pos_;
    } else {
      flaw(FlawCode::missing_dash, pos_, pos_ + 1);
      item.where = Where::undashed_item;
    }
    append(sequence, block_node(item));
  } while (next_in_block(block, Kind::sequence));
  return sequence.node;
}

// l+block-mapping, from its first entry. `first_key` is the first implicit key, when it has been
// parsed and its `:` is next; 0 to begin with parsing it.
std::uint32_t Parser::block_mapping(const Slot& slot, const Token& start,
                                    const Properties& properties, std::uint32_t first_key) {
  const BlockContext block{slot.n, start.column};
  const bool value_in_root_mapping =
      depth_ == 2 && (slot.where == Where::value || slot.where == Where::explicit_value);
  if (value_in_root_mapping) first_key = 0;
  if (first_key == 0) rewind(start.mark);
  if (!start.may_hold_block) flaw(FlawCode::block_on_same_line, start.mark.pos, pos_ + 1);
  if (value_in_root_mapping) return fragmented_mapping(block, properties);

  Collection mapping = open(Kind::mapping, Style::block, start.mark.pos);
  set_properties(mapping.node, properties);
  block_mapping_entry(block, mapping, start, first_key);
  while (next_in_block(block, Kind::mapping)) {
    const Progress progress(*this);
    block_mapping_entry(block, mapping, token(), 0);
  }
  return mapping.node;
}

// A block mapping whose entries become fragments.
std::uint32_t Parser::fragmented_mapping(BlockContext block, const Properties& properties) {
  const auto index = static_cast<std::uint32_t>(tree_.blocks.size());
  Block& data = tree_.blocks.emplace_back();
  const Collection mapping = open(Kind::mapping, Style::block, pos_);
  set_properties(mapping.node, properties);
  node(mapping.node).flags = kFragmented;
  node(mapping.node).first = index;
  data.node = mapping.node;
  data.first_fragment = static_cast<std::uint32_t>(tree_.fragments.size());
  data.parent_indent = block.n;
  data.column = block.column;
  do {
    const Progress progress(*this);
    const std::uint32_t begin = pos_;
    begin_fragment();
    Collection entry;
    block_mapping_entry(block, entry, token(), 0);
    tree_.fragments.push_back({begin, index, end_fragment()});
    NodeData& skeleton_node = node(mapping.node);
    skeleton_node.end = begin + fragment_.nodes.front().end;
    ++skeleton_node.count;
    ++data.fragment_count;
  } while (next_in_block(block, Kind::mapping));
  data.end = pos_;
  return mapping.node;
}

Parser::Alone Parser::entry_alone(std::uint32_t begin, const Block& block) {
  pos_ = begin;
  while (pos_ > 0 && !chars::is_break(text_[pos_ - 1])) --pos_;
  begin_line();
  if (pos_ != begin) return {};
  depth_ = 2;
  begin_fragment();
  Collection entry;
  Alone alone;
  alone.has_colon = block_mapping_entry({block.parent_indent, block.column}, entry, token(), 0);
  alone.arena = end_fragment();
  alone.end = pos_;
  alone.line = line_;
  return alone;
}

// ns-l-block-map-entry: c-l-block-map-explicit-entry or ns-l-block-map-implicit-entry. True when
// it is an implicit one with its `:`.
bool Parser::block_mapping_entry(BlockContext block, Collection& mapping, const Token& start,
                                 std::uint32_t first_key) {
  check_indentation(block, start);
  const int n = start.column;
  const Slot slot{n, Where::value};
  std::uint32_t key = first_key;
  if (key == 0) {
    if (at_indicator('?')) {
      explicit_entry(n, mapping);
      return false;
    }
    if (at_indicator('-')) {
      flaw(FlawCode::stray_item, pos_, pos_ + 1);
      key = null_node(pos_, {});
      append_entry(mapping, key, block_node(slot));
      return false;
    }
    key = implicit_key(n);
  }
  const std::uint32_t end = pos_;
  skip_blanks();
  if (!at_key_colon(key)) {
    pos_ = end;
    append_entry(mapping, key, missing_colon(slot, key));
    return false;
  }
  if (line_ != start.mark.line) flaw(FlawCode::multiline_key, start.mark.pos, end);
  ++pos_;
  if (!at_space_or_end()) flaw(FlawCode::space_after_colon, pos_ - 1, pos_);
  append_entry(mapping, key, block_node(slot));
  return true;
}

// c-l-block-map-explicit-entry, from its `?`.
void Parser::explicit_entry(int n, Collection& mapping) {
  ++pos_;
  const std::uint32_t key = block_node({n, Where::explicit_key});
  std::uint32_t value = 0;
  if (!stop() && column() == n && at_indicator(':')) {
    if (preceded_by_tab()) flaw(FlawCode::tab_indent, line_, pos_);
    ++pos_;
    value = block_node({n, Where::explicit_value});
  } else {
    value = null_node(end_of(key), {});
  }
  append_entry(mapping, key, value);
}

// ns-s-block-map-implicit-key with its properties, or e-node.
std::uint32_t Parser::implicit_key(int n) {
  const Properties found = properties(false);
  const std::uint32_t end = pos_;
  skip_blanks();
  std::uint32_t key = 0;
  if (at_indicator(':') || (found.any() && chars::is_break_or_end(peek()))) {
    pos_ = found.any() ? end : pos_;
    key = null_node(pos_, found);
  } else {
    key = single_node(n, PlainIn::key_only);
    set_properties(key, found);
    if (found.any() && node(key).kind == Kind::alias) {
      flaw(FlawCode::alias_properties, found.begin(), found.end());
    }
  }
  return key;
}

}  // namespace dockhand::yaml
