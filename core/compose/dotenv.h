#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/environment.h"

namespace dockhand::compose {

// Bytes by which variables may make the values of one file longer, all together.
inline constexpr std::size_t kMaxDotEnvGrowth = std::size_t{1} << 20;

// A `.env` file, as Compose reads it (compose-go: dotenv).
struct DotEnv {
  struct Variable {
    std::string name;
    std::string value;
    std::uint32_t line = 0;  // From 1.
  };
  struct Problem {
    std::string message;
    std::uint32_t line = 0;  // From 1.
  };
  std::vector<Variable> variables;  // In file order, the last of a name counts.
  // Compose stops at the first one; here the line is left out and the rest is read.
  std::vector<Problem> problems;
};

// `KEY=value` or `KEY: value`, `export` allowed; a bare `KEY` inherits from `known`; `#` comments;
// single quotes are literal, double quotes have escapes and variables, both span lines; variables
// in values come from `known` first, from earlier lines next, and from `earlier` files last.
DotEnv parse_dotenv(std::string_view text, const io::Environment& known,
                    const io::Environment& earlier = {});

}  // namespace dockhand::compose
