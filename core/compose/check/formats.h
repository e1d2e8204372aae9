#pragma once

#include <string_view>

#include "spec/catalogue.h"

// How texts must be written that nothing reads further: those that Compose compares with a pattern,
// and those that only the Engine reads. What is read further (durations, sizes, ports, …) the
// loader complains of.
namespace dockhand::check {

// True for a text of that format, and for all formats that are read further.
bool has_format(spec::Format format, std::string_view text);

// True when Compose refuses what is not of that format.
bool is_refused(spec::Format format);

// True for one of the shape's choices.
bool is_choice(const spec::Shape& shape, std::string_view text);

}  // namespace dockhand::check
