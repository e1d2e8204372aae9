#include "yaml/tree.h"

#include <algorithm>
#include <string>
#include <utility>

#include "yaml/arena.h"
#include "yaml/decode.h"
#include "yaml/node_access.h"

namespace dockhand::yaml {

namespace {

// A chain of aliases to anchored aliases is not YAML; this many are followed all the same.
constexpr int kMaxAliasHops = 16;

}  // namespace

const NodeData* NodeAccess::data(Node node) {
  return node ? &node.tree_->arena(node.fragment_).nodes[node.index_] : nullptr;
}

const Properties* NodeAccess::properties(Node node) {
  const NodeData* data = NodeAccess::data(node);
  if (data == nullptr || data->properties == 0) return nullptr;
  return &node.tree_->arena(node.fragment_).properties[data->properties - 1];
}

Range NodeAccess::shift(Node node, Range range) {
  return shifted(range, node.tree_->base(node.fragment_));
}

Node NodeAccess::make(const TreeData& tree, std::uint32_t fragment, std::uint32_t index) {
  return index == 0 ? Node() : Node(&tree, fragment, index);
}

Node NodeAccess::first_child(Node node) {
  const NodeData* data = NodeAccess::data(node);
  if (data == nullptr || (data->kind != Kind::mapping && data->kind != Kind::sequence)) return {};
  if ((data->flags & kFragmented) == 0) return make(*node.tree_, node.fragment_, data->first);
  return entry_of_fragment(*node.tree_, node.tree_->blocks[data->first].first_fragment);
}

Node NodeAccess::entry_of_fragment(const TreeData& tree, std::uint32_t fragment) {
  return make(tree, fragment + 1, tree.fragments[fragment].arena->nodes.front().first);
}

Node NodeAccess::next_child(Node node) {
  const NodeData* data = NodeAccess::data(node);
  if (data == nullptr) return {};
  const TreeData& tree = *node.tree_;
  if (data->next != 0) return make(tree, node.fragment_, data->next);
  if (node.fragment_ == 0 || data->parent != 0) return {};
  const std::uint32_t next = node.fragment_;  // The fragment behind this one.
  if (next >= tree.fragments.size()) return {};
  if (tree.fragments[next].block != tree.fragments[next - 1].block) return {};
  return entry_of_fragment(tree, next);
}

Kind Node::kind() const {
  const NodeData* data = NodeAccess::data(*this);
  return data == nullptr ? Kind::null : data->kind;
}

Style Node::style() const {
  const NodeData* data = NodeAccess::data(*this);
  return data == nullptr ? Style::plain : data->style;
}

Range Node::range() const {
  const NodeData* data = NodeAccess::data(*this);
  return data == nullptr ? Range{} : NodeAccess::shift(*this, {data->begin, data->end});
}

Range Node::full_range() const {
  Range range = this->range();
  if (const Properties* properties = NodeAccess::properties(*this)) {
    const Range before = NodeAccess::shift(*this, {properties->begin(), properties->end()});
    range.begin = std::min(range.begin, before.begin);
  }
  return range;
}

std::string_view Node::source() const {
  if (!*this) return {};
  const Range range = this->range();
  return std::string_view(tree_->text).substr(range.begin, range.size());
}

std::string Node::text() const {
  const NodeData* data = NodeAccess::data(*this);
  if (data == nullptr) return {};
  if (data->kind == Kind::alias) return std::string(source().substr(1));
  if (data->kind != Kind::scalar) return {};
  return decode_scalar(*data, source(), std::string_view(tree_->text).substr(range().end));
}

std::string_view Node::anchor() const {
  const Range range = anchor_range();
  if (range.empty()) return {};
  return std::string_view(tree_->text).substr(range.begin + 1, range.size() - 1);
}

Range Node::anchor_range() const {
  const Properties* properties = NodeAccess::properties(*this);
  if (properties == nullptr || properties->anchor.empty()) return {};
  return NodeAccess::shift(*this, properties->anchor);
}

std::string_view Node::tag() const {
  const Range range = tag_range();
  return range.empty() ? std::string_view()
                       : std::string_view(tree_->text).substr(range.begin, range.size());
}

Range Node::tag_range() const {
  const Properties* properties = NodeAccess::properties(*this);
  if (properties == nullptr || properties->tag.empty()) return {};
  return NodeAccess::shift(*this, properties->tag);
}

Items Node::items() const { return Items(*this); }

Entries Node::entries() const { return Entries(*this); }

Entry Node::entry(std::string_view key) const {
  for (const Entry entry : entries()) {
    const NodeData* data = NodeAccess::data(entry.key);
    if (data->kind != Kind::scalar) continue;
    if (data->style == Style::plain && (data->flags & kVerbatim) != 0) {
      if (entry.key.source() == key) return entry;
    } else if (entry.key.text() == key) {
      return entry;
    }
  }
  return {};
}

Node Node::find(std::string_view key) const { return entry(key).value; }

std::size_t Node::size() const {
  const NodeData* data = NodeAccess::data(*this);
  return data == nullptr ? 0 : data->count;
}

Node Node::parent() const {
  const NodeData* data = NodeAccess::data(*this);
  if (data == nullptr) return {};
  if (data->parent != 0) return Node(tree_, fragment_, data->parent);
  if (fragment_ == 0) return {};
  return Node(tree_, 0, tree_->blocks[tree_->fragments[fragment_ - 1].block].node);
}

Node Node::resolved() const {
  Node node = *this;
  for (int hops = 0; hops < kMaxAliasHops && node.is_alias(); ++hops) {
    const std::uint32_t begin = node.range().begin;
    const Anchor* anchor = tree_->find_anchor(node.source().substr(1), begin);
    if (anchor == nullptr) return {};
    const Node target(tree_, anchor->fragment, anchor->node);
    if (target.range().contains(begin)) return {};
    node = target;
  }
  return node.is_alias() ? Node() : node;
}

Range Entry::range() const {
  if (!key) return {};
  return {key.full_range().begin, std::max(key.range().end, value.range().end)};
}

Items::Items(Node sequence)
    : Children(sequence.is_sequence() ? NodeAccess::first_child(sequence) : Node(),
               sequence.is_sequence() ? sequence.size() : 0) {}

Entries::Entries(Node mapping)
    : Children(mapping.is_mapping() ? NodeAccess::first_child(mapping) : Node(),
               mapping.is_mapping() ? mapping.size() : 0) {}

template <>
Node Children<Node>::Iterator::operator*() const {
  return node_;
}

template <>
Children<Node>::Iterator& Children<Node>::Iterator::operator++() {
  node_ = NodeAccess::next_child(node_);
  return *this;
}

template <>
Entry Children<Entry>::Iterator::operator*() const {
  return {node_, NodeAccess::next_child(node_)};
}

template <>
Children<Entry>::Iterator& Children<Entry>::Iterator::operator++() {
  node_ = NodeAccess::next_child(NodeAccess::next_child(node_));
  return *this;
}

Tree::Tree() : Tree(parse({})) {}

const std::string& Tree::text() const { return data_->text; }

std::vector<Node> Tree::documents() const {
  std::vector<Node> roots;
  roots.reserve(data_->documents.size());
  for (const DocumentData& document : data_->documents) {
    roots.push_back(NodeAccess::make(*data_, 0, document.root));
  }
  return roots;
}

Node Tree::root() const { return NodeAccess::make(*data_, 0, data_->documents.front().root); }

std::vector<DocumentMarks> Tree::marks() const {
  std::vector<DocumentMarks> marks;
  marks.reserve(data_->documents.size());
  for (const DocumentData& document : data_->documents) marks.push_back(document.marks);
  return marks;
}

Node Tree::at(std::uint32_t offset) const {
  Node found;
  for (const Node root : documents()) {
    if (root.full_range().touches(offset)) found = root;
    if (root.full_range().begin >= offset) break;
  }
  while (found) {
    Node inner;
    for (Node child = NodeAccess::first_child_near(found, offset); child;
         child = NodeAccess::next_child(child)) {
      const Range range = child.full_range();
      if (range.begin > offset) break;
      if (range.touches(offset)) inner = child;
    }
    if (!inner) return found;
    found = inner;
  }
  return found;
}

std::vector<Comment> Tree::comments() const {
  std::vector<Comment> comments;
  const auto add = [&comments](const Arena& arena, std::uint32_t base) {
    for (const Range range : arena.comments) comments.push_back({shifted(range, base)});
  };
  add(data_->skeleton, 0);
  for (const Fragment& fragment : data_->fragments) add(*fragment.arena, fragment.begin);
  std::sort(comments.begin(), comments.end(),
            [](const Comment& a, const Comment& b) { return a.range.begin < b.range.begin; });
  return comments;
}

namespace {

template <class T>
std::size_t bytes(const std::vector<T>& vector) {
  return vector.capacity() * sizeof(T);
}

std::size_t memory_of(const Arena& arena) {
  return sizeof(Arena) + bytes(arena.nodes) + bytes(arena.properties) + bytes(arena.comments) +
         bytes(arena.flaws) + bytes(arena.anchored) + bytes(arena.aliases) +
         bytes(arena.tag_handles);
}

}  // namespace

std::size_t Tree::memory() const {
  std::size_t total = sizeof(TreeData) + memory_of(data_->skeleton) + bytes(data_->fragments) +
                      bytes(data_->blocks) + bytes(data_->documents) + bytes(data_->bytes);
  for (const Fragment& fragment : data_->fragments) total += memory_of(*fragment.arena);
  for (const DocumentData& document : data_->documents) total += bytes(document.marks.directives);
  return total;
}

// Skips the fragments that end before the offset.
Node NodeAccess::first_child_near(Node node, std::uint32_t offset) {
  const NodeData* data = NodeAccess::data(node);
  if ((data->flags & kFragmented) == 0) return first_child(node);
  const TreeData& tree = *node.tree_;
  const Block& block = tree.blocks[data->first];
  const auto begin = tree.fragments.begin() + block.first_fragment;
  const auto after =
      std::upper_bound(begin, begin + block.fragment_count, offset,
                       [](std::uint32_t at, const Fragment& f) { return at < f.begin; });
  const auto index = static_cast<std::uint32_t>(after - tree.fragments.begin());
  return entry_of_fragment(tree, std::max(index, block.first_fragment + 1) - 1);
}

}  // namespace dockhand::yaml
