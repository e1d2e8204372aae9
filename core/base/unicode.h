#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dockhand {

struct Decoded {
  char32_t code_point;  // U+FFFD when the bytes are not valid UTF-8.
  std::size_t size;     // Bytes consumed: at least 1 unless the text was empty.
};

// The first character of a UTF-8 text. Overlong forms, surrogates and values above U+10FFFF are
// invalid, and consume one byte.
Decoded decode_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);

bool is_valid_utf8(std::string_view text);

// The text with every invalid byte replaced by U+FFFD: what a JSON writer may be given.
std::string to_valid_utf8(std::string_view text);

// How many UTF-16 code units the text has; an invalid byte counts as one.
std::size_t utf16_length(std::string_view text);

// The byte offset at which `units` UTF-16 code units have passed, clamped to the end of the text.
// An offset inside a surrogate pair rounds down to the start of its character.
std::size_t utf16_to_byte(std::string_view text, std::size_t units);

// Columns a terminal gives the text: 0 for combining marks, 2 for East Asian wide characters and
// emoji, 1 otherwise. Control characters must have been removed (see printable()).
std::size_t display_width(std::string_view text);

// The longest prefix that fits in `columns`, with `…` as its last column when something was cut.
std::string truncate_to_width(std::string_view text, std::size_t columns);

}  // namespace dockhand
