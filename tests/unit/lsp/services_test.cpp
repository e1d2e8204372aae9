#include "lsp/services.h"

#include <doctest/doctest.h>

#include "support.h"

namespace dockhand::lsp {
namespace {

using test::unmark;

std::string describe(const std::vector<Mention>& mentions) {
  std::string out;
  for (const Mention& mention : mentions) {
    if (!out.empty()) out += ' ';
    out += mention.dependent.empty() ? mention.name : mention.dependent + ">" + mention.name;
  }
  return out;
}

std::string all_of(const std::string& text) {
  return describe(mentions(yaml::Tree::parse(text), {0, static_cast<std::uint32_t>(text.size())}));
}

TEST_CASE("services and the dependencies in them are found in every shape") {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"", ""},
      {"{}", ""},
      {"services:", ""},
      {"services: true", ""},
      {"services: [web, db]", ""},
      {"services: {}\n", ""},
      {"services:\n  web:\n  db:\n", "web db"},
      {"services:\n  web:\n    depends_on: [db, cache]\n  db: {}\n", "web web>db web>cache db"},
      {"services:\n  web:\n    depends_on:\n      - db\n      -\n      - [a]\n", "web web>db"},
      {"services:\n  web:\n    depends_on:\n      db:\n        condition: service_healthy\n",
       "web web>db"},
      {"services:\n  web:\n    depends_on: db\n", "web"},
      {"services: {web: {depends_on: [db]}, db: {image: x}}", "web web>db db"},
      {"services:\n  \"web\":\n  'db':\n", "web db"},
      {"services:\n  <<: *base\n  x-common: {}\n  web: {}\n", "web"},
      {"services:\n  ? [a, b]\n  : {}\n  web: {}\n", "web"},
      {"services:\n  web: {}\n---\nservices:\n  db: {}\n", "web db"},
      {"services:\r\n  web:\r\n    depends_on:\r\n      - db\r\n", "web web>db"},
      {"\xEF\xBB\xBFservices:\n  web: {}\n", "web"},
      {"services:\n  web:\n    depends_on:\n      - *name\n", "web"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    CHECK(all_of(item.text) == item.expected);
  }
}

TEST_CASE("only what begins in the range is given") {
  const auto marked = unmark(
      "services:\n  a: {}\n  b:\n    depends_on:\n[[      - a\n      - c\n  c: {}\n]]  d: {}\n");
  const Range range{marked.ranges[0].begin, marked.ranges[0].end - 1};
  CHECK(describe(mentions(yaml::Tree::parse(marked.text), range)) == "b>a b>c c");
}

TEST_CASE("a name is found under the cursor, from its first byte to behind its last") {
  const auto marked = unmark(
      "^services:\n  ^w^eb^:^ \n    image: ^x\n    depends_on:\n      - ^d^b^\n  ^db^: {^}\n^");
  const yaml::Tree tree = yaml::Tree::parse(marked.text);
  std::vector<std::string> found;
  for (const std::uint32_t point : marked.points) {
    const auto mention = mention_at(tree, point);
    found.push_back(mention ? describe({*mention}) : "-");
  }
  const std::vector<std::string> expected = {"-",      "web",    "web", "web", "-", "-", "web>db",
                                             "web>db", "web>db", "db",  "db",  "-", "-"};
  CHECK(found == expected);
}

TEST_CASE("the service around a place is known") {
  const auto marked =
      unmark("services:\n  web:\n    ima^ge: x\n\n  db:\n    depends_on: [^]\nvolumes:\n  ^x:\n");
  const yaml::Tree tree = yaml::Tree::parse(marked.text);
  CHECK(service_around(tree, marked.points[0])->name == "web");
  CHECK(service_around(tree, marked.points[1])->name == "db");
  CHECK_FALSE(service_around(tree, marked.points[2]));
}

TEST_CASE("a service is found by name, the last of several") {
  const auto marked = unmark("services:\n  web: {}\n  db: {}\n---\nservices:\n  [[web]]: {}\n");
  const yaml::Tree tree = yaml::Tree::parse(marked.text);
  CHECK(find_service(tree, "web")->range == marked.ranges[0]);
  CHECK_FALSE(find_service(tree, "cache"));
  CHECK(services_key(tree) == Range{0, 8});
}

TEST_CASE("a file of overrides is told from one that stands alone") {
  const auto alone = [](const char* text) { return stands_alone(yaml::Tree::parse(text)); };
  CHECK(alone("services:\n  web: {image: x}\n  db: {build: .}\n"));
  CHECK(alone("services:\n  web: {extends: {service: y}}\n"));
  CHECK_FALSE(alone("services:\n  web: {image: x}\n  db: {ports: [1]}\n"));
  CHECK_FALSE(alone("services: {}\n"));
  CHECK_FALSE(alone("networks: {}\n"));
  CHECK_FALSE(alone(""));
}

}  // namespace
}  // namespace dockhand::lsp
