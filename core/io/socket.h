#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "base/result.h"

namespace dockhand::io {

// Connects to a TCP port and looks whether somebody is behind it: docker-proxy accepts for a
// container that does not listen and closes 5 ms later, so a connection that is closed within
// `settle` counts as refused. Returns how long the connect took.
// Errors: `tcp-refused`, `tcp-timeout`, `tcp-unreachable`, `cancelled`.
Result<Duration> probe_tcp(const std::string& host, std::uint16_t port, Duration timeout,
                           Duration settle = std::chrono::milliseconds(20),
                           std::stop_token stop = {});

// Docker's cancellation socket (DOCKER_CLI_PLUGIN_SOCKET; an abstract Unix socket when the address
// starts with `@`). Calls `on_cancel` once, from a thread of its own, when docker closes it. A
// socket that cannot be reached is as good as none. Its callback may destroy it.
class CancellationSocket {
 public:
  CancellationSocket(const std::string& address, std::function<void()> on_cancel);
  ~CancellationSocket();
  CancellationSocket(const CancellationSocket&) = delete;
  CancellationSocket& operator=(const CancellationSocket&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dockhand::io
