#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "explain/report.h"

namespace dockhand::plugin::render {

// What the place that is written to can show. A value; every renderer is a function of what is
// shown and of this.
struct Style {
  bool utf8 = true;  // Else ASCII twins.
  bool colour = false;
  bool hyperlinks = false;  // OSC 8.
  // Columns of the terminal; 0 where nobody counts them (a pipe): plain columns, nothing wrapped.
  int width = 0;
  bool full = false;  // --no-trunc: nothing is cut and no column leaves.

  bool terminal() const { return width > 0; }
};

enum class Paint : std::uint8_t { plain, good, waiting, bad, dim, bold };

Paint paint_of(explain::Tone tone);

// The text in that colour, or as it is where there is none.
std::string painted(const Style& style, Paint paint, std::string_view text);

// The text as a link to `url`, or as it is. Nothing that is no plain URL becomes a link.
std::string linked(const Style& style, std::string_view url, std::string_view text);

// The text as this style's character set can say it: in ASCII `…` is `...`, `×` is `x`, and what
// has no twin is `?`.
std::string spelled(const Style& style, std::string_view text);

std::string_view symbol(const Style& style, const explain::Symbol& symbol);

}  // namespace dockhand::plugin::render
