#include "plugin/cli/cancellation.h"

namespace dockhand::plugin {

Cancellation::Cancellation(const io::Environment& environment)
    : signals_([this](int) { stop_.request_stop(); }, [this] { resizes_->tell(); }) {
  const std::string& address = environment.get("DOCKER_CLI_PLUGIN_SOCKET");
  if (address.empty()) return;
  socket_ = std::make_unique<io::CancellationSocket>(address, [this] { stop_.request_stop(); });
}

}  // namespace dockhand::plugin
