#include "spec/catalogue.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "base/text.h"
#include "spec/catalogue_reader.h"

namespace dockhand::spec {
namespace {

std::string file(const std::string& path) {
  std::ifstream in(DOCKHAND_SOURCE_DIR "/" + path, std::ios::binary);
  REQUIRE(in);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Visits every shape once, with the shortest path to it, those of services first.
template <class Visit>
void walk(const Visit& visit) {
  std::deque<std::pair<std::string, const Shape*>> next = {{"services", find({"services"})->shape},
                                                           {"", &root()}};
  std::set<const Shape*> seen;
  for (; !next.empty(); next.pop_front()) {
    const auto [path, shape] = next.front();
    if (!seen.insert(shape).second) continue;
    visit(path, *shape);
    const std::string below = path.empty() ? "" : path + ".";
    for (const Key& key : shape->keys) next.emplace_back(below + key.name, key.shape);
    if (shape->values) next.emplace_back(below + "*", shape->values);
    if (shape->items) next.emplace_back(below + "[]", shape->items);
  }
}

TEST_CASE("the catalogue has no mistake of its own") {
  CHECK(catalogue_text() == file("core/compose/spec/catalogue.yaml"));
  const Catalogue catalogue = read_catalogue(catalogue_text());
  CHECK(join(catalogue.problems, "\n") == "");
}

TEST_CASE("every key says what it takes, what it does and where that is written") {
  walk([](const std::string& path, const Shape& shape) {
    CAPTURE(path);
    CHECK(shape.kinds != 0);
    const bool anything = shape.kinds == 127;
    const bool has_members = !shape.keys.empty() || shape.values;
    CHECK((anything || has(shape.kinds, Kind::list) == (shape.items != nullptr)));
    CHECK((anything || has(shape.kinds, Kind::map) == has_members));
    for (const Choice& choice : shape.choices) {
      CAPTURE(choice.value);
      CHECK(choice.help.ends_with('.'));
    }
    for (const Key& key : shape.keys) {
      CAPTURE(key.name);
      CHECK(key.shape != nullptr);
      CHECK(key.help.size() > 12);
      CHECK(key.help.ends_with('.'));
      CHECK(key.help.find('\n') == std::string::npos);
      CHECK(key.documentation.starts_with("https://docs.docker.com/reference/compose-file/"));
      CHECK((key.since.empty() || key.since.find_first_not_of("0123456789.") == std::string::npos));
    }
  });
}

// keys.txt holds the keys of every mapping of the format, and is kept by hand.
TEST_CASE("the catalogue holds exactly the keys of the format") {
  std::string list;
  walk([&list](const std::string& path, const Shape& shape) {
    if (shape.keys.empty()) return;
    list += path.empty() ? "/" : path;
    for (const Key& key : shape.keys) list += "\n  " + key.name;
    list += '\n';
  });
  CHECK(list == file("tests/unit/spec/keys.txt"));
}

TEST_CASE("services, jobs and init containers have the keys of containers in common") {
  const Shape& service = *find({"services"})->shape->values;
  const Shape& job = *find({"jobs"})->shape->values;
  const Shape& init = *service.find("pre_start")->shape->items;
  for (const Shape* other : {&job, &init}) {
    for (const Key& key : other->keys) {
      const Key* same = service.find(key.name);
      CAPTURE(key.name);
      CHECK((!same || same->shape == key.shape || key.name == "profiles"));
    }
  }
  CHECK(job.find("ports"));
  CHECK_FALSE(job.find("restart"));
  CHECK_FALSE(init.find("ports"));
}

TEST_CASE("a key is found by its path") {
  const Key* target = find({"services", "web", "ports", "0", "target"});
  REQUIRE(target);
  CHECK(target->name == "target");
  CHECK(target->shape->most == 65535);
  CHECK(find({"services", "*", "deploy", "resources", "limits", "memory"}));
  CHECK(find({"networks", "front", "ipam", "config", "3", "subnet"}));
  CHECK(find({"services"}));
  CHECK_FALSE(find({"services", "web"}));
  CHECK_FALSE(find({"services", "web", "ports", "0"}));
  CHECK_FALSE(find({"services", "web", "bogus"}));
  CHECK_FALSE(find({"services", "web", "image", "deeper"}));
  CHECK_FALSE(find({}));
}

TEST_CASE("a mistake in the catalogue is found") {
  const std::string head = "documentation: https://x/\nroot:\n  docs: page/\n  keys:\n";
  struct Row {
    std::string text;
    std::string problem;
  };
  const std::vector<Row> rows = {
      {head + "    a: string -- Help.\n    a: string -- Help.\n", "the key a is here twice"},
      {head + "    a: string -- Help.\n    b: {is: string, help: Help., defualt: 3}\n",
       "catalogue.yaml:6: `defualt` is no word of this place"},
      {head + "    a: sting -- Help.\n", "catalogue.yaml:5: there is no shape `sting`"},
      {head + "    a: string\n", "a type, ` -- ` and help are wanted"},
      {head + "    a: string -- No sentence\n", "a needs a sentence of help"},
      {head + "    a: string or size -- Help.\n", "two shapes for one kind of value"},
      {head + "    a: {help: Help.}\n", "what may stand here is not said"},
      {head + "    a: {values: {x: Help.}, others: maybe, help: Help.}\n",
       "`refused` or `fine` is wanted"},
      {head + "    a: {is: string, others: fine, help: Help.}\n",
       "there are no values to be other than"},
      {head + "    a: {is: number, least: some, help: Help.}\n", "a whole number is wanted"},
      {head + "    a: {is: string, required: yes, help: Help.}\n",
       "only `true` says something here"},
      {head + "    a: {is: map of string, names: nome, help: Help.}\n", "no such format"},
      {head + "    a: s -- Help.\nshapes:\n  s: list of s\n", "the shape s holds itself"},
      {head + "    a: string -- Help.\nshapes:\n  s: string\n", "nothing refers to the shape s"},
      {head + "    a: size -- Help.\nshapes:\n  size: string\n", "size is the name of a type"},
      {"documentation: https://x/\nroot:\n  keys:\n    a: string -- Help.\n",
       "the documentation of a is not named"},
      {head + "    a: string -- Help.\nshape:\n  s: string\n", "`shape` is no word of this place"},
      {"", "what may stand here is not said"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string problems = join(read_catalogue(row.text).problems, "\n");
    CAPTURE(problems);
    CHECK(problems.find(row.problem) != std::string::npos);
  }
}

TEST_CASE("defaults, versions and deprecations arrive") {
  CHECK(find({"services", "a", "restart"})->default_value == "no");
  CHECK(find({"services", "a", "init"})->default_value == "false");
  CHECK(find({"services", "a", "develop"})->since == "2.22.0");
  CHECK(find({"version"})->deprecated.starts_with("delete it"));
  CHECK(find({"services", "a", "provider", "type"})->required);
  CHECK(find({"services", "a", "image"})->documentation ==
        "https://docs.docker.com/reference/compose-file/services/#image");
  CHECK(find({"services", "a", "deploy", "resources", "limits", "cpus"})->documentation ==
        "https://docs.docker.com/reference/compose-file/deploy/#cpus");
  CHECK(find({"services", "a", "deploy", "resources", "limits"})->documentation ==
        "https://docs.docker.com/reference/compose-file/deploy/#resources");
}

}  // namespace
}  // namespace dockhand::spec
