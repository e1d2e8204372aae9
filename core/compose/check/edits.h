#pragma once

#include <cstdint>
#include <vector>

#include "base/finding.h"
#include "yaml/tree.h"

// The text edits that fixes are made of.
namespace dockhand::check {

// Takes the entry whose key begins at the offset away, with its lines; where it is the only one of
// its mapping, the entry that holds the mapping. No edit where that is more than whole lines: in
// brackets, or behind `- `.
std::vector<TextEdit> remove_entry(const yaml::Tree& tree, std::uint32_t key);

}  // namespace dockhand::check
