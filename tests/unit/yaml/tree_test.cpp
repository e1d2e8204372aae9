#include "yaml/tree.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "yaml/invariants.h"
#include "yaml/render.h"

namespace dockhand::yaml::test {

namespace {

// What is at the `|` of a text: its source up to the first line end, its kind in front of it when
// that is no scalar.
std::string at(std::string text) {
  const auto offset = static_cast<std::uint32_t>(text.find('|'));
  text.erase(offset, 1);
  const Tree tree = Tree::parse(text);
  const Node node = tree.at(offset);
  if (!node) return "nothing";
  const std::string line(node.source().substr(0, node.source().find('\n')));
  if (node.is_null()) return "null";
  if (node.is_mapping()) return "mapping " + line;
  if (node.is_sequence()) return "sequence " + line;
  if (node.is_alias()) return "alias " + line;
  return line;
}

Range range_of(const Tree& tree, std::string_view part) {
  const auto begin = static_cast<std::uint32_t>(tree.text().find(part));
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

}  // namespace

TEST_CASE("nothing yields nothing") {
  const Node nothing;
  CHECK(!nothing);
  CHECK(nothing.kind() == Kind::null);
  CHECK(!nothing.is_null());
  CHECK(nothing.text().empty());
  CHECK(nothing.source().empty());
  CHECK(nothing.range() == Range{});
  CHECK(nothing.full_range() == Range{});
  CHECK(nothing.anchor().empty());
  CHECK(nothing.tag().empty());
  CHECK(nothing.items().empty());
  CHECK(nothing.entries().empty());
  CHECK(!nothing.find("a").find("b").parent().resolved());
  CHECK(nothing.size() == 0);
  CHECK(!nothing.entry("a"));
  CHECK(nothing.entry("a").range() == Range{});
}

TEST_CASE("an empty text has one document, null") {
  for (const char* text : {"", "\n", "# c\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF# c"}) {
    const Tree tree = Tree::parse(text);
    CHECK(tree.documents().size() == 1);
    CHECK(tree.root().is_null());
    CHECK(tree.findings().empty());
  }
  CHECK(Tree().root().is_null());
}

TEST_CASE("ranges") {
  const Tree tree = Tree::parse(
      "a: &x !t 'b c'\nd: [e, {f: g}]\nh:\n  - i\n  - \"j\"\nk: |\n  text\n  more\n\nl: \n");
  const Node root = tree.root();
  CHECK(root.range() == Range{0, static_cast<std::uint32_t>(tree.text().size() - 1)});
  CHECK(root.find("a").range() == range_of(tree, "'b c'"));
  CHECK(root.find("a").full_range() == range_of(tree, "&x !t 'b c'"));
  CHECK(root.find("a").anchor() == "x");
  CHECK(root.find("a").anchor_range() == range_of(tree, "&x"));
  CHECK(root.find("a").tag() == "!t");
  CHECK(root.find("a").tag_range() == range_of(tree, "!t"));
  CHECK(root.find("d").source() == "[e, {f: g}]");
  CHECK(root.find("h").source() == "- i\n  - \"j\"");
  CHECK(root.find("h").style() == Style::block);
  CHECK(root.find("k").source() == "|\n  text\n  more");
  CHECK(root.find("k").text() == "text\nmore\n");
  CHECK(root.find("l").range().empty());
  CHECK(root.find("l").range().end == tree.text().size() - 1);
  CHECK(root.entry("d").range() == range_of(tree, "d: [e, {f: g}]"));
  CHECK(root.entry("a").key.parent() == root);
  CHECK(root.find("a").parent() == root);
  CHECK(!root.parent());
  CHECK(root.size() == 5);
}

TEST_CASE("fragments look like any other nodes") {
  const Tree tree = Tree::parse("services: &s !t\n  a: {x: 1}\n  \"b\": 2\nnetworks:\n  c:\n");
  const Node services = tree.root().find("services");
  CHECK(services.size() == 2);
  CHECK(services.anchor() == "s");
  CHECK(services.tag() == "!t");
  CHECK(services.parent() == tree.root());
  CHECK(services.find("a").parent() == services);
  CHECK(services.entry("b").key.parent() == services);
  CHECK(services.find("b").text() == "2");
  CHECK(services.find("a").find("x").parent() == services.find("a"));
  std::vector<std::string> keys;
  for (const Entry entry : services.entries()) keys.push_back(entry.key.text());
  CHECK(keys == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a node outlives the tree it came from while a copy lives") {
  Node image;
  Tree copy;
  {
    const Tree tree = Tree::parse("services:\n  web:\n    image: nginx\n");
    image = tree.root().find("services").find("web").find("image");
    copy = tree;
  }
  CHECK(image.text() == "nginx");
  CHECK(image == copy.root().find("services").find("web").find("image"));
}

TEST_CASE("scalars are decoded") {
  const auto text = [](const char* yaml) { return Tree::parse(yaml).root().text(); };
  CHECK(text("a b ") == "a b");
  CHECK(text("a\n b\n\n\n c") == "a b\n\nc");
  CHECK(text("'it''s'") == "it's");
  CHECK(text("'a \n  b\n\n c'") == "a b\nc");
  CHECK(text(R"("\x41\u00e9\U0001F600\ud83d\ude00")") == "Aé😀😀");
  CHECK(text(R"("\ud83d")") == "\xEF\xBF\xBD");
  CHECK(text(R"("\0\a\b\t\n\v\f\r\e\ \"\/\\\N\_\L\P")") ==
        std::string("\0\a\b\t\n\v\f\r\x1b \"/\\\xC2\x85\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9", 23));
  CHECK(text("\"a\\\n   b\\n\n\n  c\"") == "ab\n\nc");
  CHECK(text("|\n a\n  b\n\n c\n\n") == "a\n b\n\nc\n");
  CHECK(text("|-\n a\n") == "a");
  CHECK(text("|+\n a\n\n") == "a\n\n");
  CHECK(text("|2-\n   a\n  b\n") == " a\nb");
  CHECK(text(">\n a\n b\n\n c\n  d\n e\n") == "a b\nc\n d\ne\n");
  CHECK(text("|\r\n a\r\n b\r\n") == "a\nb\n");
  CHECK(text("\"a\r\n b\"") == "a b");
}

TEST_CASE("the node at an offset") {
  CHECK(at("|a: b") == "a");
  CHECK(at("a|: b") == "a");
  CHECK(at("a:| b") == "mapping a: b");
  CHECK(at("a: |b") == "b");
  CHECK(at("a: b|") == "b");
  CHECK(at("a: |\n") == "null");
  CHECK(at("services:\n  web:\n    ima|ge: x\n") == "image");
  CHECK(at("services:\n  web:\n    image: x\n  |  ports: y\n") == "mapping image: x");
  CHECK(at("services:\n  web:\n    image: x\n\n|\n  db:\n    image: y\n") == "mapping web:");
  CHECK(at("services:\n  web:\n    image: x\n  d|b:\n    image: y\n") == "db");
  CHECK(at("services:\n  web:\n    image: x\n  db:\n    image: y|\n") == "y");
  CHECK(at("a: [b, |c]") == "c");
  CHECK(at("a: [b,| c]") == "sequence [b, c]");
  CHECK(at("a: &x| b") == "b");
  CHECK(at("a: *x|") == "alias *x");
  CHECK(at("a: [[b]|[c]]") == "sequence [c]");  // Two touch: the one that begins here.
  CHECK(at("a: b\n\n# c|\n") == "nothing");
  CHECK(at("# c|\na: b\n") == "nothing");
  CHECK(at("a: b\n---\nc: |d\n") == "d");
}

TEST_CASE("aliases") {
  const Tree tree = Tree::parse(
      "a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: &loop {f: *loop}\ng: *later\nh: &later 3\n---\ni: *x\n");
  const Node root = tree.root();
  CHECK(root.find("b").resolved() == root.find("a"));
  CHECK(root.find("d").resolved() == root.find("c"));
  CHECK(root.find("b").text() == "x");
  CHECK(!root.find("e").find("f").resolved());
  CHECK(!root.find("g").resolved());
  CHECK(tree.documents()[1].find("i").resolved() == root.find("c"));
  CHECK(root.find("a").resolved() == root.find("a"));
  const Tree chain = Tree::parse("a: &x 1\nb: &y *x\nc: *y\n");
  CHECK(chain.root().find("c").resolved().text() == "1");
}

TEST_CASE("documents and their marks") {
  const Tree tree = Tree::parse("%YAML 1.2 # v\n---\na\n...\n# c\n---\n---\nb\n");
  const std::vector<Node> roots = tree.documents();
  REQUIRE(roots.size() == 3);
  CHECK(roots[0].text() == "a");
  CHECK(roots[1].is_null());
  CHECK(roots[2].text() == "b");
  const std::vector<DocumentMarks> marks = tree.marks();
  REQUIRE(marks.size() == 3);
  CHECK(marks[0].directives == std::vector<Range>{{0, 9}});
  CHECK(marks[0].start == Range{14, 17});
  CHECK(marks[0].end == range_of(tree, "..."));
  CHECK(marks[1].end.empty());
  CHECK(marks[2].start.size() == 3);
  CHECK(tree.findings().empty());
}

TEST_CASE("comments") {
  const Tree tree = Tree::parse(
      "# one\na: b # two\n\nservices: # three\n  # four\n  web: |  # five\n    # text\n  # six\n  "
      "db: \"# text\"\n  x: a#b\n  # seven\ny: [ # eight\n  c ] # ⅸ");
  std::vector<std::string> comments;
  for (const Comment& comment : tree.comments()) {
    comments.push_back(tree.text().substr(comment.range.begin, comment.range.size()));
  }
  CHECK(comments == std::vector<std::string>{"# one", "# two", "# three", "# four", "# five",
                                             "# six", "# seven", "# eight", "# ⅸ"});
}

TEST_CASE("text that is no UTF-8") {
  const auto only_finding = [](std::string text) {
    const Tree tree = Tree::parse(std::move(text));
    CHECK(tree.root().is_null());
    const std::vector<Finding> findings = tree.findings();
    REQUIRE(findings.size() == 1);
    return findings.front().code;
  };
  CHECK(only_finding(std::string("a: b\0c", 6)) == "yaml-encoding");
  CHECK(only_finding(std::string("\xFF\xFE"
                                 "a\0:\0",
                                 6)) == "yaml-encoding");
  CHECK(only_finding(std::string("\0a\0:", 4)) == "yaml-encoding");
  CHECK(only_finding("\x89PNG\r\n\x1a\n\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8\xf7\xf6") ==
        "yaml-encoding");

  const Tree tree = Tree::parse(
      "a: gr\xFC\xDF"
      "e # \xE9\nb: c\n\x07: d\n");
  CHECK(tree.root().find("b").text() == "c");
  CHECK(annotate(tree).find("yaml-invalid-byte") != std::string::npos);
  CHECK(annotate(tree).find("yaml-control-character") != std::string::npos);
  CHECK(tree.findings().size() == 4);
}

TEST_CASE("a byte order mark is skipped, and counted") {
  const Tree tree = Tree::parse("\xEF\xBB\xBFservices:\n  web: x\n");
  CHECK(tree.root().range().begin == 3);
  CHECK(tree.root().find("services").find("web").text() == "x");
  CHECK(tree.findings().empty());
}

TEST_CASE("findings have a bound") {
  std::string text;
  for (std::size_t i = 0; i < 3 * kMaxFindings; ++i) text += "a: b: c\n";
  const std::vector<Finding> findings = Tree::parse(text).findings();
  REQUIRE(findings.size() == kMaxFindings);
  CHECK(findings.back().code == "yaml-too-many");
}

TEST_CASE("nesting has a bound") {
  const std::string opening[] = {"[", "{a: ", "- ", "? ", "[a: ", "[? "};
  for (const std::string& one : opening) {
    std::string text;
    for (int i = 0; i < 3 * kMaxDepth; ++i) text += one;
    text += "x";
    const Tree tree = Tree::parse(text);
    INFO(one);
    CHECK(Invariants(tree).what() == "");
    CHECK(annotate(tree).find("yaml-too-deep") != std::string::npos);
  }
  std::string allowed = "x";
  for (int i = 0; i < kMaxDepth - 1; ++i) allowed = "[" + allowed + "]";
  CHECK(Tree::parse(allowed).findings().empty());
}

TEST_CASE("what is behind a value nested too deep is kept") {
  std::string deep;
  for (int i = 0; i < 2 * kMaxDepth; ++i) deep += "- ";
  const Tree tree =
      Tree::parse("a:\n  " + deep + "x\n    y\nb: [" + std::string(2 * kMaxDepth, '[') +
                  std::string(2 * kMaxDepth, ']') + ", 1]\nc: 2\n");
  CHECK(tree.root().find("c").text() == "2");
  CHECK(tree.root().find("b").size() == 2);
}

}  // namespace dockhand::yaml::test
