#include <doctest/doctest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "yaml/invariants.h"
#include "yaml/node_access.h"
#include "yaml/stacks.h"
#include "yaml/tree.h"

// An edited tree is the tree of the edited text, and shares what the edit did not touch.
namespace dockhand::yaml::test {

namespace {

constexpr int kEditsPerStack = 600;
constexpr int kEditsInARow = 25;

// What people type, and what changes the most when it is typed.
constexpr std::string_view kSnippets[] = {
    "",   "x",    " ",      "\n",   "\r\n",   "  ",       "\t",    ":",     ": ",   "- ",
    "#",  " # c", "\"",     "'",    "[",      "]",        "{",     "}",     ",",    "&a ",
    "*a", "*web", "!t ",    "|",    "|\n ",   "? ",       "---\n", "...\n", "%",    "@",
    "é",  "👋",    "k: v\n", "\n  ", "\n    ", "\n  k:\n", "\n- i", "\xff",  "\xf0", "<<: *a\n"};

Edit random_edit(const std::string& text, std::mt19937& random) {
  const auto below = [&random](std::size_t n) { return static_cast<std::uint32_t>(random() % n); };
  const std::uint32_t begin = below(text.size() + 2);  // Ranges beyond the text are clamped.
  const std::uint32_t size = below(3) == 0 ? below(40) : below(3);
  return {{begin, begin + size}, kSnippets[below(std::size(kSnippets))]};
}

}  // namespace

TEST_CASE("an edited tree equals the tree of the edited text") {
  std::mt19937 random(20240101);
  int edits = 0;
  for (const Stack& stack : stacks()) {
    const Tree whole = Tree::parse(stack.text);
    Tree tree = whole;
    for (int i = 0; i < kEditsPerStack; ++i) {
      if (i % kEditsInARow == 0) tree = whole;
      const Edit edit = random_edit(tree.text(), random);
      const Tree edited = tree.edit(edit);
      const Tree parsed = Tree::parse(edited.text());
      if (dump(edited) != dump(parsed)) {
        FAIL_CHECK(stack.name << ": [" << edit.range.begin << ", " << edit.range.end << ") to '"
                              << edit.text << "' in\n"
                              << tree.text());
      }
      tree = edited;
      ++edits;
    }
  }
  CHECK(edits > 5000);
}

TEST_CASE("typing letter by letter equals parsing") {
  for (const Stack& stack : stacks()) {
    Tree tree;
    for (std::size_t i = 0; i < stack.text.size(); ++i) {
      const auto at = static_cast<std::uint32_t>(i);
      tree = tree.edit({{at, at}, std::string_view(stack.text).substr(i, 1)});
      if (i % 37 != 0) continue;
      if (dump(tree) != dump(Tree::parse(tree.text()))) FAIL_CHECK(stack.name << " at " << i);
    }
    CHECK(tree.text() == stack.text);
    CHECK(dump(tree) == dump(Tree::parse(stack.text)));
  }
}

TEST_CASE("an edit of one service shares the others") {
  const Tree before = Tree::parse(
      "x: &a 1\nservices:\n  web:\n    image: a\n  db:\n    image: b\n  cache:\n    image: *a\n"
      "volumes:\n  data:\n");
  const auto at = static_cast<std::uint32_t>(before.text().find("image: b") + 7);
  const Tree after = before.edit({{at, at + 1}, "postgres:16"});
  const auto value = [](const Tree& tree, const char* root, const char* name) {
    return NodeAccess::data(tree.root().find(root).find(name));
  };
  CHECK(value(before, "services", "web") == value(after, "services", "web"));
  CHECK(value(before, "services", "cache") == value(after, "services", "cache"));
  CHECK(value(before, "volumes", "data") == value(after, "volumes", "data"));
  CHECK(value(before, "services", "db") != value(after, "services", "db"));
  CHECK(after.root().find("services").find("db").find("image").text() == "postgres:16");
  const Node alias = after.root().find("services").find("cache").find("image");
  CHECK(alias.source() == "*a");
  CHECK(alias.resolved().text() == "1");
  CHECK(before.root().find("services").find("db").find("image").text() == "b");
}

TEST_CASE("an edit that opens or closes entries parses what changes") {
  const Tree before = Tree::parse("services:\n  a:\n    image: x\n  b:\n    image: y\n");
  const auto end_of_a = static_cast<std::uint32_t>(before.text().find("  b:"));
  const Tree more = before.edit({{end_of_a, end_of_a}, "  c:\n    image: z\n"});
  CHECK(more.root().find("services").size() == 3);
  const Tree less = more.edit({{end_of_a, end_of_a + 4}, "  "});
  CHECK(dump(less) == dump(Tree::parse(less.text())));
}

TEST_CASE("edits beyond the text are clamped") {
  const Tree tree = Tree::parse("a: 1\n");
  CHECK(tree.edit({{100, 200}, "b: 2\n"}).text() == "a: 1\nb: 2\n");
  CHECK(tree.edit({{3, 200}, "2"}).text() == "a: 2");
}

}  // namespace dockhand::yaml::test
