#pragma once

#include <string_view>

#include "lsp/protocol/types.h"

namespace dockhand::lsp {

inline constexpr std::string_view kQuickFix = "quickfix";

// True when `kind` is the wanted kind or one below it: kinds are names with dots.
inline bool is_kind_of(std::string_view kind, std::string_view wanted) {
  return wanted.empty() || kind == wanted ||
         (kind.starts_with(wanted) && kind[wanted.size()] == '.');
}

// True when the editor names no kinds, or one that this is.
inline bool wants_kind(const CodeActionContext& context, std::string_view kind) {
  if (!context.only) return true;
  for (const std::string& wanted : *context.only) {
    if (is_kind_of(kind, wanted)) return true;
  }
  return false;
}

}  // namespace dockhand::lsp
