#pragma once

#include <string>
#include <vector>

#include "plugin/context.h"

namespace dockhand::plugin {

// What a shell may do with the candidates (cobra's ShellCompDirective); they add up.
namespace directive {
inline constexpr int kFiles = 0;
inline constexpr int kNoFiles = 4;
inline constexpr int kOnlyExtensions = 8;  // The candidates are file extensions.
inline constexpr int kOnlyDirectories = 16;
}  // namespace directive

struct Candidate {
  std::string value;
  std::string description;
};

struct Completion {
  std::vector<Candidate> candidates;
  int directive = directive::kNoFiles;
};

// Completes the last of the words that stand behind our name. Reads the compose file where
// services or profiles are wanted; asks the Engine only for names of projects, and not for longer
// than a person notices. Never fails: what cannot be found out is not offered.
Completion complete(Context& context, const std::vector<std::string>& words);

// As the shells' scripts read it: a candidate per line with its description behind a tab, and the
// directive on the last line.
std::string completion_text(const Completion& completion, bool descriptions);

}  // namespace dockhand::plugin
