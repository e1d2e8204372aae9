#pragma once

#include <string>
#include <vector>

#include "base/range.h"

namespace dockhand {

enum class Severity { error, warning, information, hint };

// One replacement in the file that the Finding is about.
struct TextEdit {
  Range range;
  std::string text;
};

// A mistake in a user's file. Unlike an Error it never stops the work: the rest of the file is
// still read, and every Finding is reported at once.
struct Finding {
  std::string code;  // Stable and kebab-case ("yaml-tab-indent"): users suppress findings by it.
  Severity severity = Severity::error;
  Range range;
  std::string message;             // Says what to do, not only what is wrong.
  std::vector<TextEdit> fix = {};  // Applied together; empty where only the user can know.
};

}  // namespace dockhand
