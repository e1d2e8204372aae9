#pragma once

#include <vector>

#include "lsp/documents.h"
#include "lsp/projects.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

// What can be done with the service on whose key's line, or on whose name as a dependency, the
// range begins; most useful first for its state. Actions are offered where somebody asks for them:
// an editor that asks by itself, for a light bulb, is given only the ones that mend a red service,
// and one that wants to run actions on saving none, since none may act unasked.
std::vector<CodeAction> code_actions(const Document& document,
                                     const std::vector<const ProjectState*>& projects,
                                     const CodeActionParams& params);

}  // namespace dockhand::lsp
