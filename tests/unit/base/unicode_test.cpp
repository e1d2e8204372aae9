#include "base/unicode.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace dockhand {
namespace {

struct DecodeCase {
  std::string text;
  char32_t code_point;
  std::size_t size;
};

TEST_CASE("UTF-8 is decoded, and what is not UTF-8 consumes one byte") {
  const std::vector<DecodeCase> cases = {
      {"", 0xFFFD, 0},
      {"a", 'a', 1},
      {std::string(1, '\0'), 0, 1},
      {"\xc2\x80", 0x80, 2},
      {"\xdf\xbf", 0x7FF, 2},
      {"\xe0\xa0\x80", 0x800, 3},
      {"\xed\x9f\xbf", 0xD7FF, 3},
      {"\xee\x80\x80", 0xE000, 3},
      {"\xef\xbf\xbd", 0xFFFD, 3},
      {"\xf0\x90\x80\x80", 0x10000, 4},
      {"\xf4\x8f\xbf\xbf", 0x10FFFF, 4},
      // Overlong, surrogates, too high, cut off, no start, no continuation.
      {"\xc0\x80", 0xFFFD, 1},
      {"\xc1\xbf", 0xFFFD, 1},
      {"\xe0\x9f\xbf", 0xFFFD, 1},
      {"\xf0\x8f\xbf\xbf", 0xFFFD, 1},
      {"\xed\xa0\x80", 0xFFFD, 1},
      {"\xed\xbf\xbf", 0xFFFD, 1},
      {"\xf4\x90\x80\x80", 0xFFFD, 1},
      {"\xf5\x80\x80\x80", 0xFFFD, 1},
      {"\xe2\x82", 0xFFFD, 1},
      {"\x80", 0xFFFD, 1},
      {"\xff", 0xFFFD, 1},
      {"\xc3(", 0xFFFD, 1},
      {"\xe2\x28\xa1", 0xFFFD, 1},
  };
  for (const DecodeCase& each : cases) {
    CAPTURE(each.text);
    const Decoded decoded = decode_utf8(each.text);
    CHECK(static_cast<std::uint32_t>(decoded.code_point) ==
          static_cast<std::uint32_t>(each.code_point));
    CHECK(decoded.size == each.size);
  }
}

TEST_CASE("every character survives encoding and decoding") {
  bool all_equal = true;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    append_utf8(text, c);
    const Decoded decoded = decode_utf8(text);
    all_equal = all_equal && decoded.code_point == c && decoded.size == text.size();
  }
  CHECK(all_equal);
  std::string text;
  append_utf8(text, 0xD800);
  append_utf8(text, 0x110000);
  CHECK(text == "\ufffd\ufffd");
}

TEST_CASE("valid UTF-8 is told from the rest and made of it") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("a\u00e4\ufffd\U0001F600"));
  CHECK_FALSE(is_valid_utf8("a\xff"));
  CHECK_FALSE(is_valid_utf8("\xe2\x82"));
  CHECK(to_valid_utf8("a\xff"
                      "b\xe2\x82") == "a\ufffdb\ufffd\ufffd");
  CHECK(to_valid_utf8("\u20ac") == "\u20ac");
}

TEST_CASE("UTF-16 offsets lead to bytes") {
  // One, two, three and four bytes; the last has two UTF-16 units.
  const std::string text = "a\u00e4\u20ac\U0001F600z";
  CHECK(utf16_length(text) == 6);
  const std::vector<std::size_t> expected = {0, 1, 3, 6, 6, 10, 11, 11};
  for (std::size_t units = 0; units < expected.size(); ++units) {
    CAPTURE(units);
    CHECK(utf16_to_byte(text, units) == expected[units]);
  }
  CHECK(utf16_length("\xff\xfe") == 2);
  CHECK(utf16_to_byte("\xff\xfez", 2) == 2);
  CHECK(utf16_to_byte("", 5) == 0);
}

struct WidthCase {
  std::string text;
  std::size_t columns;
};

TEST_CASE("terminals give characters no, one or two columns") {
  const std::vector<WidthCase> cases = {
      {"", 0},
      {"abc", 3},
      {"\u00e4", 1},
      {"a\u0308", 1},
      {"\u4f60\u597d", 4},
      {"\uff21", 2},
      {"\uff71", 1},
      {"\U0001F600", 2},
      {"\u200b", 0},
      {"\u25cf \u25d0 \u25b2 \u2715", 7},
      {"\u2026", 1},
      {"\uac00", 2},
      {"\U00020000", 2},
  };
  for (const WidthCase& each : cases) {
    CAPTURE(each.text);
    CHECK(display_width(each.text) == each.columns);
  }
}

struct CutCase {
  std::string text;
  std::size_t columns;
  std::string expected;
};

TEST_CASE("what does not fit ends with an ellipsis") {
  const std::vector<CutCase> cases = {
      {"hello", 5, "hello"},
      {"hello", 9, "hello"},
      {"hello", 4, "hel\u2026"},
      {"hello", 1, "\u2026"},
      {"hello", 0, ""},
      {"", 0, ""},
      {"\u4f60\u597d", 4, "\u4f60\u597d"},
      {"\u4f60\u597d", 3, "\u4f60\u2026"},
      {"\u4f60\u597d", 2, "\u2026"},
      {"a\u0308bc", 2, "a\u0308\u2026"},
  };
  for (const CutCase& each : cases) {
    CAPTURE(each.text);
    CAPTURE(each.columns);
    const std::string cut = truncate_to_width(each.text, each.columns);
    CHECK(cut == each.expected);
    CHECK(display_width(cut) <= each.columns);
  }
}

}  // namespace
}  // namespace dockhand
