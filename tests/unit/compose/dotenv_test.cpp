#include "compose/dotenv.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace dockhand::compose {
namespace {

// `NAME=<value>@line` for each variable, then each problem as `!line message`.
std::string show(std::string_view text) {
  const io::Environment known({{"OS", "os"}, {"A", "from os"}});
  const DotEnv result = parse_dotenv(text, known);
  std::string shown;
  for (const DotEnv::Variable& variable : result.variables) {
    shown += fmt::format("{}=<{}>@{} ", variable.name, variable.value, variable.line);
  }
  for (const DotEnv::Problem& problem : result.problems)
    shown += fmt::format("!{} {} ", problem.line, problem.message);
  if (!shown.empty()) shown.pop_back();
  return shown;
}

}  // namespace

TEST_CASE("the syntax of .env files") {
  struct Case {
    std::string_view text, shown;
  };
  const Case cases[] = {
      {"", ""},
      {"\n\n# comment\n  # another\n", ""},
      {"X=1", "X=<1>@1"},
      {"X=1\nY=2\r\nZ=3", "X=<1>@1 Y=<2>@2 Z=<3>@3"},
      {"\xEF\xBB\xBFX=1", "X=<1>@1"},
      {"  X = 1  ", "X=<1>@1"},
      {"X: 1", "X=<1>@1"},
      {"export X=1", "X=<1>@1"},
      {"exportX=1", "exportX=<1>@1"},
      {"X.y-z[0]=1", "X.y-z[0]=<1>@1"},
      {"X=", "X=<>@1"},
      {"X=\nY=1", "X=<>@1 Y=<1>@2"},
      {"\xE3\x80\x80X=1\xC2\xA0\n\xC2\x85Y\xC2\xA0=\xC2\xA0 2\xE2\x80\xA8", "X=<1>@1 Y=<2>@2"},
      // Comments.
      {"X=1 # c", "X=<1>@1"},
      {"X=1#c", "X=<1#c>@1"},
      {"X=a b  # c", "X=<a b>@1"},
      {"X='1' # c\nY=2", "X=<1>@1 Y=<2>@2"},
      // Quotes.
      {"X='a $OS \\n'", "X=<a $OS \\n>@1"},
      {"X='it\\'s'", "X=<it's>@1"},
      {"X=\"a $OS\\tb\"", "X=<a os\tb>@1"},
      {"X=\"\\$OS $$OS \\\"q\\\" \\z \\\\\"", "X=<$OS $OS \"q\" \\z \\>@1"},
      {"X=\"\\0101\\n\"", "X=<A\n>@1"},
      {"X=\"two\nlines\"\nY=1", "X=<two\nlines>@1 Y=<1>@3"},
      {"X='two\nlines'\nY=1", "X=<two\nlines>@1 Y=<1>@3"},
      {"X=a\"b\"", "X=<a\"b\">@1"},
      // Variables: the environment's first, then earlier lines'.
      {"X=$OS-${NOPE:-d}", "X=<os-d>@1"},
      {"B=1\nX=$B", "B=<1>@1 X=<1>@2"},
      {"A=file\nX=$A", "A=<file>@1 X=<from os>@2"},
      {"B=1\nB=2\nX=$B", "B=<1>@1 B=<2>@2 X=<2>@3"},
      {"X=$NOPE", "X=<>@1"},
      // A name alone inherits.
      {"OS\nNOPE\nX=1", "OS=<os>@1 X=<1>@3"},
      {"OS", "OS=<os>@1"},
      // Mistakes cost their line.
      {"A B=1\nX=1", "X=<1>@2 !1 a name cannot contain a space"},
      {"a!b=1\nX=1", "X=<1>@2 !1 unexpected `!` in the name of a variable"},
      {"Y=1\nX=\"abc\nZ=2", "Y=<1>@1 Z=<2>@3 !2 the quoted value has no end"},
      {"X=${\nY=1", "X=<${>@1 Y=<1>@2 !1 a `$` begins nothing; write `$$` for a `$`"},
      {"X=${U:?gone}", "X=<>@1 !1 required variable U is missing a value: gone"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.text);
    CHECK(show(test.text) == test.shown);
  }
}

TEST_CASE("earlier files are known, and later ones win") {
  const io::Environment earlier({{"A", "earlier"}, {"B", "earlier"}});
  const DotEnv result = parse_dotenv("X=$A\nA=new\nY=$A-$B", io::Environment(), earlier);
  REQUIRE(result.variables.size() == 3);
  CHECK(result.variables[0].value == "earlier");
  CHECK(result.variables[2].value == "new-earlier");
}

TEST_CASE("values that double are left out in the end") {
  std::string text = "A=" + std::string(1000, 'x') + "\n";
  for (int i = 0; i < 1000; ++i) text += "A=$A$A\n";
  text += "B=1\n";
  const DotEnv result = parse_dotenv(text, {});
  std::size_t size = 0;
  for (const DotEnv::Variable& variable : result.variables) size += variable.value.size();
  CHECK(size <= text.size() + kMaxDotEnvGrowth);
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].line == 11);
  CHECK(result.variables.back().name == "B");
}

}  // namespace dockhand::compose
