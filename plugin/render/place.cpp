#include "plugin/render/place.h"

#include <algorithm>

#include "base/unicode.h"

namespace dockhand::plugin::render {

Place Places::at(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const yaml::LineColumn position = lines_.position(offset);
  std::string_view before = text_.substr(offset - position.column, position.column);
  Place place{position.line + std::size_t{1}, 1};
  while (!before.empty()) {
    before.remove_prefix(decode_utf8(before).size);
    ++place.column;
  }
  return place;
}

Range Places::line_of(std::uint32_t offset) const {
  const std::uint32_t line = lines_.position(offset).line;
  return {lines_.line_begin(line), lines_.line_end(text_, line)};
}

}  // namespace dockhand::plugin::render
