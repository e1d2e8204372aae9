#pragma once

#include <algorithm>

#include "base/clock.h"

namespace dockhand {

// Lets something happen once in a pause in the long run, and a few times in a row at once, so that
// what happened just before does not delay what matters now. Used by what tells others of changes:
// a live session its observers, the language server its editor. Not thread-safe.
class Pace {
 public:
  explicit Pace(Duration pause) : pause_(pause) {}

  // How many may follow the first at once.
  static constexpr int kAhead = 2;

  // From when on it may happen next.
  Instant next() const { return due_ - kAhead * pause_; }
  void happened(Instant now) { due_ = std::max(now, due_) + pause_; }

 private:
  Duration pause_;
  Instant due_{};  // When it would be due, were none ahead.
};

}  // namespace dockhand
