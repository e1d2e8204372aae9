#include "yaml/line_index.h"

#include <algorithm>

#include "base/unicode.h"

namespace dockhand::yaml {

LineIndex::LineIndex(std::string_view text) : size_(static_cast<std::uint32_t>(text.size())) {
  starts_.push_back(0);
  bool ascii = true;
  for (std::uint32_t i = 0; i < size_; ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) ascii = false;
    if (c != '\n' && c != '\r') continue;
    if (c == '\r' && i + 1 < size_ && text[i + 1] == '\n') ++i;
    starts_.push_back(i + 1);
    ascii_.push_back(ascii);
    ascii = true;
  }
  ascii_.push_back(ascii);
}

LineColumn LineIndex::position(std::uint32_t offset) const {
  offset = std::min(offset, size_);
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - starts_.begin()) - 1;
  return {line, offset - starts_[line]};
}

LineColumn LineIndex::position_utf16(std::string_view text, std::uint32_t offset) const {
  LineColumn position = this->position(offset);
  if (ascii_[position.line]) return position;
  const std::string_view before = text.substr(starts_[position.line], position.column);
  position.column = static_cast<std::uint32_t>(utf16_length(before));
  return position;
}

std::uint32_t LineIndex::offset(std::string_view text, LineColumn position) const {
  if (position.line >= line_count()) return size_;
  const std::uint32_t begin = starts_[position.line];
  return begin + std::min(position.column, line_end(text, position.line) - begin);
}

std::uint32_t LineIndex::offset_utf16(std::string_view text, LineColumn position) const {
  if (position.line >= line_count() || ascii_[position.line]) return offset(text, position);
  const std::uint32_t begin = starts_[position.line];
  const std::string_view line = text.substr(begin, line_end(text, position.line) - begin);
  return begin + static_cast<std::uint32_t>(utf16_to_byte(line, position.column));
}

std::uint32_t LineIndex::line_begin(std::uint32_t line) const {
  return line < line_count() ? starts_[line] : size_;
}

std::uint32_t LineIndex::line_end(std::string_view text, std::uint32_t line) const {
  if (line + 1 >= line_count()) return size_;
  std::uint32_t end = starts_[line + 1] - 1;
  if (text[end] == '\n' && end > starts_[line] && text[end - 1] == '\r') --end;
  return end;
}

}  // namespace dockhand::yaml
