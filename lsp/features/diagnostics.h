#pragma once

#include <vector>

#include "lsp/documents.h"
#include "lsp/projects.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

// An editor is not sent more than this for one document.
inline constexpr std::size_t kMaxDiagnostics = 1000;

// What is wrong in the document and with the services in it: its findings(), then one for each red
// service, at its key.
std::vector<Diagnostic> diagnostics(const Document& document,
                                    const std::vector<const ProjectState*>& projects);

}  // namespace dockhand::lsp
