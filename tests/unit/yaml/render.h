#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "yaml/line_index.h"
#include "yaml/tree.h"

// Trees and findings as text to compare.
namespace dockhand::yaml::test {

// A node on one line, in flow style whatever its own: `{web: {image: "nginx"}, db: ~}`. Scalars
// that were quoted or blocks are in double quotes, `~` is null.
inline std::string outline(Node node) {
  std::string out;
  const auto separate = [&out](char open) {
    if (out.back() != open) out += ", ";
  };
  if (!node.tag().empty()) out += std::string(node.tag()) + " ";
  if (!node.anchor().empty()) out += "&" + std::string(node.anchor()) + " ";
  if (node.is_null()) return out + "~";
  if (node.is_alias()) return out + "*" + node.text();
  if (node.is_scalar()) {
    return out + (node.style() == Style::plain ? node.text() : '"' + node.text() + '"');
  }
  if (node.is_sequence()) {
    out += "[";
    for (const Node item : node.items()) {
      separate('[');
      out += outline(item);
    }
    return out + "]";
  }
  out += "{";
  for (const Entry entry : node.entries()) {
    separate('{');
    out += outline(entry.key) + ": " + outline(entry.value);
  }
  return out + "}";
}

// The text with each finding on a line of its own below where it begins: `~   ^^^ yaml-code`, a
// `|` for an empty range.
inline std::string annotate(const Tree& tree) {
  const LineIndex lines(tree.text());
  std::string out;
  for (std::uint32_t line = 0; line < lines.line_count(); ++line) {
    const std::uint32_t begin = lines.line_begin(line);
    const std::uint32_t end = lines.line_end(tree.text(), line);
    const bool last = line + 1 == lines.line_count();
    if (last && begin == end) break;
    out += tree.text().substr(begin, end - begin) + "\n";
    for (const Finding& finding : tree.findings()) {
      const LineColumn at = lines.position(finding.range.begin);
      if (at.line != line) continue;
      out += "~" + std::string(at.column, ' ');
      const std::uint32_t size = std::min(finding.range.end, end) - finding.range.begin;
      out += size == 0 ? "|" : std::string(size, '^');
      out += " " + finding.code + "\n";
    }
  }
  return out;
}

// The text of an annotated one.
inline std::string without_annotations(std::string_view annotated) {
  std::string out;
  while (!annotated.empty()) {
    const std::size_t end = std::min(annotated.find('\n'), annotated.size() - 1) + 1;
    if (annotated.front() != '~') out += annotated.substr(0, end);
    annotated.remove_prefix(end);
  }
  return out;
}

}  // namespace dockhand::yaml::test
