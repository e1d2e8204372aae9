#pragma once

#include <memory>
#include <stop_token>

#include "io/environment.h"
#include "io/socket.h"
#include "io/stdio.h"
#include "plugin/world.h"

namespace dockhand::plugin {

// Everything by which a user or docker can end us, as one stop request: signals, and docker's
// socket. A Ctrl-C may come both ways at once and is still one wish. Ctrl-Z stops us at once unless
// somebody listens who has a screen to tidy up first. Made in main before any other thread. Destroy
// it last.
class Cancellation {
 public:
  explicit Cancellation(const io::Environment& environment);

  std::stop_token token() const { return stop_.get_token(); }
  std::shared_ptr<TerminalEvents> terminal_events() const { return terminal_events_; }

 private:
  std::stop_source stop_;
  std::shared_ptr<TerminalEvents> terminal_events_ = std::make_shared<TerminalEvents>();
  io::Signals signals_;
  std::unique_ptr<io::CancellationSocket> socket_;
};

}  // namespace dockhand::plugin
