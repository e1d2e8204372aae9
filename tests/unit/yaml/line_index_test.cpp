#include "yaml/line_index.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace dockhand::yaml::test {

namespace {

void check_position(std::string_view text, std::uint32_t offset, LineColumn bytes,
                    std::uint32_t utf16_column) {
  INFO("offset " << offset << " of '" << std::string(text) << "'");
  const LineIndex lines(text);
  CHECK(lines.position(offset).line == bytes.line);
  CHECK(lines.position(offset).column == bytes.column);
  CHECK(lines.position_utf16(text, offset).line == bytes.line);
  CHECK(lines.position_utf16(text, offset).column == utf16_column);
}

}  // namespace

TEST_CASE("positions of offsets") {
  check_position("", 0, {0, 0}, 0);
  check_position("", 5, {0, 0}, 0);
  check_position("ab\ncd", 2, {0, 2}, 2);
  check_position("ab\ncd", 3, {1, 0}, 0);
  check_position("ab\ncd", 5, {1, 2}, 2);
  check_position("ab\ncd", 99, {1, 2}, 2);
  check_position("ab\n", 3, {1, 0}, 0);
  check_position("ab\r\ncd", 3, {0, 3}, 3);  // Between CR and LF.
  check_position("ab\r\ncd", 4, {1, 0}, 0);
  check_position("ab\rcd\r", 3, {1, 0}, 0);
  check_position("ab\rcd\r", 6, {2, 0}, 0);
  check_position("a\né👋x", 4, {1, 2}, 1);
  check_position("a\né👋x", 8, {1, 6}, 3);
  check_position("a\né👋x", 9, {1, 7}, 4);
}

TEST_CASE("offsets of positions") {
  const std::string_view text = "ab\r\né👋x\n\rz";
  const LineIndex lines(text);
  REQUIRE(lines.line_count() == 4);
  CHECK(lines.offset(text, {0, 1}) == 1);
  CHECK(lines.offset(text, {0, 9}) == 2);  // Behind the content: its end, in front of the CR.
  CHECK(lines.offset(text, {1, 2}) == 6);
  CHECK(lines.offset(text, {9, 0}) == text.size());
  CHECK(lines.offset_utf16(text, {1, 0}) == 4);
  CHECK(lines.offset_utf16(text, {1, 1}) == 6);
  CHECK(lines.offset_utf16(text, {1, 2}) == 6);  // Inside a surrogate pair: its start.
  CHECK(lines.offset_utf16(text, {1, 3}) == 10);
  CHECK(lines.offset_utf16(text, {1, 4}) == 11);
  CHECK(lines.offset_utf16(text, {1, 50}) == 11);
  CHECK(lines.offset_utf16(text, {2, 5}) == 12);
  CHECK(lines.offset_utf16(text, {3, 1}) == 14);
  CHECK(lines.offset_utf16(text, {7, 1}) == 14);
}

TEST_CASE("bounds of lines") {
  const std::string_view text = "ab\r\n\ncd";
  const LineIndex lines(text);
  CHECK(lines.line_begin(0) == 0);
  CHECK(lines.line_end(text, 0) == 2);
  CHECK(lines.line_begin(1) == 4);
  CHECK(lines.line_end(text, 1) == 4);
  CHECK(lines.line_end(text, 2) == 7);
  CHECK(lines.line_begin(3) == 7);
  CHECK(lines.line_end(text, 3) == 7);
}

TEST_CASE("offset and position are inverse at every character") {
  const std::string_view text = "a: \"é\"\r\n# 👋 日本\n\nb: \tc\r\xff\n";
  const LineIndex lines(text);
  for (std::uint32_t line = 0; line < lines.line_count(); ++line) {
    for (std::uint32_t at = lines.line_begin(line); at <= lines.line_end(text, line); ++at) {
      CHECK(lines.offset(text, lines.position(at)) == at);
      const bool inside_character = at < text.size() && (text[at] & '\xC0') == '\x80';
      if (!inside_character) CHECK(lines.offset_utf16(text, lines.position_utf16(text, at)) == at);
    }
  }
}

}  // namespace dockhand::yaml::test
