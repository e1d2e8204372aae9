#include "yaml/parser.h"

// How the parser's functions put nodes, properties, comments and flaws into the arena.
namespace dockhand::yaml {

std::uint32_t Parser::add(Kind kind, Style style, std::uint32_t begin, std::uint32_t end) {
  const auto index = static_cast<std::uint32_t>(arena_->nodes.size());
  NodeData& data = arena_->nodes.emplace_back();
  data.begin = begin - base_;
  data.end = end - base_;
  data.kind = kind;
  data.style = style;
  return index;
}

std::uint32_t Parser::null_node(std::uint32_t position, const Properties& properties) {
  const std::uint32_t index = add(Kind::null, Style::plain, position, position);
  set_properties(index, properties);
  return index;
}

Parser::Collection Parser::open(Kind kind, Style style, std::uint32_t begin) {
  return {add(kind, style, begin, begin), 0};
}

void Parser::append(Collection& collection, std::uint32_t child) {
  NodeData& parent = node(collection.node);
  node(child).parent = collection.node;
  if (collection.last == 0) {
    parent.first = child;
  } else {
    node(collection.last).next = child;
  }
  collection.last = child;
  if (parent.kind == Kind::sequence) ++parent.count;
  if (parent.end < node(child).end) parent.end = node(child).end;
}

void Parser::append_entry(Collection& mapping, std::uint32_t key, std::uint32_t value) {
  append(mapping, key);
  append(mapping, value);
  ++node(mapping.node).count;
}

void Parser::set_properties(std::uint32_t index, const Properties& properties) {
  if (!properties.any()) return;
  const auto relative = [this](Range range) {
    return range.empty() ? Range{} : Range{range.begin - base_, range.end - base_};
  };
  arena_->properties.push_back({relative(properties.anchor), relative(properties.tag)});
  node(index).properties = static_cast<std::uint32_t>(arena_->properties.size());
  if (!properties.anchor.empty()) arena_->anchored.push_back(index);
}

// A node has one anchor and one tag at most: the first is kept.
Properties Parser::merged(const Properties& first, const Properties& second) {
  Properties both = first;
  if (!second.anchor.empty()) {
    if (both.anchor.empty()) {
      both.anchor = second.anchor;
    } else {
      flaw(FlawCode::repeated_anchor, second.anchor.begin, second.anchor.end);
    }
  }
  if (!second.tag.empty()) {
    if (both.tag.empty()) {
      both.tag = second.tag;
    } else {
      flaw(FlawCode::repeated_tag, second.tag.begin, second.tag.end);
    }
  }
  return both;
}

void Parser::flaw(FlawCode code, std::uint32_t begin, std::uint32_t end) {
  std::vector<Flaw>& flaws = arena_->flaws;
  const Range range{begin - base_, end - base_};
  if (flaws.size() > kMaxFindings) return;
  if (!flaws.empty() && flaws.back().code == code && flaws.back().range == range) return;
  flaws.push_back({code, range});
}

void Parser::begin_fragment() {
  fragment_.nodes.clear();
  fragment_.properties.clear();
  fragment_.comments.clear();
  fragment_.flaws.clear();
  fragment_.anchored.clear();
  fragment_.aliases.clear();
  fragment_.tag_handles.clear();
  fragment_.nodes.emplace_back();
  arena_ = &fragment_;
  base_ = pos_;
}

std::shared_ptr<const Arena> Parser::end_fragment() {
  arena_ = &tree_.skeleton;
  base_ = 0;
  return std::make_shared<const Arena>(fragment_);
}

Parser::Mark Parser::mark() const {
  return {pos_,
          line_,
          first_,
          shift_,
          spaces_,
          arena_->nodes.size(),
          arena_->properties.size(),
          arena_->comments.size(),
          arena_->flaws.size(),
          arena_->anchored.size(),
          arena_->aliases.size(),
          arena_->tag_handles.size()};
}

void Parser::rewind(const Mark& mark) {
  pos_ = mark.pos;
  line_ = mark.line;
  first_ = mark.first;
  shift_ = mark.shift;
  spaces_ = mark.spaces;
  arena_->nodes.resize(mark.nodes);
  arena_->properties.resize(mark.properties);
  arena_->comments.resize(mark.comments);
  arena_->flaws.resize(mark.flaws);
  arena_->anchored.resize(mark.anchored);
  arena_->aliases.resize(mark.aliases);
  arena_->tag_handles.resize(mark.handles);
}

// s-separate, s-l-comments: to the next token, over blanks, comments and line breaks. A `#` right
// behind a token is no comment.
void Parser::separate() {
  for (;;) {
    skip_blanks();
    if (peek() == '#' && (fresh() || chars::is_blank(text_[pos_ - 1]))) comment();
    if (!chars::is_break(peek())) return;
    next_line();
  }
}

// c-nb-comment-text.
void Parser::comment() {
  const std::uint32_t begin = pos_;
  skip_to_line_end();
  arena_->comments.push_back({begin - base_, pos_ - base_});
}

bool Parser::preceded_by_tab() const {
  for (std::uint32_t i = pos_; i > line_ && chars::is_blank(text_[i - 1]); --i) {
    if (text_[i - 1] == '\t') return true;
  }
  return false;
}

// Where a value would be typed that is missing behind the indicator just passed.
std::uint32_t Parser::hole() const { return peek() == ' ' ? pos_ + 1 : pos_; }

Parser::Token Parser::token() const { return {mark(), column(), preceded_by_tab(), false}; }

}  // namespace dockhand::yaml
