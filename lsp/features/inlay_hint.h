#pragma once

#include <vector>

#include "base/range.h"
#include "lsp/documents.h"
#include "lsp/facts.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

// The state of each service at the end of its key's line, and of each dependency that is waited for
// at the end of its own, within `range`. At most one hint for each line. Positions come from the
// document, words from the facts: a file that is broken, or newer than the facts, keeps its hints.
std::vector<InlayHint> inlay_hints(const Document& document, const FactsList& facts, Range range);

}  // namespace dockhand::lsp
