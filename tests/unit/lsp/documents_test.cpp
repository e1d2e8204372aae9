#include "lsp/documents.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

#include "support.h"

namespace dockhand::lsp {
namespace {

using Change = TextDocumentContentChangeEvent;

Change edit(Position begin, Position end, std::string text) {
  return {LspRange{begin, end}, std::move(text)};
}

std::string after(const std::string& text, std::vector<Change> changes,
                  PositionEncoding encoding = PositionEncoding::utf16) {
  Documents documents;
  documents.set_encoding(encoding);
  documents.open({test::kUri, "yaml", 1, text});
  const Document* changed = documents.change({{test::kUri, 2}, std::move(changes)});
  REQUIRE(changed);
  CHECK(changed->version == 2);
  return changed->text();
}

TEST_CASE("changes apply in their order, each to what the one before it made") {
  CHECK(after("abc\n", {edit({0, 1}, {0, 2}, "X")}) == "aXc\n");
  CHECK(after("abc\n", {edit({0, 1}, {0, 2}, "X"), edit({0, 2}, {0, 3}, "YZ")}) == "aXYZ\n");
  CHECK(after("abc\n", {{std::nullopt, "new"}}) == "new");
  CHECK(after("abc\n", {{std::nullopt, "new"}, edit({0, 3}, {0, 3}, "er")}) == "newer");
  CHECK(after("abc\n", {}) == "abc\n");
  CHECK(after("a\nb\nc\n", {edit({0, 1}, {2, 0}, "")}) == "ac\n");
}

TEST_CASE("columns are those of the agreed unit") {
  CHECK(after("a🐳b", {edit({0, 3}, {0, 4}, "X")}) == "a🐳X");
  CHECK(after("a🐳b", {edit({0, 5}, {0, 6}, "X")}, PositionEncoding::utf8) == "a🐳X");
  // Between the halves of a surrogate pair: the character is not torn apart.
  CHECK(after("a🐳b", {edit({0, 2}, {0, 3}, "X")}) == "aXb");
  CHECK(after("é\r\nb", {edit({0, 1}, {0, 1}, "X")}) == "éX\r\nb");
}

TEST_CASE("ranges that do not exist are clamped") {
  CHECK(after("ab\r\ncd", {edit({0, 99}, {0, 99}, "X")}) == "abX\r\ncd");
  CHECK(after("ab\r\ncd", {edit({99, 0}, {99, 9}, "X")}) == "ab\r\ncdX");
  CHECK(after("", {edit({5, 5}, {9, 9}, "X")}) == "X");
  CHECK(after("abcd", {edit({0, 3}, {0, 1}, "X")}) == "aXd");
}

TEST_CASE("many changes at once are the same as one by one") {
  std::mt19937 random(7);
  std::string text = "services:\n  wéb:\n    image: x🐳\n  db:\r\n    image: y\n";
  std::vector<Change> changes;
  for (int i = 0; i < 60; ++i) {
    const auto line = static_cast<std::uint32_t>(random() % 7);
    const auto column = static_cast<std::uint32_t>(random() % 12);
    const auto end = column + static_cast<std::uint32_t>(random() % 3);
    const char* const texts[] = {"", "a", "\n", "é", "  k:\n", "🐳"};
    changes.push_back(edit({line, column}, {line, end}, texts[random() % 6]));
  }
  std::string expected = text;
  for (const Change& change : changes) expected = after(expected, {change});
  CHECK(after(text, changes) == expected);
}

TEST_CASE("the tree and the lines follow the text") {
  Documents documents;
  documents.open({test::kUri, "yaml", 1, "services:\n  web: {}\n"});
  const Document* document = documents.change({{test::kUri, 2}, {edit({1, 2}, {1, 5}, "shop")}});
  CHECK(document->tree.root().find("services").entry("shop"));
  CHECK(document->lines.line_count() == 3);
}

TEST_CASE("features apply to Compose files by name, or where the editor says so") {
  struct Case {
    const char* uri;
    const char* language;
    bool compose;
    const char* path;
  };
  const Case cases[] = {
      {"file:///a/compose.yaml", "yaml", true, "/a/compose.yaml"},
      {"file:///a/compose.prod.yml", "plaintext", true, "/a/compose.prod.yml"},
      {"file:///a/docker-compose.test.yaml", "", true, "/a/docker-compose.test.yaml"},
      {"file:///a/stack.yaml", "yaml", false, "/a/stack.yaml"},
      {"file:///a/stack.yaml", "dockercompose", true, "/a/stack.yaml"},
      {"file:///a/stack.yaml", "yaml.docker-compose", true, "/a/stack.yaml"},
      {"untitled:compose.yaml", "yaml", true, ""},
      {"git:/a/compose.yaml", "yaml", true, ""},
      {"file://wsl%24/a/compose.yaml", "yaml", true, ""},
      {"", "yaml", false, ""},
  };
  for (const Case& item : cases) {
    CAPTURE(item.uri);
    Documents documents;
    const Document* document = documents.open({item.uri, item.language, 1, "a"});
    REQUIRE(document);
    CHECK(document->compose == item.compose);
    CHECK(document->path == item.path);
  }
}

TEST_CASE("what is not open neither changes nor closes") {
  Documents documents;
  CHECK(documents.change({{"file:///a", 1}, {{std::nullopt, "x"}}}) == nullptr);
  CHECK_FALSE(documents.close("file:///a"));
  documents.open({"file:///a", "", 1, ""});
  CHECK(documents.close("file:///a"));
  CHECK(documents.find("file:///a") == nullptr);
}

TEST_CASE("open documents are bounded") {
  Documents documents;
  for (std::size_t i = 0; i < Documents::kMaxOpen; ++i) {
    CHECK(documents.open({"file:///" + std::to_string(i), "", 1, ""}));
  }
  CHECK(documents.open({"file:///more", "", 1, ""}) == nullptr);
  CHECK(documents.open({"file:///1", "", 2, "again"}));
}

}  // namespace
}  // namespace dockhand::lsp
