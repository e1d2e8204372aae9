#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "base/range.h"

// A YAML 1.2 syntax tree that survives everything: whatever bytes it is given, parsing yields a
// tree and a list of findings. It keeps the byte range of every node, comments, anchors, aliases,
// tags and styles, so that one tree serves the Compose model and the editor alike. Scalars stay
// raw: what `010` or `yes` means is decided by the reader (core/compose), not here.
//
// A Tree is immutable and cheap to copy; any number of threads may read it. A Node is a view that
// lives as long as any copy of its Tree does.
//
// Inside, every entry of a mapping that is a value in the root mapping (one service, one network,
// …) is a fragment of its own with positions relative to its start. Tree::edit() parses only the
// fragment that an edit falls into and shares all others; users never see fragments except as
// speed.
namespace dockhand::yaml {

enum class Kind : std::uint8_t { null, scalar, sequence, mapping, alias };
enum class Style : std::uint8_t {
  plain,
  single_quoted,
  double_quoted,
  literal,
  folded,
  block,
  flow
};

// Nodes nested deeper than this become null nodes with a finding. The mapping that a lone pair in
// brackets is, as in `[a: b]`, is not counted.
inline constexpr int kMaxDepth = 256;
// Larger texts are not parsed: the tree is empty and has one finding.
inline constexpr std::size_t kMaxTextSize = std::size_t{256} << 20;
// At most this many findings are kept for one text; the last one says that there are more.
inline constexpr std::size_t kMaxFindings = 1000;

class Entries;
class Items;
class NodeAccess;
struct Entry;
struct TreeData;  // What a Tree holds (yaml/arena.h).

// One node of a Tree, or nothing. Every accessor is safe on nothing and then yields nothing.
class Node {
 public:
  Node() = default;

  explicit operator bool() const { return tree_ != nullptr; }
  friend bool operator==(const Node&, const Node&) = default;

  Kind kind() const;
  Style style() const;
  bool is_mapping() const { return *this && kind() == Kind::mapping; }
  bool is_sequence() const { return *this && kind() == Kind::sequence; }
  bool is_scalar() const { return *this && kind() == Kind::scalar; }
  bool is_null() const { return *this && kind() == Kind::null; }
  bool is_alias() const { return *this && kind() == Kind::alias; }

  // The node's content: quotes, brackets and block indicators included; anchor and tag not. A
  // missing value has an empty range where it would be typed.
  Range range() const;
  // The same with the anchor and the tag in front of it.
  Range full_range() const;
  // The bytes of range().
  std::string_view source() const;

  // A scalar's value: escapes decoded, lines folded, quotes and indicators gone. Empty for nothing,
  // for null and for collections; the anchor's name for an alias.
  std::string text() const;

  std::string_view anchor() const;  // Without `&`; empty when there is none.
  Range anchor_range() const;       // `&` included.
  std::string_view tag()
      const;  // As written, `!` included (`!reset`, `!!str`); empty when there is none.
  Range tag_range() const;

  // A sequence's items; none for other kinds.
  Items items() const;
  // A mapping's entries in file order, duplicates and `<<` included; none for other kinds.
  Entries entries() const;
  // The first entry whose key is a scalar with this text; aliases and merges are not followed.
  Entry entry(std::string_view key) const;
  // The value of entry(key).
  Node find(std::string_view key) const;
  std::size_t size() const;  // Items or entries; 0 for other kinds.

  // The collection that holds this node, as key, value or item; nothing for a document's root.
  Node parent() const;

  // The node an alias stands for: the last one anchored under that name before the alias, followed
  // through aliases of aliases. The node itself when it is no alias; nothing when the name is not
  // anchored. Never the alias's own ancestor.
  Node resolved() const;

 private:
  friend class Tree;
  friend class NodeAccess;
  Node(const TreeData* tree, std::uint32_t fragment, std::uint32_t index)
      : tree_(tree), fragment_(fragment), index_(index) {}

  const TreeData* tree_ = nullptr;
  std::uint32_t fragment_ = 0;  // 0 is the skeleton that holds the fragments.
  std::uint32_t index_ = 0;
};

struct Entry {
  Node key;
  Node value;

  explicit operator bool() const { return static_cast<bool>(key); }
  // From the key's first byte to the value's last.
  Range range() const;
};

struct Comment {
  Range range;  // `#` included, line end not.
};

// How a document is marked off in the text.
struct DocumentMarks {
  Range start;  // `---`; empty, and where the document begins, when it is not written.
  Range end;    // `...`; empty, and where the document ends, when it is not written.
  std::vector<Range> directives;  // `%YAML 1.2`, without comment and line end.
};

struct Edit {
  Range range;            // Bytes of the old text that go,
  std::string_view text;  // and what comes in their place.
};

class Tree {
 public:
  // The tree of an empty text.
  Tree();

  // Never fails, never throws, and takes time and memory linear in the size of the text. A
  // leading byte order mark is skipped; positions count it. Text that is not UTF-8 (another
  // encoding, a binary file) gives an empty tree with one finding.
  static Tree parse(std::string text);

  // The tree of the text after the edit: equal to parse() of that text, node for node and finding
  // for finding, but made in time proportional to the entry that was edited when the edit lies
  // within one. Ranges beyond the text are clamped.
  Tree edit(const Edit& edit) const;

  const std::string& text() const;

  // The root nodes of the documents in the text; at least one (a null node for an empty text).
  std::vector<Node> documents() const;
  // The first document's root.
  Node root() const;
  // The marks of each of documents().
  std::vector<DocumentMarks> marks() const;

  // The deepest node whose full range touches the offset (see Range::touches()); where two do, the
  // one that begins there. The innermost collection around it when it lies between entries;
  // nothing when it lies outside all documents.
  Node at(std::uint32_t offset) const;

  // Comments and findings in file order, positions absolute.
  std::vector<Comment> comments() const;
  std::vector<Finding> findings() const;

  // Bytes that this tree holds, fragments shared with others included, the text not.
  std::size_t memory() const;

 private:
  explicit Tree(std::shared_ptr<const TreeData> data) : data_(std::move(data)) {}

  std::shared_ptr<const TreeData> data_;
};

}  // namespace dockhand::yaml

#include "yaml/iterate.h"
