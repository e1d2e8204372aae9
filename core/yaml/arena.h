#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "yaml/flaw.h"
#include "yaml/tree.h"

// How a Tree is kept: compact nodes in arenas. Internal to core/yaml.
//
// The skeleton is the arena of the whole text; positions in it are absolute. The entries of a
// mapping that is itself a value in a document's root mapping are fragments: an arena each, with
// positions relative to the entry's first byte, so that an edit elsewhere leaves them as they are.
namespace dockhand::yaml {

inline constexpr std::uint8_t kVerbatim = 1;      // text() is source(), quotes removed.
inline constexpr std::uint8_t kUnterminated = 2;  // The closing quote is missing.
inline constexpr std::uint8_t kFragmented = 4;    // The entries are fragments of the tree.

// Index 0 of an arena is its holder: the parent of the documents' roots in the skeleton, of the
// key and the value in a fragment. As a link, 0 means none.
struct NodeData {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  std::uint32_t parent = 0;
  std::uint32_t next = 0;   // The next child of the same parent; keys and values alternate.
  std::uint32_t first = 0;  // First child; of a kFragmented mapping its index in TreeData::blocks;
                            // of a block scalar the column of its content.
  std::uint32_t count = 0;  // Items or entries.
  std::uint32_t properties = 0;  // Index in Arena::properties plus one; 0 for none.
  Kind kind = Kind::null;
  Style style = Style::plain;
  std::uint8_t flags = 0;
};

struct Properties {
  Range anchor;  // `&` included; empty when there is none.
  Range tag;     // Empty when there is none.

  bool any() const { return !anchor.empty() || !tag.empty(); }
  std::uint32_t begin() const {
    if (anchor.empty()) return tag.begin;
    return tag.empty() || anchor.begin < tag.begin ? anchor.begin : tag.begin;
  }
  std::uint32_t end() const { return anchor.end > tag.end ? anchor.end : tag.end; }
};

struct Arena {
  std::vector<NodeData> nodes;
  std::vector<Properties> properties;
  std::vector<Range> comments;
  std::vector<Flaw> flaws;
  // Nodes whose soundness depends on the rest of the document, checked when findings are asked for.
  std::vector<std::uint32_t> anchored;  // Nodes with an anchor.
  std::vector<std::uint32_t> aliases;
  std::vector<Range> tag_handles;  // `!name!` of tags that need a %TAG directive.
};

// A mapping whose entries are fragments.
struct Block {
  std::uint32_t node = 0;            // In the skeleton.
  std::uint32_t first_fragment = 0;  // Its fragments are [first, first + count).
  std::uint32_t fragment_count = 0;
  std::uint32_t end = 0;  // Where the parser stood after the last entry: the next token.
  int parent_indent = 0;
  int column = 0;
};

struct Fragment {
  std::uint32_t begin = 0;  // Of the entry's first byte; the fragment reaches to the next entry.
  std::uint32_t block = 0;  // Index in TreeData::blocks.
  std::shared_ptr<const Arena> arena;
};

struct DocumentData {
  std::uint32_t root = 0;
  std::uint32_t begin = 0;
  DocumentMarks marks;
};

// One anchored node of the whole text.
struct Anchor {
  std::string_view name;
  std::uint32_t document = 0;
  std::uint32_t begin = 0;  // Absolute, of the `&`.
  std::uint32_t fragment = 0;
  std::uint32_t node = 0;
};

struct TreeData {
  std::string text;
  Arena skeleton;
  std::vector<Fragment> fragments;  // In file order. Node::fragment_ is the index plus one.
  std::vector<Block> blocks;
  std::vector<DocumentData> documents;
  std::vector<Flaw> bytes;  // Bytes that are no text, found before parsing; absolute.
  // A node of the skeleton was taken for a key because of a later line, which may lie in a
  // fragment: then no entry is parsed alone.
  bool guessed = false;

  const Arena& arena(std::uint32_t fragment) const {
    return fragment == 0 ? skeleton : *fragments[fragment - 1].arena;
  }
  std::uint32_t base(std::uint32_t fragment) const {
    return fragment == 0 ? 0 : fragments[fragment - 1].begin;
  }
  // The document that an offset lies in.
  std::uint32_t document_at(std::uint32_t offset) const;

  // All anchors by name, then by position. Made when first asked for.
  const std::vector<Anchor>& anchors() const;
  // The last anchor of that name in front of an offset, if need be in an earlier document, because
  // Compose's YAML library looks there too; null for none.
  const Anchor* find_anchor(std::string_view name, std::uint32_t before) const;

 private:
  mutable std::once_flag anchors_made_;
  mutable std::vector<Anchor> anchors_;
};

inline std::uint32_t shifted(std::uint32_t position, std::uint32_t base) { return position + base; }
inline Range shifted(Range range, std::uint32_t base) {
  return {range.begin + base, range.end + base};
}

}  // namespace dockhand::yaml
