#pragma once

#include <string>
#include <vector>

#include "plugin/render/style.h"

namespace dockhand::plugin::render {

struct TreeNode {
  std::string label;
  std::string mark;  // The symbol of its state; empty: none.
  Paint paint = Paint::plain;
  std::string detail;  // The second column.
  std::string
      place;  // The third: where the file says so. Leaves first when the terminal is narrow.
  std::vector<TreeNode> children;
};

// One line for each node, without line ends, in columns: branches and label, detail, place.
std::vector<std::string> tree_lines(const std::vector<TreeNode>& roots, const Style& style);

}  // namespace dockhand::plugin::render
