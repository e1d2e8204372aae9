#include "lsp/protocol/position.h"

#include <doctest/doctest.h>

#include <string>

#include "lsp/protocol/uri.h"

namespace dockhand::lsp {
namespace {

TEST_CASE("columns are counted in the unit that was agreed on") {
  // Bytes: a é(2) 🐳(4) b; UTF-16 units: 1 1 2 1.
  const std::string text = "x\naé🐳b\r\nlast";
  const yaml::LineIndex lines(text);
  struct Case {
    std::uint32_t offset;
    Position utf8, utf16;
  };
  const Case cases[] = {
      {0, {0, 0}, {0, 0}}, {2, {1, 0}, {1, 0}},  {3, {1, 1}, {1, 1}},  {5, {1, 3}, {1, 2}},
      {9, {1, 7}, {1, 4}}, {10, {1, 8}, {1, 5}}, {12, {2, 0}, {2, 0}}, {16, {2, 4}, {2, 4}},
  };
  for (const Case& item : cases) {
    CAPTURE(item.offset);
    CHECK((to_position(text, lines, PositionEncoding::utf8, item.offset) == item.utf8));
    CHECK((to_position(text, lines, PositionEncoding::utf16, item.offset) == item.utf16));
    CHECK(to_offset(text, lines, PositionEncoding::utf8, item.utf8) == item.offset);
    CHECK(to_offset(text, lines, PositionEncoding::utf16, item.utf16) == item.offset);
  }
}

TEST_CASE("positions that do not exist become the nearest that does") {
  const std::string text = "ab\r\né🐳\n";
  const yaml::LineIndex lines(text);
  for (const PositionEncoding encoding : {PositionEncoding::utf8, PositionEncoding::utf16}) {
    CHECK(to_offset(text, lines, encoding, {0, 99}) == 2);
    CHECK(to_offset(text, lines, encoding, {1, INT32_MAX}) == 10);
    CHECK(to_offset(text, lines, encoding, {2, 5}) == 11);
    CHECK(to_offset(text, lines, encoding, {99, 0}) == 11);
  }
  // Inside the whale, and inside the é.
  CHECK(to_offset(text, lines, PositionEncoding::utf16, {1, 2}) == 6);
  CHECK(to_offset(text, lines, PositionEncoding::utf8, {1, 4}) == 6);
  CHECK(to_offset(text, lines, PositionEncoding::utf8, {1, 1}) == 4);
}

TEST_CASE("a column in bytes that no character explains is left where it is") {
  const std::string text = "\x80\x80\x80\x80\x80\x80";
  const yaml::LineIndex lines(text);
  CHECK(to_offset(text, lines, PositionEncoding::utf8, {0, 5}) == 5);
}

TEST_CASE("file URIs name paths") {
  struct Case {
    const char* uri;
    const char* path;  // Null: none.
  };
  const Case cases[] = {
      {"file:///srv/compose.yaml", "/srv/compose.yaml"},
      {"FILE:///srv/compose.yaml", "/srv/compose.yaml"},
      {"file:/srv/compose.yaml", "/srv/compose.yaml"},
      {"file://localhost/srv/a.yaml", "/srv/a.yaml"},
      {"file:///my%20shop/%C3%A9t%c3%a9%25.yaml", "/my shop/été%.yaml"},
      {"file:///a/../b/./c%2Fd", "/b/c/d"},
      {"file:///50%/x%zz", "/50%/x%zz"},
      {"file:///a?query#part", "/a"},
      {"file://wsl%24/Ubuntu/home/a.yaml", nullptr},
      {"file://server/share/a.yaml", nullptr},
      {"file:///a%00b", nullptr},
      {"file://", nullptr},
      {"file:relative", nullptr},
      {"untitled:Untitled-1", nullptr},
      {"git:/srv/compose.yaml", nullptr},
      {"", nullptr},
      {"%", nullptr},
  };
  for (const Case& item : cases) {
    CAPTURE(item.uri);
    const std::optional<std::string> path = path_of_uri(item.uri);
    CHECK(path.has_value() == (item.path != nullptr));
    if (path && item.path) CHECK(*path == item.path);
  }
}

TEST_CASE("a path's URI names it again") {
  for (const char* path : {"/srv/compose.yaml", "/my shop/été%.yaml", "/a#b?c/[x]"}) {
    CAPTURE(path);
    CHECK(path_of_uri(uri_of_path(path)) == std::string(path));
  }
  CHECK(uri_of_path("/a b") == "file:///a%20b");
}

TEST_CASE("every URI has a file name") {
  CHECK(name_of_uri("file:///srv/compose%2Dx.yaml") == "compose-x.yaml");
  CHECK(name_of_uri("untitled:compose.yaml") == "compose.yaml");
  CHECK(name_of_uri("git:/srv/compose.yaml?ref=1") == "compose.yaml");
  CHECK(name_of_uri("") == "");
}

}  // namespace
}  // namespace dockhand::lsp
