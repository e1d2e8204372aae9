#include "compose/interpolate.h"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

// Whatever a text with variables holds: it stays within its bound, each problem lies inside the
// text, plain text in front changes nothing, and with its dollars doubled the text comes out as it
// is.
namespace {

using namespace dockhand;
using namespace dockhand::compose;

void require(bool condition) {
  if (!condition) std::abort();
}

const io::Environment& variables() {
  static const io::Environment some({{"A", "1"}, {"E", ""}, {"L", "$A${B}"}, {"_x", "}"}});
  return some;
}

void check_problems(const Interpolated& result, std::string_view text) {
  for (const InterpolationProblem& problem : result.problems) {
    require(problem.range.begin <= problem.range.end && problem.range.end <= text.size());
    using Kind = InterpolationProblem::Kind;
    const bool named = problem.kind == Kind::unset || problem.kind == Kind::required;
    require(named == !problem.name.empty());
    if (problem.kind == Kind::unset) require(!variables().has(problem.name));
  }
  require(result.used.size() <= kMaxUsedVariables);
  std::set<std::string> names;
  for (const UsedVariable& used : result.used) {
    require(names.insert(used.name + (used.is_set ? "+" : "-")).second);
  }
}

std::string with_dollars_doubled(std::string_view text) {
  std::string doubled;
  for (char c : text) doubled.append(c == '$' ? 2 : 1, c);
  return doubled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Interpolated result = interpolate(text, variables());
  require(result.text.size() <= text.size() + kMaxInterpolationGrowth);
  check_problems(result, text);

  const Interpolated behind = interpolate("plain {text} } " + std::string(text), variables());
  require(behind.text == "plain {text} } " + result.text);

  const Interpolated escaped = interpolate(with_dollars_doubled(text), variables());
  require(escaped.text == text && escaped.problems.empty() && escaped.used.empty());
  return 0;
}
