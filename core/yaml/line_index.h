#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace dockhand::yaml {

struct LineColumn {
  std::uint32_t line = 0;    // From 0.
  std::uint32_t column = 0;  // From 0, in the unit that the function says.
};

// Where the lines of one text begin. Lines end at LF, CRLF or a lone CR (as in LSP). Immutable
// after it is made; refers to the text only while it is made, so callers pass the same text again
// where its bytes are needed.
class LineIndex {
 public:
  LineIndex() : LineIndex(std::string_view{}) {}
  explicit LineIndex(std::string_view text);

  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }

  // Line and byte column of an offset; offsets beyond the end are clamped to it.
  LineColumn position(std::uint32_t offset) const;
  // The same with the column in UTF-16 code units.
  LineColumn position_utf16(std::string_view text, std::uint32_t offset) const;

  // The offset of a line and byte column. A column behind the line's content becomes the end of
  // its content (before the line end); a line behind the last becomes the end of the text.
  std::uint32_t offset(std::string_view text, LineColumn position) const;
  std::uint32_t offset_utf16(std::string_view text, LineColumn position) const;

  // The offset of a line's first byte, and of the end of its content without the line end.
  std::uint32_t line_begin(std::uint32_t line) const;
  std::uint32_t line_end(std::string_view text, std::uint32_t line) const;

 private:
  std::vector<std::uint32_t> starts_;
  std::vector<bool> ascii_;  // Per line, so that most columns need no decoding.
  std::uint32_t size_ = 0;
};

}  // namespace dockhand::yaml
