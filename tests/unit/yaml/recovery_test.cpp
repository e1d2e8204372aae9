#include <doctest/doctest.h>

#include <string>

#include "yaml/render.h"
#include "yaml/tree.h"

// Broken text keeps its structure. Each case is a text with its findings marked below their lines,
// and the tree that is left. (A finding's column counts from the `~`.)
namespace dockhand::yaml::test {

namespace {

void check(const char* annotated, const char* expected) {
  const Tree tree = Tree::parse(without_annotations(annotated));
  CHECK(annotate(tree) == annotated);
  CHECK(outline(tree.root()) == expected);
  CHECK(tree.documents().size() == 1);
}

}  // namespace

TEST_CASE("a key without colon, last in its mapping") {
  check(R"(services:
  web:
    image: nginx
    por
~    ^^^ yaml-missing-colon
  db:
    image: postgres
)",
        "{services: {web: {image: nginx, por: ~}, db: {image: postgres}}}");
}

TEST_CASE("a half-typed key among others") {
  check(R"(services:
  web:
    image: nginx
    por
~    ^^^ yaml-missing-colon
    environment:
      A: b
)",
        "{services: {web: {image: nginx, por: ~, environment: {A: b}}}}");
  check(R"(services:
  web:
    por
~    ^^^ yaml-missing-colon
    image: nginx
)",
        "{services: {web: {por: ~, image: nginx}}}");
  check(R"(por
~^^^ yaml-missing-colon
services:
  web: {}
)",
        "{por: ~, services: {web: {}}}");
}

TEST_CASE("a half-typed key keeps what is indented below it") {
  check(R"(services:
  web
~  ^^^ yaml-missing-colon
    image: nginx
  db
~  ^^ yaml-missing-colon
    image: postgres
)",
        "{services: {web: {image: nginx}, db: {image: postgres}}}");
  check(R"(services:
  web:
    ports
~    ^^^^^ yaml-missing-colon
    - "80:80"
    image: nginx
)",
        R"({services: {web: {ports: ["80:80"], image: nginx}}})");
}

TEST_CASE("a colon without a space") {
  check(R"(services:
  web:
    image:nginx
~         ^ yaml-space-after-colon
    ports: []
)",
        "{services: {web: {image:nginx: ~, ports: []}}}");
}

TEST_CASE("tabs as indentation") {
  check(
      "services:\n  web:\n\timage: nginx\n~^ yaml-tab-indent\n\tports: []\n~^ yaml-tab-indent\n  "
      "db: {}\n",
      "{services: {web: {image: nginx, ports: []}, db: {}}}");
  check(
      "services:\n\tweb:\n~^ yaml-tab-indent\n\t\timage: nginx\n~^^ yaml-tab-indent\n"
      "\tdb: {}\n~^ yaml-tab-indent\n",
      "{services: {web: {image: nginx}, db: {}}}");
}

TEST_CASE("a bracket that is not closed") {
  check(
      R"(services:
  web:
    command: ["a", "b"
~             ^ yaml-unclosed-bracket
    image: nginx
  db:
    ports: [80, {target: 81
~           ^ yaml-unclosed-bracket
~                ^ yaml-unclosed-bracket
networks: {}
)",
      R"({services: {web: {command: ["a", "b"], image: nginx}, db: {ports: [80, {target: 81}]}}, networks: {}})");
  check(R"(services:
  web:
    ports:
      - [80
~        ^ yaml-unclosed-bracket
      - 81
)",
        "{services: {web: {ports: [[80], 81]}}}");
}

TEST_CASE("a bracket that closes another kind, or nothing") {
  check(R"(a: [1, {b: 2], 3]
~       ^ yaml-unclosed-bracket
~             ^^^^ yaml-trailing-text
c: {d: 1]}
~        ^ yaml-unexpected-bracket
e: 1
)",
        "{a: [1, {b: 2}], c: {d: 1}, e: 1}");
}

TEST_CASE("a quote that is not closed") {
  check(
      R"(services:
  web:
    image: "nginx
~           ^ yaml-unclosed-quote
    ports:
      - "80:80
~        ^ yaml-unclosed-quote
      - '81:81
~        ^ yaml-unclosed-quote
    command: ["run, fast]
~             ^ yaml-unclosed-bracket
~              ^ yaml-unclosed-quote
  db: {}
)",
      R"({services: {web: {image: "nginx", ports: ["80:80", "81:81"], command: ["run, fast]"]}, db: {}}})");
}

TEST_CASE("wrong indentation") {
  check(R"(services:
  web:
    image: nginx
   ports:
~^^^ yaml-bad-indent
      - "80"
    environment: {}
  db: {}
)",
        R"({services: {web: {image: nginx, ports: ["80"], environment: {}}, db: {}}})");
  check(R"(services:
  web:
    image: nginx
      ports:
~^^^^^^ yaml-bad-indent
        - "80"
    environment: {}
)",
        R"({services: {web: {image: nginx, ports: ["80"], environment: {}}}})");
  check(R"(services:
  web:
    ports:
      - "80"
     - "81"
~^^^^^ yaml-bad-indent
       - "82"
~^^^^^^^ yaml-bad-indent
  db: {}
)",
        R"({services: {web: {ports: ["80", "81", "82"]}, db: {}}})");
}

