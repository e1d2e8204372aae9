#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "lsp/documents.h"
#include "lsp/facts.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

struct HoverOptions {
  bool markdown = true;
  Time now{};  // What durations are told from.
};

// All that is known of the service whose name is under the offset: its key, or a dependency.
// Nothing elsewhere.
std::optional<Hover> hover(const Document& document, const FactsList& facts, std::uint32_t offset,
                           const HoverOptions& options);

// The same for one service of one Snapshot, wherever it is named.
std::string hover_text(const live::Snapshot& snapshot, const std::string& service,
                       const HoverOptions& options);

}  // namespace dockhand::lsp
