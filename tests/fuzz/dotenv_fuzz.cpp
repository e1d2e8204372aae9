#include "compose/dotenv.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// Whatever a .env file holds: names are names, lines are lines of the file, and any text in single
// quotes comes out as it is, with what stands behind it.
namespace {

using namespace dockhand;
using namespace dockhand::compose;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const DotEnv& parsed, std::string_view text) {
  const auto lines = static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  std::uint32_t last = 1;
  for (const DotEnv::Variable& variable : parsed.variables) {
    require(variable.name.find_first_of(" =\n#\"'$") == std::string::npos);
    require(variable.line >= last && variable.line <= lines);
    last = variable.line;
  }
  for (const DotEnv::Problem& problem : parsed.problems) {
    require(!problem.message.empty() && problem.line >= 1 && problem.line <= lines);
  }
}

void check_quoted(std::string_view text, const io::Environment& known) {
  if (text.find('\\') != std::string_view::npos) return;
  std::string file = "X='";
  for (char c : text) file += c == '\'' ? "\\'" : std::string(1, c);
  const DotEnv parsed = parse_dotenv(file + "'\nY=$X", known);
  require(parsed.problems.empty() && parsed.variables.size() == 2);
  require(parsed.variables[0].name == "X" && parsed.variables[0].value == text);
  require(parsed.variables[1].name == "Y" && parsed.variables[1].value == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const io::Environment known({{"A", "1"}, {"E", ""}});
  check(parse_dotenv(text, known), text);
  check(parse_dotenv(text, known, io::Environment({{"B", "2"}})), text);
  check_quoted(text, known);
  return 0;
}