TEST_CASE("a second colon on a line") {
  check(R"(services:
  web:
    image: nginx: latest
~                ^ yaml-second-colon
    labels:
      - a: b: c
~            ^ yaml-second-colon
  db: {}
)",
        "{services: {web: {image: nginx: latest, labels: [{a: b: c}]}, db: {}}}");
}

TEST_CASE("duplicate keys are kept") { check("a: 1\nb: 2\na: 3\n", "{a: 1, b: 2, a: 3}"); }

TEST_CASE("an alias of nothing") {
  check(R"(a: *none
~   ^^^^^ yaml-undefined-alias
b: &here 1
c: *here
d: &loop [*loop]
~          ^^^^^ yaml-recursive-alias
)",
        "{a: *none, b: &here 1, c: *here, d: &loop [*loop]}");
}

TEST_CASE("an alias of an earlier document's anchor") {
  const Tree tree = Tree::parse("a: &x 1\n---\nb: *x\n---\nc: &x 2\nd: *x\n");
  CHECK(tree.documents()[1].find("b").resolved().text() == "1");
  CHECK(tree.documents()[2].find("d").resolved().text() == "2");
  REQUIRE(tree.findings().size() == 1);
  CHECK(tree.findings()[0].code == "yaml-foreign-alias");
  CHECK(tree.findings()[0].severity == Severity::warning);
}

TEST_CASE("tags are kept as written") {
  check("a: !reset null\nb: !override\n  - c\nd: !!str\ne: !<tag:x,2000:y> f\n",
        "{a: !reset null, b: !override [c], d: !!str ~, e: !<tag:x,2000:y> f}");
}

TEST_CASE("missing values") {
  check("a:\nb: \nc:\n  -\n  - \n  - d\ne: [f: , ]\n", "{a: ~, b: ~, c: [~, ~, d], e: [{f: ~}]}");
}

TEST_CASE("an item among keys and a key among items") {
  check(R"(a: 1
- b
~^ yaml-stray-item
c:
  - d
  e: f
~  ^ yaml-missing-dash
  - g
)",
        "{a: 1, ~: [b], c: [d, {e: f}, g]}");
}

TEST_CASE("brackets and commas") {
  check(R"(a: ["1" b "c", , d]
~        ^ yaml-missing-comma
~               ^ yaml-extra-comma
e: {f: "1" "g": 2,, h}
~           ^ yaml-missing-comma
~                  ^ yaml-extra-comma
)",
        R"({a: ["1", b "c", d], e: {f: "1", "g": 2, h: ~}})");
}

TEST_CASE("a bracket closed at its key's column") {
  check(R"(services:
  web:
    command: [
      a,
    ]
~    ^ yaml-bracket-indent
    image: nginx
)",
        "{services: {web: {command: [a], image: nginx}}}");
}

TEST_CASE("a block scalar with a line that is indented too little") {
  check(R"(a: |
    one
  two
~^^ yaml-block-indent
    three
b: 1
)",
        "{a: \"one\ntwo\nthree\n\", b: 1}");
}

TEST_CASE("text behind a value") {
  check(R"(a: "b" c
~       ^ yaml-trailing-text
d: [e] f: g # why
~       ^^^^ yaml-trailing-text
h: "i"#j
~      ^ yaml-comment-space
)",
        "{a: \"b\", d: [e], h: \"i\"}");
}

TEST_CASE("a list or a mapping on its key's line") {
  check(R"(a: - b
~   ^ yaml-block-on-same-line
   - c
d: 1
)",
        "{a: [b, c], d: 1}");
}

TEST_CASE("what no scalar begins with") {
  check(R"(a: @b
~   ^ yaml-reserved-character
c: %d
~   ^ yaml-reserved-character
e: "\q"
~    ^^ yaml-bad-escape
)",
        "{a: @b, c: %d, e: \"\\q\"}");
}

TEST_CASE("what follows a complete document is kept as another") {
  const Tree tree = Tree::parse("[a]\nb\n");
  REQUIRE(tree.documents().size() == 2);
  CHECK(outline(tree.documents()[1]) == "b");
  CHECK(annotate(tree) == "[a]\nb\n~^ yaml-content-after-root\n");
}

TEST_CASE("every finding says what to do") {
  const Tree tree = Tree::parse("a\nb:c\n\td: [1 2,,\ne: 'f\ng: *h\n");
  REQUIRE(tree.findings().size() > 6);
  for (const Finding& finding : tree.findings()) {
    INFO(finding.code << ": " << finding.message);
    CHECK(finding.code.starts_with("yaml-"));
    CHECK(finding.message.find(": ") != std::string::npos);
    CHECK(finding.message.back() != '.');
  }
}

}  // namespace dockhand::yaml::test
