#include "plugin/cli/cancellation.h"

namespace dockhand::plugin {

Cancellation::Cancellation(const io::Environment& environment)
    : signals_([this](int) { stop_.request_stop(); },
               [this](io::TerminalEvent event) {
                 const bool heard = terminal_events_->tell(event);
                 if (!heard && event == io::TerminalEvent::suspend) io::suspend_process();
               }) {
  const std::string& address = environment.get("DOCKER_CLI_PLUGIN_SOCKET");
  if (address.empty()) return;
  socket_ = std::make_unique<io::CancellationSocket>(address, [this] { stop_.request_stop(); });
}

}  // namespace dockhand::plugin
