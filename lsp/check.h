#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lsp/world.h"

namespace dockhand::lsp {

// At most so many positions of a file are tried.
inline constexpr std::size_t kMaxCheckedPositions = 200'000;

// Opens a file in a server of its own, asks every feature at every position, and says through
// `print` how often, how slowly, and what failed: what a bug report needs. Returns 0, or 1 when
// something failed or the file cannot be read.
int check(const std::string& path, const World& world,
          const std::function<int(std::string_view)>& print);

}  // namespace dockhand::lsp
