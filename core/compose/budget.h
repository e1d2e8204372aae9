#pragma once

#include <algorithm>
#include <cstddef>

#include "compose/loader.h"

namespace dockhand::compose {

// How many values one load() may make. What is written in files may reach kMaxNodes; what is copied
// from there (aliases, `<<`, extends, a file that is included twice) kMaxCopies, and more where
// more is written: hostile files ask for thousands of copies of each value, honest ones for a few.
class Budget {
 public:
  // One more value written in a file; false when there are too many.
  bool write() { return ++written_ <= kMaxNodes; }

  // `count` more values that are copies; false when there are too many.
  bool copy(std::size_t count = 1) {
    copied_ += count;
    return copied_ <= std::min(kMaxNodes, kMaxCopies + kCopiesPerNode * written_);
  }

 private:
  static constexpr std::size_t kCopiesPerNode = 8;

  std::size_t written_ = 0;
  std::size_t copied_ = 0;
};

}  // namespace dockhand::compose
