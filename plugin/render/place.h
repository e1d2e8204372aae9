#pragma once

#include <string_view>

#include "base/range.h"
#include "yaml/line_index.h"

namespace dockhand::plugin::render {

// A place as people and other programs count it: both from 1, columns in characters.
struct Place {
  std::size_t line = 1, column = 1;
};

// The places of one text, which must outlive this.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text), lines_(text) {}

  Place at(std::uint32_t offset) const;
  // The line that the offset lies in, without its end.
  Range line_of(std::uint32_t offset) const;

 private:
  std::string_view text_;
  yaml::LineIndex lines_;
};

}  // namespace dockhand::plugin::render
