#pragma once

#include <string>
#include <vector>

#include "io/stdio.h"

namespace dockhand::plugin::render {

// A whole terminal that shows changing lines. It turns lines into the bytes that bring the terminal
// from what it shows to what it should show: changed lines only, so nothing flickers. It writes
// nothing itself. The alternate screen keeps the user's own scrollback as it was, and survives a
// resize, which in the normal screen breaks lines where nobody can know. Not thread-safe.
class Screen {
 public:
  // Enters the alternate screen and hides the cursor; leave() undoes both.
  std::string enter() const;
  std::string leave() const;

  // Lines beyond the terminal's rows are left out, and the last row says how many.
  std::string draw(std::vector<std::string> lines, io::TerminalSize size);

  // The terminal was resized: the next draw() repeats every line.
  void forget() { known_ = false; }

 private:
  bool known_ = false;
  std::vector<std::string> shown_;
};

// The last lines of a normal screen, rewritten in place while something is under way. As Screen, it
// only makes bytes. Not thread-safe.
class LiveRegion {
 public:
  std::string draw(std::vector<std::string> lines, io::TerminalSize size);
  // Takes the region away.
  std::string clear();

 private:
  std::vector<std::string> shown_;
};

}  // namespace dockhand::plugin::render
