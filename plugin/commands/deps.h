#pragma once

#include <string>
#include <vector>

#include "explain/report.h"
#include "live/snapshot.h"
#include "plugin/cli/command.h"
#include "plugin/context.h"
#include "plugin/render/tree.h"

namespace dockhand::plugin {

struct DepsOptions {
  std::vector<std::string> services;  // Where the trees begin; none is all roots.
  bool reverse = false;               // Who needs them, instead of what they need.
  bool no_trunc = false;
  std::string format = "tree";  // `tree` or `json`.
};

int run_deps(Context& context, const DepsOptions& options);

// The trees, coloured by live state. A service that was shown with its children before is only
// named again.
std::vector<render::TreeNode> dependency_trees(const live::Snapshot& snapshot,
                                               const DepsOptions& options);

extern const Command kDepsCommand;

}  // namespace dockhand::plugin
