#include "plugin/render/tree.h"

#include <doctest/doctest.h>

#include "base/unicode.h"
#include "golden.h"
#include "plugin/render/layout.h"

using namespace dockhand;
using namespace dockhand::plugin::render;

namespace {

TreeNode node(std::string label, std::string mark, Paint paint, std::string detail,
              std::string place, std::vector<TreeNode> children = {}) {
  return {std::move(label),  std::move(mark),  paint,
          std::move(detail), std::move(place), std::move(children)};
}

std::vector<TreeNode> shop() {
  return {node("web", "●", Paint::good, "running", "",
               {node("catalog", "●", Paint::good, "healthy", "",
                     {node("db", "●", Paint::good, "healthy", "")}),
                node("orders", "◐", Paint::waiting, "waits for payments to be healthy",
                     "compose.yaml:31",
                     {node("db", "●", Paint::good, "(above)", ""),
                      node("payments", "▲", Paint::bad, "unhealthy: db: connection refused",
                           "compose.yaml:44")})}),
          node("mailer", "", Paint::plain, "", "")};
}

}  // namespace

TEST_CASE("a tree in columns, which leave from the right") {
  for (const int width : {40, 60, 80}) {
    Style style;
    style.width = width;
    check_golden("tree-" + std::to_string(width), joined_lines(tree_lines(shop(), style)));
  }
  Style ascii;
  ascii.utf8 = false;
  check_golden("tree-ascii", joined_lines(tree_lines(shop(), ascii)));
  Style colour;
  colour.colour = true;
  check_golden("tree-colour", joined_lines(tree_lines(shop(), colour)));
}

TEST_CASE("no line is wider than the terminal while the labels have room") {
  for (int width = 30; width < 100; ++width) {
    Style style;
    style.width = width;
    for (const std::string& line : tree_lines(shop(), style)) {
      CAPTURE(line);
      CHECK(display_width(line) <= static_cast<std::size_t>(width));
    }
  }
}

TEST_CASE("a chain without end is summed up") {
  TreeNode deep = node("x", "", Paint::plain, "", "");
  for (int i = 0; i < 1000; ++i) deep = node("x", "", Paint::plain, "", "", {std::move(deep)});
  const std::vector<std::string> lines = tree_lines({std::move(deep)}, Style{});
  CHECK(lines.size() == 101);
  CHECK(lines.back().ends_with("…"));
}
