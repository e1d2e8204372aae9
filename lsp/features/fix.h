#pragma once

#include <vector>

#include "lsp/documents.h"
#include "lsp/projects.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

inline constexpr std::string_view kFixAll = "source.fixAll.dockhand";

// At most this many fixes are offered at one place.
inline constexpr std::size_t kMaxFixes = 50;

// The fixes of the findings that the range touches, as edits; and one for all that are sure, where
// the editor asks for that kind, as on saving, or a person may choose among several.
std::vector<CodeAction> fix_actions(const Document& document,
                                    const std::vector<const ProjectState*>& projects,
                                    const CodeActionParams& params);

}  // namespace dockhand::lsp
