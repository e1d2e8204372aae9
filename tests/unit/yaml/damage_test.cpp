#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "yaml/invariants.h"
#include "yaml/line_index.h"
#include "yaml/stacks.h"
#include "yaml/tree.h"

// Files cut off at every byte, and with every line deleted: each service that the damage does not
// touch keeps its name and its exact range.
namespace dockhand::yaml::test {

namespace {

struct Service {
  std::string name;
  Range key;
  Range value;
  friend bool operator==(const Service&, const Service&) = default;
};

void collect(Node mapping, std::vector<Service>& found) {
  for (const Entry entry : mapping.entries()) {
    found.push_back({entry.key.text(), entry.key.range(), entry.value.range()});
  }
}

void collect_all(Node node, std::vector<Service>& found) {
  collect(node, found);
  for (const Entry entry : node.entries()) collect_all(entry.value, found);
  for (const Node item : node.items()) collect_all(item, found);
}

std::vector<Service> services(const Tree& tree) {
  std::vector<Service> found;
  collect(tree.root().find("services"), found);
  return found;
}

bool contains(const std::vector<Service>& all, const Service& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

Range moved(Range range, std::uint32_t back) { return {range.begin - back, range.end - back}; }

}  // namespace

TEST_CASE("a file cut off at every byte") {
  for (const Stack& stack : stacks()) {
    const std::vector<Service> whole = services(Tree::parse(stack.text));
    for (std::uint32_t cut = 0; cut <= stack.text.size(); ++cut) {
      const Tree tree = Tree::parse(stack.text.substr(0, cut));
      const std::vector<Service> left = services(tree);
      for (const Service& service : whole) {
        if (service.value.end >= cut || contains(left, service)) continue;
        FAIL_CHECK(stack.name << " cut at " << cut << " loses " << service.name);
      }
      const Invariants invariants(tree);
      if (!invariants.what().empty()) FAIL_CHECK(stack.name << ": " << invariants.what());
    }
    CHECK(!stack.text.empty());
  }
}

TEST_CASE("a file with every line deleted") {
  for (const Stack& stack : stacks()) {
    const Tree before = Tree::parse(stack.text);
    const std::vector<Service> whole = services(before);
    const LineIndex lines(stack.text);
    const std::uint32_t header = before.root().entry("services").key.range().begin;
    for (std::uint32_t line = 0; line + 1 < lines.line_count(); ++line) {
      const Range deleted{lines.line_begin(line), lines.line_begin(line + 1)};
      std::string text = stack.text;
      text.erase(deleted.begin, deleted.size());
      const Tree tree = Tree::parse(text);
      std::vector<Service> left = services(tree);
      // Without their header the services hang on what is in front of it; without a brace, on
      // what it closed or opened.
      const bool in_braces = before.root().style() == Style::flow;
      if (deleted.contains(header) || in_braces) collect_all(tree.root(), left);
      for (std::size_t i = 0; i < whole.size(); ++i) {
        const Service& service = whole[i];
        // A service whose successor loses its name takes over what is left of it.
        const bool heir = i + 1 < whole.size() && deleted.contains(whole[i + 1].key.begin);
        const bool in_front = service.value.end < deleted.begin && !heir;
        const bool behind = service.key.begin >= deleted.end;
        if (!in_front && !behind) continue;
        const std::uint32_t back = behind ? deleted.size() : 0;
        const Service expected{service.name, moved(service.key, back), moved(service.value, back)};
        if (contains(left, expected)) continue;
        FAIL_CHECK(stack.name << " without line " << line + 1 << " loses " << service.name);
      }
      const Invariants invariants(tree);
      if (!invariants.what().empty()) FAIL_CHECK(stack.name << ": " << invariants.what());
    }
    CHECK(lines.line_count() > 1);
  }
}

}  // namespace dockhand::yaml::test
