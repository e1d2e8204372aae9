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

// The same for several entries of one mapping, by the offsets of their keys, for each of them an
// edit of its own that does not harm the others: where they are all that there is, every one takes
// the whole mapping away with the entry that holds it, since Compose refuses an empty one.
std::vector<std::vector<TextEdit>> remove_entries(const yaml::Tree& tree,
                                                  const std::vector<std::uint32_t>& keys);

}  // namespace dockhand::check
