#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/unicode.h"
#include "yaml/arena.h"
#include "yaml/parser.h"
#include "yaml/tree.h"

// Where trees come from: a whole text, or a tree and an edit.
namespace dockhand::yaml {

namespace {

// Bytes that are no text. True when the text is none at all: another encoding or a binary file.
bool check_bytes(std::string_view text, std::vector<Flaw>& flaws) {
  const auto note = [&flaws](FlawCode code, std::uint32_t at) {
    if (flaws.size() <= kMaxFindings) flaws.push_back({code, {at, at + 1}});
  };
  std::size_t invalid = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= ' ' && c < 0x80) {
      ++i;
      continue;
    }
    const auto at = static_cast<std::uint32_t>(i);
    if (c == 0) return true;
    if (c < ' ') {
      const bool allowed = c == '\t' || c == '\n' || c == '\r';
      if (!allowed) note(FlawCode::control_character, at);
      ++i;
      continue;
    }
    const Decoded decoded = decode_utf8(text.substr(i));
    if (decoded.size == 1) {
      ++invalid;
      note(FlawCode::invalid_byte, at);
    }
    i += decoded.size;
  }
  constexpr std::size_t kFewInvalid = 8;
  return invalid > kFewInvalid && invalid > text.size() / 10;
}

std::shared_ptr<const TreeData> refused(FlawCode why, std::string text) {
  auto data = std::make_shared<TreeData>();
  Parser(std::string_view(""), *data).stream();
  data->bytes.push_back({why, {0, 0}});
  data->text = std::move(text);
  return data;
}

std::shared_ptr<const TreeData> parse_all(std::string text) {
  if (text.size() > kMaxTextSize) return refused(FlawCode::too_large, std::move(text));
  std::vector<Flaw> bytes;
  if (check_bytes(text, bytes)) return refused(FlawCode::encoding, std::move(text));
  auto data = std::make_shared<TreeData>();
  data->text = std::move(text);
  data->bytes = std::move(bytes);
  Parser(data->text, *data).stream();
  return data;
}

// Moves what lies at or behind `from` by `by` bytes.
struct Shift {
  std::uint32_t from;
  std::uint32_t by;  // Modulo 2^32: a text that shrinks moves backwards.

  void operator()(std::uint32_t& position) const {
    if (position >= from) position += by;
  }
  void operator()(Range& range) const {
    (*this)(range.begin);
    (*this)(range.end);
  }
  void operator()(Arena& arena) const {
    for (NodeData& node : arena.nodes) {
      (*this)(node.begin);
      (*this)(node.end);
    }
    for (Properties& properties : arena.properties) {
      (*this)(properties.anchor);
      (*this)(properties.tag);
    }
    for (Range& comment : arena.comments) (*this)(comment);
    for (Flaw& flaw : arena.flaws) (*this)(flaw.range);
    for (Range& handle : arena.tag_handles) (*this)(handle);
  }
  void operator()(DocumentData& document) const {
    (*this)(document.begin);
    (*this)(document.marks.start);
    (*this)(document.marks.end);
    for (Range& directive : document.marks.directives) (*this)(directive);
  }
};

std::uint32_t line_begin(std::string_view text, std::uint32_t offset) {
  while (offset > 0 && !chars::is_break(text[offset - 1])) --offset;
  return offset;
}

