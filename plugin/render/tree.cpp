#include "plugin/render/tree.h"

#include <algorithm>

#include "base/unicode.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin::render {
namespace {

// Deeper nodes are summed up as `…`: nobody reads them, and the recursion must end somewhere.
constexpr std::size_t kDeepest = 100;
constexpr std::size_t kGap = 3;

struct Line {
  std::string branches;  // Spelled.
  const TreeNode* node;
};

void collect(const TreeNode& node, const std::string& own, const std::string& below,
             std::size_t depth, const Style& style, std::vector<Line>& lines) {
  static const TreeNode kDeeper{"…", {}, Paint::dim, {}, {}, {}};
  lines.push_back({own, depth < kDeepest ? &node : &kDeeper});
  if (depth >= kDeepest) return;
  for (const TreeNode& child : node.children) {
    const bool last = &child == &node.children.back();
    collect(child, below + spelled(style, last ? "└─ " : "├─ "),
            below + spelled(style, last ? "   " : "│  "), depth + 1, style, lines);
  }
}

std::string label_of(const TreeNode& node, const Style& style) {
  return spelled(style, node.mark.empty() ? node.label : node.label + " " + node.mark);
}

std::size_t label_width(const Line& line, const Style& style) {
  return display_width(line.branches) + display_width(label_of(*line.node, style));
}

std::string painted_label(const TreeNode& node, const Style& style) {
  const Paint paint = node.mark.empty() ? node.paint : Paint::plain;
  std::string text = painted(style, paint, spelled(style, node.label));
  if (!node.mark.empty()) text += " " + painted(style, node.paint, spelled(style, node.mark));
  return text;
}

struct Widths {
  std::size_t label = 0, detail = 0;
  bool places = false;
};

Widths measure(const std::vector<Line>& lines, const Style& style) {
  Widths widths;
  std::size_t place = 0;
  for (const Line& line : lines) {
    widths.label = std::max(widths.label, label_width(line, style));
    widths.detail = std::max(widths.detail, display_width(spelled(style, line.node->detail)));
    place = std::max(place, display_width(line.node->place));
  }
  const auto limit = static_cast<std::size_t>(style.width);
  const bool bounded = style.terminal() && !style.full;
  widths.places =
      place > 0 && (!bounded || widths.label + widths.detail + place + 2 * kGap <= limit);
  if (bounded && widths.label + kGap + widths.detail > limit) {
    widths.detail = limit > widths.label + kGap ? limit - widths.label - kGap : 0;
  }
  return widths;
}

std::string cut(const Style& style, std::string_view text, std::size_t width) {
  const std::string whole = spelled(style, text);
  if (style.full || !style.terminal() || display_width(whole) <= width) return whole;
  return style.utf8 ? truncate_to_width(whole, width) : whole.substr(0, width);
}

}  // namespace

std::vector<std::string> tree_lines(const std::vector<TreeNode>& roots, const Style& style) {
  std::vector<Line> lines;
  for (const TreeNode& root : roots) collect(root, "", "", 0, style, lines);
  const Widths widths = measure(lines, style);
  std::vector<std::string> out;
  for (const Line& line : lines) {
    std::string text = painted(style, Paint::dim, line.branches) + painted_label(*line.node, style);
    std::size_t column = label_width(line, style);
    const auto put = [&](std::size_t at, std::string_view words, Paint paint) {
      text += std::string(at - column, ' ') + painted(style, paint, words);
      column = at + display_width(words);
    };
    const std::string detail = cut(style, line.node->detail, widths.detail);
    if (!detail.empty()) put(widths.label + kGap, detail, Paint::plain);
    if (widths.places && !line.node->place.empty()) {
      put(widths.label + widths.detail + 2 * kGap, line.node->place, Paint::dim);
    }
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace dockhand::plugin::render
