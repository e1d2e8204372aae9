#pragma once

#include <vector>

#include "base/finding.h"
#include "lsp/documents.h"
#include "lsp/projects.h"

namespace dockhand::lsp {

// What is wrong in the text of a document, in the order of the places, each finding once however
// many projects have it: what the check of its projects found, as severe as the user wants it. Only
// the findings of its syntax while no project was resolved from this very text, since the places of
// another one would be wrong here.
std::vector<Finding> findings(const Document& document,
                              const std::vector<const ProjectState*>& projects);

}  // namespace dockhand::lsp
