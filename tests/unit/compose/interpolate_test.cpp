#include "compose/interpolate.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace dockhand::compose {
namespace {

const io::Environment kVariables(
    {{"A", "1"}, {"EMPTY", ""}, {"home", "h"}, {"_x9", "u"}, {"D", "$A"}});

// The text, then each problem as `[kind name "what it covers" message]`.
std::string show(std::string_view text) {
  constexpr std::string_view kKinds[] = {"unset", "required", "malformed", "too long"};
  const Interpolated result = interpolate(text, kVariables);
  std::string shown = result.text;
  for (const InterpolationProblem& problem : result.problems) {
    shown += fmt::format(" [{}", kKinds[static_cast<std::size_t>(problem.kind)]);
    if (!problem.name.empty()) shown += " " + problem.name;
    shown += fmt::format(" \"{}\"", text.substr(problem.range.begin, problem.range.size()));
    if (!problem.message.empty()) shown += " " + problem.message;
    shown += "]";
  }
  return shown;
}

}  // namespace

TEST_CASE("the grammar of variables") {
  struct Case {
    std::string_view text, shown;
  };
  const Case cases[] = {
      {"plain", "plain"},
      {"$A", "1"},
      {"$A.$A-${A}", "1.1-1"},
      {"${A}${A}", "11"},
      {"$_x9", "u"},
      {"$home", "h"},
      {"$HOME", " [unset HOME \"$HOME\"]"},
      {"a ${U} b", "a  b [unset U \"${U}\"]"},
      {"$U$U", " [unset U \"$U\"] [unset U \"$U\"]"},
      // Dollars that begin nothing.
      {"$$A", "$A"},
      {"$$$A", "$1"},
      {"$", "$"},
      {"a$", "a$"},
      {"$ $1 $- $.", "$ $1 $- $."},
      {"$${A}", "${A}"},
      {"}{", "}{"},
      // Defaults.
      {"${U-d}${U:-d}", "dd"},
      {"${EMPTY-d}|${EMPTY:-d}", "|d"},
      {"${A-d}${A:-d}", "11"},
      {"${U-}${U:-}", ""},
      {"${U:-a-b:-c?d+e}", "a-b:-c?d+e"},
      {"${U-b:-c}", "b:-c"},
      {"${U:-$A}", "1"},
      {"${U:-${V:-${W:-deep}}}", "deep"},
      {"${U:-${V}}", " [unset V \"${V}\"]"},
      {"${A:-${V}}", "1"},
      {"${U:-x${A}y}z", "x1yz"},
      {"${U:-$$A}", "$A"},
      // Replacements.
      {"${A+r}${A:+r}", "rr"},
      {"${EMPTY+r}|${EMPTY:+r}", "r|"},
      {"${U+r}${U:+r}", ""},
      {"${A:+<$A>}", "<1>"},
      // What must be there.
      {"${A?no}${A:?no}", "11"},
      {"${EMPTY?no}", ""},
      {"x${EMPTY:?must be}y", "xy [required EMPTY \"${EMPTY:?must be}\" must be]"},
      {"${U?}", " [required U \"${U?}\"]"},
      {"${U:?see ${A} and ${V}}",
       " [unset V \"${V}\"] [required U \"${U:?see ${A} and ${V}}\" see 1 and ]"},
      // Values are not looked at again.
      {"$D", "$A"},
      // Braces are counted.
      {"${U:-{\"a\":1}}", "{\"a\":1}"},
      {"${U:-{}}", "{}"},
      {"${U:-{a}", "{a"},
      {"${U:-a}b}", "ab}"},
      {"${U:-a\n} ${A}", "${U:-a\n} 1 [malformed \"${U\"]"},
      {"${A}\n${U:-x}\n", "1\nx\n"},
      // Malformed.
      {"${", "${ [malformed \"${\"]"},
      {"${}", "${} [malformed \"${\"]"},
      {"${1a}", "${1a} [malformed \"${\"]"},
      {"${A b}$A", "${A b}1 [malformed \"${A\"]"},
      {"${A:}", "${A:} [malformed \"${A\"]"},
      {"${A", "${A [malformed \"${A\"]"},
      {"${A:-x", "${A:-x [malformed \"${A\"]"},
      {"${U:-${V}", "${V [malformed \"${V\"]"},
      {"${U:-${}}", "${} [malformed \"${\"]"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.text);
    CHECK(show(test.text) == test.shown);
  }
}

TEST_CASE("nesting beyond the bound is told once, and no crash") {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "${U:-";
  text += "x";
  text.append(100'000, '}');
  const Interpolated result = interpolate(text, kVariables);
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].kind == InterpolationProblem::Kind::too_deep);
}

TEST_CASE("a text full of openings is read once, not once for each") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "${U:-";
  CHECK(interpolate(text, kVariables).text == text);
}

TEST_CASE("variables cannot make a text grow without bound") {
  io::Environment variables;
  variables.set("BIG", std::string(std::size_t{100} << 10, 'x'));
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "$BIG";
  const Interpolated result = interpolate(text, variables);
  CHECK(result.text.size() <= text.size() + kMaxInterpolationGrowth);
  REQUIRE(result.problems.size() == 1);
  CHECK(result.problems[0].kind == InterpolationProblem::Kind::too_long);
}

}  // namespace dockhand::compose
