#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "io/environment.h"

namespace dockhand::compose {

// `${A:-${B:-${C}}}` and so on, at most so deep.
inline constexpr int kMaxInterpolationDepth = 64;
// Bytes by which variables may make one text longer; what comes after is left out.
inline constexpr std::size_t kMaxInterpolationGrowth = std::size_t{1} << 20;

// So many variables of one text are named as used.
inline constexpr std::size_t kMaxUsedVariables = 32;

// What went wrong in one template.
struct InterpolationProblem {
  enum class Kind {
    unset,      // A variable without a value and without a default: blank.
    required,   // `${X:?message}` or `${X?message}` without a value: blank.
    malformed,  // `${` that begins nothing: left as it is.
    too_deep,   // Nested deeper than kMaxInterpolationDepth: left as it is.
    too_long    // Grown beyond kMaxInterpolationGrowth.
  };
  Kind kind;
  std::string name;     // Of the variable; empty for malformed ones.
  std::string message;  // Of a required one, interpolated.
  Range range;          // Bytes of the template.
};

// A variable that decided what the text became: its value was put in, or, when it `is_set` not, the
// word that stands in for it.
struct UsedVariable {
  std::string name;
  bool is_set = false;
  friend bool operator==(const UsedVariable&, const UsedVariable&) = default;
};

struct Interpolated {
  std::string text;
  std::vector<InterpolationProblem> problems;
  std::vector<UsedVariable> used;  // In the order of the text, each once.
};

// Replaces variables as Compose does (compose-go: template): `$X`, `${X}`, and the forms `:-`, `-`,
// `:?`, `?`, `:+`, `+` with templates inside; `$$` is `$`; a `$` before anything else stays. Never
// fails: what cannot be replaced is a problem.
Interpolated interpolate(std::string_view text, const io::Environment& variables);

}  // namespace dockhand::compose
