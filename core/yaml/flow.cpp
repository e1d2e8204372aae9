#include <algorithm>

#include "yaml/parser.h"

// Flow collections: brackets and braces.
namespace dockhand::yaml {

// An indicator that in a flow collection may be followed by one of its brackets and commas too.
bool Parser::at_flow_indicator(char c) const {
  return peek() == c && chars::is(peek_next(), chars::kSpaceOrEnd | chars::kFlow);
}

// The `:` behind a key. Behind a quoted or bracketed key it needs no white space.
bool Parser::at_flow_colon(std::uint32_t key) const {
  if (peek() != ':') return false;
  return at_flow_indicator(':') || arena_->nodes[key].style != Style::plain;
}

// ns-flow-node with its properties. An empty one is a null node; nothing is consumed then.
std::uint32_t Parser::flow_node(int n) {
  Properties all;
  std::uint32_t end = pos_;
  bool goes_on = true;
  while (goes_on) {
    const Properties found = properties(true);
    if (!found.any()) break;
    all = merged(all, found);
    end = pos_;
    goes_on = flow_goes_on(n);
  }
  const char c = peek();
  if (!goes_on || c == ',' || c == ']' || c == '}' || at_flow_indicator(':')) {
    return null_node(end, all);
  }
  const std::uint32_t index = single_node(n, PlainIn::flow);
  set_properties(index, all);
  if (all.any() && node(index).kind == Kind::alias) {
    flaw(FlawCode::alias_properties, all.begin(), all.end());
  }
  return index;
}

// c-flow-sequence and c-flow-mapping.
std::uint32_t Parser::flow_collection(int n) {
  if (depth_ >= kMaxDepth) return too_deep_flow(n);
  ++depth_;
  const bool sequence = peek() == '[';
  int& open_count = sequence ? open_brackets_ : open_braces_;
  Collection collection = open(sequence ? Kind::sequence : Kind::mapping, Style::flow, pos_);
  ++pos_;
  node(collection.node).end = pos_ - base_;
  const int brackets = open_brackets_;
  const int braces = open_braces_;
  bool needs_comma = false;
  for (;;) {
    if (!flow_goes_on(n)) {
      unclosed_flow(collection);
      break;
    }
    const char c = peek();
    if (c == (sequence ? ']' : '}')) {
      ++pos_;
      node(collection.node).end = pos_ - base_;
      break;
    }
    if (c == ']' || c == '}') {
      if (misplaced_bracket(collection)) break;
      continue;
    }
    const Progress progress(*this);
    if (c == ',') {
      if (!needs_comma) flaw(FlawCode::extra_comma, pos_, pos_ + 1);
      needs_comma = false;
      ++pos_;
      node(collection.node).end = pos_ - base_;
      continue;
    }
    if (needs_comma) flaw(FlawCode::missing_comma, pos_, pos_ + 1);
    needs_comma = true;
    ++open_count;
    if (sequence) {
      flow_sequence_entry(n, collection);
    } else {
      flow_mapping_entry(n, collection);
    }
    open_brackets_ = brackets;
    open_braces_ = braces;
  }
  --depth_;
  return collection.node;
}

// ns-flow-seq-entry: a node, or one pair that makes a mapping of its own.
void Parser::flow_sequence_entry(int n, Collection& sequence) {
  const std::uint32_t begin = pos_;
  const std::uint32_t line = line_;
  const bool explicit_key = at_flow_indicator('?');
  const std::uint32_t key = flow_key(n);
  const std::uint32_t end = pos_;
  const bool has_value = flow_goes_on(n) && at_flow_colon(key);
  if (!explicit_key && !has_value) {
    append(sequence, key);
    return;
  }
  if (!explicit_key && line_ != line) flaw(FlawCode::multiline_key, begin, end);
  Collection pair = open(Kind::mapping, Style::flow, begin);
  append_entry(pair, key, has_value ? flow_value(n) : null_node(end_of(key), {}));
  append(sequence, pair.node);
}

// ns-flow-map-entry.
void Parser::flow_mapping_entry(int n, Collection& mapping) {
  const std::uint32_t key = flow_key(n);
  const bool has_value = flow_goes_on(n) && at_flow_colon(key);
  append_entry(mapping, key, has_value ? flow_value(n) : null_node(end_of(key), {}));
}

// The key of an entry, with its `?` if it has one.
std::uint32_t Parser::flow_key(int n) {
  if (!at_flow_indicator('?')) return flow_node(n);
  ++pos_;
  const std::uint32_t missing = pos_;
  return flow_goes_on(n) ? flow_node(n) : null_node(missing, {});
}

// From the `:`.
std::uint32_t Parser::flow_value(int n) {
  ++pos_;
  const std::uint32_t missing = hole();
  if (!flow_goes_on(n)) return null_node(missing, {});
  const char c = peek();
  if (c == ',' || c == ']' || c == '}') return null_node(std::min(missing, pos_), {});
  if (at_flow_indicator(':')) return plain_scalar(n, PlainIn::flow);
  return flow_node(n);
}

}  // namespace dockhand::yaml
