#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "yaml/arena.h"
#include "yaml/cursor.h"

// The parser: recursive descent over bytes, led by indentation. Internal to core/yaml.
//
// Functions are named after the productions of the YAML 1.2 specification where they have one
// there. Conventions that all of them keep:
// - They are called on the first byte of what they parse, and consume at least one byte.
// - A block node leaves the cursor on the next token, comments and line breaks skipped; a node that
//   may stand within a line leaves it right behind itself.
// - `n` is the column of the innermost block collection around, -1 outside of all.
namespace dockhand::yaml {

class Parser : private Cursor {
 public:
  // Both must outlive the parser.
  Parser(std::string_view text, TreeData& tree) : Cursor(text), tree_(tree) {
    arena_ = &tree.skeleton;
    arena_->nodes.emplace_back();
  }

  // l-yaml-stream: the whole text into the tree.
  void stream();

  // One entry of a fragmented mapping, alone.
  struct Alone {
    std::shared_ptr<const Arena> arena;
    std::uint32_t end = 0;   // The next token,
    std::uint32_t line = 0;  // and the line it is on.
    bool has_colon = false;  // The key is followed by its `:` on its line.
  };
  Alone entry_alone(std::uint32_t begin, const Block& block);

 private:
  // Where a block node stands: decides what may be written there.
  enum class Where : std::uint8_t {
    document,        // At the start of a line.
    document_line,   // Behind `---`.
    item,            // Behind `-`.
    undashed_item,   // Where a `-` is missing.
    explicit_key,    // Behind `?`.
    explicit_value,  // Behind the `:` of an explicit key.
    value,           // Behind the `:` of an implicit key.
  };
  struct Slot {
    int n = -1;
    Where where = Where::document;
  };
  struct Mark {  // Everything needed to parse again from here.
    std::uint32_t pos, line, first, shift, spaces;
    std::size_t nodes, properties, comments, flaws, anchored, aliases, handles;
  };
  struct Token {  // The first token of a block node or entry, its properties included.
    Mark mark;
    int column = 0;
    bool tab = false;             // White space in front of it holds a tab.
    bool may_hold_block = false;  // A block collection may begin here.
  };
  struct Collection {  // A collection under construction.
    std::uint32_t node = 0;
    std::uint32_t last = 0;
  };
  struct BlockContext {
    int n = -1;      // Column of the block around,
    int column = 0;  // and of this block's entries.
  };
  struct BlockHeader {
    int indent = 0;  // 0 when the content tells.
    bool keep = false;
    std::uint32_t size = 0;
  };
  enum class LineEnd : std::uint8_t { line, colon, flow };  // What ended a line of plain text.
  enum class PlainIn : std::uint8_t { value, key_or_value, key_only, flow };

  // stream.cpp
  void document(bool directives_allowed);
  void directives(DocumentData& document);
  std::string_view directive(DocumentData& document);
  void document_end_marker(DocumentData& document);

  // block.cpp
  std::uint32_t block_node(const Slot& slot);
  std::uint32_t block_content(const Slot& slot, const Token& start, const Properties& above,
                              const Properties& here);
  std::uint32_t flow_in_block(const Slot& slot, const Token& start, const Properties& above,
                              const Properties& here);
  std::uint32_t single_node(int n, PlainIn in);
  std::uint32_t block_sequence(const Slot& slot, const Properties& properties);
  std::uint32_t block_mapping(const Slot& slot, const Token& start, const Properties& properties,
                              std::uint32_t first_key);
  std::uint32_t fragmented_mapping(BlockContext block, const Properties& properties);
  bool block_mapping_entry(BlockContext block, Collection& mapping, const Token& start,
                           std::uint32_t first_key);
  void explicit_entry(int n, Collection& mapping);
  std::uint32_t implicit_key(int n);
  bool inside(const Slot& slot) const;
  bool may_hold_block(const Slot& slot) const;
  bool at_key_colon(std::uint32_t key) const;
  Token token() const;

  // recovery.cpp: each of the rules by which a broken text keeps its structure.
  bool next_in_block(BlockContext block, Kind kind) const;
  void check_indentation(BlockContext block, const Token& start);
  bool key_follows(const Slot& slot) const;
  bool key_ahead() const;
  std::uint32_t missing_colon(const Slot& slot, std::uint32_t key);
  void second_colon();
  bool quote_left_open(int n) const;
  bool flow_goes_on(int n);
  void unclosed_flow(const Collection& collection);
  bool misplaced_bracket(const Collection& collection);
  void trailing_text();
  bool badly_indented_text(int n) const;
  std::uint32_t too_deep_block(const Slot& slot);
  std::uint32_t too_deep_flow(int n);

  // flow.cpp
  std::uint32_t flow_node(int n);
  std::uint32_t flow_collection(int n);
  void flow_sequence_entry(int n, Collection& sequence);
  void flow_mapping_entry(int n, Collection& mapping);
  std::uint32_t flow_key(int n);
  std::uint32_t flow_value(int n);
  bool at_flow_colon(std::uint32_t key) const;
  bool at_flow_indicator(char c) const;

  // scalar.cpp
  std::uint32_t plain_scalar(int n, PlainIn in);
  LineEnd plain_line(std::uint32_t from, bool in_flow);
  bool plain_lines(int n, bool in_flow);
  std::optional<LineEnd> plain_next_line(int n, bool in_flow);
  std::uint32_t quoted_scalar(int n);
  bool quoted_line(char quote, std::uint8_t& flags);
  void escape();
  std::uint32_t block_scalar(int n);
  BlockHeader block_scalar_header();
  Properties properties(bool in_flow);
  Range anchor_property();
  void anchor_name(std::uint32_t indicator);
  Range tag_property(bool in_flow);
  std::uint32_t alias_node();

  // tree_building.cpp
  std::uint32_t add(Kind kind, Style style, std::uint32_t begin, std::uint32_t end);
  std::uint32_t null_node(std::uint32_t position, const Properties& properties);
  Collection open(Kind kind, Style style, std::uint32_t begin);
  void append(Collection& collection, std::uint32_t child);
  void append_entry(Collection& mapping, std::uint32_t key, std::uint32_t value);
  void set_properties(std::uint32_t node, const Properties& properties);
  Properties merged(const Properties& first, const Properties& second);
  void flaw(FlawCode code, std::uint32_t begin, std::uint32_t end);
  void begin_fragment();
  std::shared_ptr<const Arena> end_fragment();
  void return_to(const Cursor& before) { static_cast<Cursor&>(*this) = before; }
  Mark mark() const;
  void rewind(const Mark& mark);
  void separate();
  void comment();
  bool preceded_by_tab() const;
  std::uint32_t hole() const;
  NodeData& node(std::uint32_t index) { return arena_->nodes[index]; }
  std::uint32_t begin_of(std::uint32_t index) { return node(index).begin + base_; }
  std::uint32_t end_of(std::uint32_t index) { return node(index).end + base_; }

  TreeData& tree_;
  Arena* arena_ = nullptr;  // What nodes are added to: the skeleton or fragment_,
  std::uint32_t base_ = 0;  // with positions relative to this.
  Arena fragment_;          // Kept between fragments for its memory.
  int depth_ = 0;
  int open_brackets_ = 0;
  int open_braces_ = 0;
};

}  // namespace dockhand::yaml