// What stands in front of an entry looks no further than such a character.
bool is_ordinary(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The mapping that an entry is the last of ends with it, and so may the document's root around it.
void fit_to_last_entry(TreeData& tree, std::uint32_t fragment) {
  std::vector<NodeData>& nodes = tree.skeleton.nodes;
  NodeData& mapping = nodes[tree.blocks[tree.fragments[fragment].block].node];
  mapping.end = tree.fragments[fragment].begin + tree.fragments[fragment].arena->nodes.front().end;
  NodeData& root = nodes[mapping.parent];
  root.end = root.begin;
  for (std::uint32_t child = root.first; child != 0; child = nodes[child].next) {
    root.end = std::max(root.end, nodes[child].end);
  }
}

// One entry of a tree, which an edit may be confined to.
struct Region {
  std::uint32_t fragment = 0;  // Index in TreeData::fragments.
  std::uint32_t begin = 0;
  std::uint32_t end = 0;     // The token behind it, or the end of the text.
  std::uint32_t behind = 0;  // The line of that token: what is not the entry's begins here.
  bool first = false;        // In its mapping.
  bool last = false;
};

// The entry whose text an edit lies in, in such a way that nothing in front of the entry and
// nothing behind it can be read differently, provided that parsing it again ends where it did.
std::optional<Region> region_of(const TreeData& tree, Range range) {
  const auto after =
      std::upper_bound(tree.fragments.begin(), tree.fragments.end(), range.begin,
                       [](std::uint32_t at, const Fragment& f) { return at < f.begin; });
  if (after == tree.fragments.begin()) return std::nullopt;
  Region region;
  region.fragment = static_cast<std::uint32_t>(after - tree.fragments.begin()) - 1;
  const Fragment& fragment = tree.fragments[region.fragment];
  const Block& block = tree.blocks[fragment.block];
  region.begin = fragment.begin;
  region.first = region.fragment == block.first_fragment;
  region.last = region.fragment + 1 == block.first_fragment + block.fragment_count;
  region.end = region.last ? block.end : tree.fragments[region.fragment + 1].begin;
  const bool at_end = region.end == tree.text.size();
  region.behind = at_end ? region.end : line_begin(tree.text, region.end);
  if (range.end > region.behind) return std::nullopt;
  if (static_cast<int>(region.begin - line_begin(tree.text, region.begin)) != block.column) {
    return std::nullopt;
  }
  return region;
}

// The tree after an edit of one entry alone; null when the whole text must be parsed.
std::shared_ptr<const TreeData> edit_entry(const TreeData& old, Range range, std::string& text) {
  if (old.guessed || !old.bytes.empty() || text.size() > kMaxTextSize) return nullptr;
  const std::optional<Region> region = region_of(old, range);
  if (!region) return nullptr;
  const auto by = static_cast<std::uint32_t>(text.size() - old.text.size());
  const std::uint32_t end = region->end + by;
  if (end <= region->begin) return nullptr;
  const std::string_view entry(text.data() + region->begin, end - region->begin);
  std::vector<Flaw> bytes;
  if (check_bytes(entry, bytes) || !bytes.empty()) return nullptr;
  const std::size_t first_line = std::string_view(old.text).find_first_of("\r\n", region->begin);
  const bool in_first_line = first_line == std::string_view::npos || range.begin <= first_line;
  const bool ordinary = is_ordinary(entry.front()) && is_ordinary(old.text[region->begin]);
  if (in_first_line && !ordinary) return nullptr;

  const Fragment& fragment = old.fragments[region->fragment];
  TreeData unused;
  const Parser::Alone alone =
      Parser(text, unused).entry_alone(region->begin, old.blocks[fragment.block]);
  const bool at_end = end == text.size();
  if (alone.end != end || (!at_end && alone.line != region->behind + by)) return nullptr;
  if (region->first && !alone.has_colon) return nullptr;

  const Shift shift{region->behind, by};
  auto data = std::make_shared<TreeData>();
  data->text = std::move(text);
  data->skeleton = old.skeleton;
  shift(data->skeleton);
  data->fragments = old.fragments;
  data->fragments[region->fragment].arena = alone.arena;
  for (auto i = region->fragment + 1; i < data->fragments.size(); ++i) {
    shift(data->fragments[i].begin);
  }
  data->blocks = old.blocks;
  for (Block& block : data->blocks) shift(block.end);
  data->documents = old.documents;
  for (DocumentData& document : data->documents) shift(document);
  if (region->last) fit_to_last_entry(*data, region->fragment);
  return data;
}

}  // namespace

Tree Tree::parse(std::string text) { return Tree(parse_all(std::move(text))); }

Tree Tree::edit(const Edit& edit) const {
  const auto size = static_cast<std::uint32_t>(data_->text.size());
  const std::uint32_t begin = std::min(edit.range.begin, size);
  const std::uint32_t end = std::clamp(edit.range.end, begin, size);
  std::string text;
  text.reserve(size - (end - begin) + edit.text.size());
  text.append(data_->text, 0, begin).append(edit.text).append(data_->text, end);
  if (auto data = edit_entry(*data_, {begin, end}, text)) return Tree(std::move(data));
  return parse(std::move(text));
}

}  // namespace dockhand::yaml
