#include <algorithm>
#include <utility>

#include "base/unicode.h"
#include "yaml/arena.h"
#include "yaml/parser.h"
#include "yaml/tree.h"

// Where trees come from: a whole text, or a tree and an edit.
namespace dockhand::yaml {

namespace {

// Bytes that are no text. True when the text is none at all: another encoding or a binary file.
bool check_bytes(std::string_view text, std::vector<Flaw>& flaws) {
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
      if (!allowed) flaws.push_back({FlawCode::control_character, {at, at + 1}});
      ++i;
      continue;
    }
    const Decoded decoded = decode_utf8(text.substr(i));
    if (decoded.size == 1) {
      ++invalid;
      if (flaws.size() <= kMaxFindings) flaws.push_back({FlawCode::invalid_byte, {at, at + 1}});
    }
    i += decoded.size;
  }
  constexpr std::size_t kFewInvalid = 8;
  return invalid > kFewInvalid && invalid > text.size() / 10;
}

std::shared_ptr<const TreeData> refused(FlawCode why, std::string text) {
  auto data = std::make_shared<TreeData>();
  Parser(std::string_view("", 0), *data).stream();
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

}  // namespace

Tree Tree::parse(std::string text) { return Tree(parse_all(std::move(text))); }

Tree Tree::edit(const Edit& edit) const {
  const auto size = static_cast<std::uint32_t>(data_->text.size());
  const std::uint32_t begin = std::min(edit.range.begin, size);
  const std::uint32_t end = std::clamp(edit.range.end, begin, size);
  std::string text;
  text.reserve(size - (end - begin) + edit.text.size());
  text.append(data_->text, 0, begin).append(edit.text).append(data_->text, end);
  return parse(std::move(text));
}

}  // namespace dockhand::yaml
