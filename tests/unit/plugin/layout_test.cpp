#include "plugin/render/layout.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "base/unicode.h"

using namespace dockhand;
using namespace dockhand::plugin::render;

TEST_CASE("text is broken at spaces, and long words anywhere") {
  CHECK(wrap("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrap("one", 7) == std::vector<std::string>{"one"});
  CHECK(wrap("", 7).empty());
  CHECK(wrap("  a   b ", 7) == std::vector<std::string>{"a b"});
  CHECK(wrap("abcdefghij k", 4) == std::vector<std::string>{"abcd", "efgh", "ij k"});
  CHECK(wrap("注文サービス", 5) == std::vector<std::string>{"注文", "サー", "ビス"});
  CHECK(wrap("é\xff", 1).size() == 2);
}

TEST_CASE("columns leave in their order, the last of them are cut") {
  Table table{{{"NAME", 0}, {"A", 2}, {"B", 1}, {"C", 3}},
              {{{{"service"}, {"aaaaa"}, {"bbbbb"}, {"ccccc"}}}}};
  const auto at = [&table](int width) {
    Style style;
    style.width = width;
    return lay_out(table, style);
  };
  CHECK(at(31) ==
        std::vector<std::string>{"NAME      A       B       C", "service   aaaaa   bbbbb   ccccc"});
  CHECK(at(28) ==
        std::vector<std::string>{"NAME     A      B      C", "service  aaaaa  bbbbb  ccccc"});
  CHECK(at(27).back() == "service   aaaaa   bbbbb");
  CHECK(at(20).back() == "service   bbbbb");
  CHECK(at(10).back() == "service");
}

TEST_CASE("cells line up whatever the width of their characters") {
  Table table{{{"NAME", 0}, {"X", 0}},
              {{{{"注文"}, {"1"}}}, {{{"db"}, {"2"}}}, {{{"e\xCC\x81t\xC3\xA9"}, {"3"}}}}};
  Style style;
  style.width = 40;
  const std::vector<std::string> lines = lay_out(table, style);
  for (const std::string& line : lines) CHECK(display_width(line.substr(0, line.size() - 1)) == 7);
}

TEST_CASE("no line ends in a space") {
  Table table{{{"NAME", 0}, {"X", 0}}, {{{{"a"}, {""}}}, {{{"b"}}}}};
  for (const int width : {0, 40}) {
    Style style;
    style.width = width;
    for (const std::string& line : lay_out(table, style)) CHECK_FALSE(line.ends_with(' '));
  }
}

TEST_CASE("what a style cannot show has a twin") {
  Style style;
  style.utf8 = false;
  CHECK(spelled(style, "├─ web ● 4× … →") == "|- web * 4x ... ->");
  CHECK(spelled(style, "日本") == "??");
  CHECK(painted(style, Paint::bad, "x") == "x");
  style.colour = true;
  CHECK(painted(style, Paint::bad, "x") == "\x1b[31mx\x1b[0m");
  CHECK(painted(style, Paint::bad, "") == "");
}

TEST_CASE("only plain URLs become links") {
  Style style;
  CHECK(linked(style, "http://x", "x") == "x");
  style.hyperlinks = true;
  CHECK(linked(style, "http://x", "x") == "\x1b]8;;http://x\x1b\\x\x1b]8;;\x1b\\");
  CHECK(linked(style, "http://x\x1b]", "x") == "x");
  CHECK(linked(style, "", "x") == "x");
}

TEST_CASE("a column may be cut before it leaves") {
  Table table{{{"NAME", 0}, {"URL", 1, 0, 5}}, {{{{"a"}, {"0123456789"}}}}};
  const auto last_at = [&table](int width) {
    Style style;
    style.width = width;
    return lay_out(table, style).back();
  };
  CHECK(last_at(17) == "a      0123456789");
  CHECK(last_at(16) == "a     0123456789");
  CHECK(last_at(13) == "a     012345…");
  CHECK(last_at(11) == "a     0123…");
  CHECK(last_at(10) == "a");
}
