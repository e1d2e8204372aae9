#include "lsp/protocol/position.h"

#include <algorithm>

namespace dockhand::lsp {
namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// A UTF-8 column may point into a character; an edit there would tear it apart.
std::uint32_t to_character_start(std::string_view text, std::uint32_t offset) {
  std::uint32_t at = offset;
  while (at > 0 && offset - at < 3 && at < text.size() && is_continuation(text[at])) --at;
  return at < text.size() && is_continuation(text[at]) ? offset : at;
}

}  // namespace

Position to_position(std::string_view text, const yaml::LineIndex& lines, PositionEncoding encoding,
                     std::uint32_t offset) {
  const yaml::LineColumn at = encoding == PositionEncoding::utf8
                                  ? lines.position(offset)
                                  : lines.position_utf16(text, offset);
  return {at.line, at.column};
}

LspRange to_lsp_range(std::string_view text, const yaml::LineIndex& lines,
                      PositionEncoding encoding, Range range) {
  return {to_position(text, lines, encoding, range.begin),
          to_position(text, lines, encoding, range.end)};
}

std::uint32_t to_offset(std::string_view text, const yaml::LineIndex& lines,
                        PositionEncoding encoding, Position position) {
  const yaml::LineColumn at{position.line, position.character};
  if (encoding == PositionEncoding::utf16) return lines.offset_utf16(text, at);
  return to_character_start(text, lines.offset(text, at));
}

}  // namespace dockhand::lsp
