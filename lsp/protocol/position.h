#pragma once

#include <cstdint>
#include <string_view>

#include "base/range.h"
#include "lsp/protocol/types.h"
#include "yaml/line_index.h"

// Between byte offsets, which all of Dockhand uses, and the protocol's lines and columns.
namespace dockhand::lsp {

// The unit of a column. UTF-8 is used where the client offers it, because then a column is a byte
// count; every client must speak UTF-16.
enum class PositionEncoding : std::uint8_t { utf8, utf16 };

Position to_position(std::string_view text, const yaml::LineIndex& lines, PositionEncoding encoding,
                     std::uint32_t offset);
LspRange to_lsp_range(std::string_view text, const yaml::LineIndex& lines,
                      PositionEncoding encoding, Range range);

// Positions behind a line's or the text's end are clamped to it, as the protocol asks; one inside
// a character rounds down to its start.
std::uint32_t to_offset(std::string_view text, const yaml::LineIndex& lines,
                        PositionEncoding encoding, Position position);

}  // namespace dockhand::lsp
