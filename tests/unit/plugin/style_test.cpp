#include <doctest/doctest.h>

#include "fake_world.h"

using namespace dockhand;

namespace {

using Variables = std::map<std::string, std::string>;

// Whether a status shows colours, links, and symbols beyond ASCII: `colour links unicode`.
std::string looks(const Variables& variables, int columns = 80) {
  FakeWorld world;
  world.files.write("/home/me/shop/compose.yaml",
                    "name: shop\nservices: {web: {image: x, ports: ['80:80']}}\n");
  world.add("web").ports = {{"", 80, 80, "tcp"}};
  world.columns = columns;
  for (const auto& [name, value] : variables) world.environment.set(name, value);
  CHECK(world.run({}) == 0);
  std::string out;
  if (world.out.find("\x1b[32m") != std::string::npos) out += "colour ";
  if (world.out.find("\x1b]8;;") != std::string::npos) out += "links ";
  if (world.out.find("●") != std::string::npos) out += "unicode ";
  return out;
}

}  // namespace

TEST_CASE("a terminal gets what it can show") {
  CHECK(looks({}) == "colour unicode ");
  CHECK(looks({{"TERM", "dumb"}}) == "unicode ");
  CHECK(looks({{"NO_COLOR", "1"}}) == "unicode ");
  CHECK(looks({{"NO_COLOR", ""}}) == "colour unicode ");
  CHECK(looks({{"DOCKHAND_COLOR", "never"}}) == "unicode ");
  CHECK(looks({{"DOCKHAND_COLOR", "always"}, {"NO_COLOR", "1"}}) == "colour unicode ");
  CHECK(looks({{"VTE_VERSION", "6003"}}) == "colour links unicode ");
  CHECK(looks({{"TERM_PROGRAM", "WezTerm"}}) == "colour links unicode ");
  CHECK(looks({{"TERM_PROGRAM", "WezTerm"}, {"FORCE_HYPERLINK", "0"}}) == "colour unicode ");
  CHECK(looks({{"TERM_PROGRAM", "Apple_Terminal"}}) == "colour unicode ");
}

TEST_CASE("a pipe gets plain text unless colour is forced") {
  CHECK(looks({}, 0) == "unicode ");
  CHECK(looks({{"CLICOLOR_FORCE", "1"}}, 0) == "colour unicode ");
  CHECK(looks({{"CLICOLOR_FORCE", "0"}}, 0) == "unicode ");
  CHECK(looks({{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, 0) == "unicode ");
  CHECK(looks({{"FORCE_HYPERLINK", "1"}}, 0) == "unicode ");
}

TEST_CASE("symbols follow the locale") {
  CHECK(looks({{"LANG", "de_DE.utf8"}}) == "colour unicode ");
  CHECK(looks({{"LANG", "C"}}) == "colour ");
  CHECK(looks({{"LC_ALL", "POSIX"}}) == "colour ");
  CHECK(looks({{"LANG", "C"}, {"LC_CTYPE", "en_US.UTF-8"}}) == "colour unicode ");
}
