#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugin/context.h"
#include "plugin/render/style.h"

namespace dockhand::plugin {

// One thing that was looked at.
struct Check {
  enum class Verdict : std::uint8_t { ok, note, broken };
  std::string name;
  Verdict verdict = Verdict::ok;
  std::string detail;
  std::string fix;  // What to do; empty when nothing need be done.
};

// Looks at everything that Dockhand needs, one after the other.
std::vector<Check> examine(Context& context);

std::vector<std::string> check_lines(const std::vector<Check>& checks, const render::Style& style);

}  // namespace dockhand::plugin
