#include "yaml/quote.h"

#include <doctest/doctest.h>

#include <string>

#include "yaml/tree.h"

namespace dockhand::yaml::test {
namespace {

// What a reader makes of the text behind a key, with what may follow it.
std::string read_back(const std::string& written) {
  const Tree tree = Tree::parse("a:\n  - k: " + written + "  # c\n  - " + written + "\n");
  CHECK(tree.findings().empty());
  const Node list = tree.documents().front().find("a");
  std::string texts;
  for (const Node item : list.items()) {
    texts += (item.is_mapping() ? item.find("k") : item).text() + "|";
  }
  return texts;
}

const std::string kTexts[] = {
    "a",    "a b",  "a:b",  "a: b", "a #b",    "a#b",      "#a",     "-",     "-a",   "- a",
    "?",    "?a",   ":",    ":a",   "a:",      " a",       "a ",     "",      "[",    "{a",
    "a]",   "*a",   "&a",   "!a",   "|",       ">",        "'a",     "\"a",   "%a",   "@a",
    "`a",   "a'b",  "a\"b", "a\\b", "a\nb",    "a\tb",     "a\r",    "---",   "---a", "...",
    "\x01", "\x7f", "é",    "注文", "\u0085",  "\u2028",   "\ufeff", "👋",     "\\n",  "<<",
    "a,b",  "a, b", "~",    "null", "${A:-b}", "http://x", "x:y:z",  "a\t#b", "\t",   "-\ta"};

}  // namespace

TEST_CASE("what is written is read back") {
  for (const std::string& text : kTexts) {
    INFO(text);
    CHECK(read_back(double_quoted(text)) == text + "|" + text + "|");
    if (is_plain_text(text)) CHECK(read_back(text) == text + "|" + text + "|");
  }
}

TEST_CASE("text that needs no quotes gets none") {
  for (const char* text : {"a", "a b", "a:b", "http://x", "nginx:1.25", "-a", "a'b", "é", "a,b"}) {
    INFO(text);
    CHECK(is_plain_text(text));
  }
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  CHECK_FALSE(is_plain_text("a\xff"));
  CHECK(double_quoted("a\xff") == "\"a\xEF\xBF\xBD\"");
}

}  // namespace dockhand::yaml::test
