#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/tree.h"

// What holds for the tree of any text, and a tree as text to compare with another. Used by the
// tests and the fuzzer.
namespace dockhand::yaml::test {

// The first thing that is wrong with a tree, or nothing.
class Invariants {
 public:
  explicit Invariants(const Tree& tree) : size_(static_cast<std::uint32_t>(tree.text().size())) {
    const std::vector<Node> documents = tree.documents();
    if (documents.empty()) wrong("no document", {});
    std::uint32_t before = 0;
    for (const Node root : documents) {
      if (root.parent()) wrong("a root has a parent", root.range());
      check(root, {before, size_}, 0);
      before = root.range().end;
    }
    check_comments(tree);
    const std::vector<Finding> findings = tree.findings();
    if (findings.size() > kMaxFindings) wrong("too many findings", {});
    for (const Finding& finding : findings) {
      if (finding.range.begin > finding.range.end || finding.range.end > size_) {
        wrong("a finding out of bounds", finding.range);
      }
    }
  }
  const std::string& what() const { return what_; }

 private:
  void wrong(std::string_view what, Range range) {
    if (what_.empty()) what_ = fmt::format("{} at [{}, {})", what, range.begin, range.end);
  }

  void check_comments(const Tree& tree) {
    std::uint32_t end = 0;
    for (const Comment& comment : tree.comments()) {
      const Range range = comment.range;
      if (range.begin < end || range.end > size_ || range.empty()) {
        wrong("a comment out of order", range);
        return;
      }
      if (tree.text()[range.begin] != '#') wrong("a comment without #", range);
      end = range.end;
    }
  }

  void check(Node node, Range around, int depth) {
    const Range full = node.full_range();
    if (full.begin > full.end || full.begin < around.begin || full.end > around.end) {
      wrong("a node outside of what holds it", full);
      return;
    }
    if (depth > kMaxDepth) wrong("too deep", full);
    static_cast<void>(node.text());
    if (const Node target = node.resolved(); target.is_alias()) wrong("an alias to an alias", full);
    std::size_t count = 0;
    std::uint32_t before = node.range().begin;
    const auto child = [&](Node inner) {
      if (inner.parent() != node) wrong("a child of another parent", inner.range());
      const bool pair = node.is_mapping() && node.style() == Style::flow && node.source()[0] != '{';
      check(inner, {before, node.range().end}, pair ? depth : depth + 1);
      before = inner.range().end;
    };
    for (const Node item : node.items()) {
      child(item);
      ++count;
    }
    for (const Entry entry : node.entries()) {
      if (!entry.key || !entry.value) wrong("half an entry", full);
      child(entry.key);
      child(entry.value);
      ++count;
    }
    if (count != node.size()) wrong("size() is not the number of children", full);
  }

  std::uint32_t size_;
  std::string what_;
};

inline void dump(Node node, std::string& out) {
  const Range range = node.range();
  const Range full = node.full_range();
  fmt::format_to(std::back_inserter(out), "({} {} {}-{} {} '{}' '{}' '{}'",
                 static_cast<int>(node.kind()), static_cast<int>(node.style()), range.begin,
                 range.end, full.begin, node.anchor(), node.tag(), node.text());
  if (node.is_alias()) out += fmt::format(" ->{}", node.resolved().range().begin);
  for (const Node item : node.items()) dump(item, out);
  for (const Entry entry : node.entries()) {
    dump(entry.key, out);
    dump(entry.value, out);
  }
  out += ")\n";
}

// Everything that a tree says about its text.
inline std::string dump(const Tree& tree) {
  std::string out;
  for (const Node root : tree.documents()) dump(root, out);
  for (const DocumentMarks& marks : tree.marks()) {
    out += fmt::format("--- {}-{} {}-{}\n", marks.start.begin, marks.start.end, marks.end.begin,
                       marks.end.end);
    for (const Range range : marks.directives)
      out += fmt::format("% {}-{}\n", range.begin, range.end);
  }
  for (const Comment& comment : tree.comments()) {
    out += fmt::format("# {}-{}\n", comment.range.begin, comment.range.end);
  }
  for (const Finding& finding : tree.findings()) {
    out += fmt::format("! {} {}-{} {}\n", finding.code, finding.range.begin, finding.range.end,
                       finding.message);
  }
  return out;
}

}  // namespace dockhand::yaml::test
