#pragma once

#include <cstdint>
#include <string>

#include "io/descriptor.h"
#include "io/wait.h"

namespace dockhand::io {

// Why no connection came about.
enum class ConnectProblem { refused, missing, denied, unreachable, timeout, stopped };

// A connected socket that never blocks and closes on exec, or why there is none.
struct Connected {
  Descriptor socket;
  ConnectProblem problem = ConnectProblem::unreachable;  // Means nothing when there is a socket.
  std::string reason = {};                               // In words that continue a sentence.
};

// Connects to a Unix socket; `@name` is an abstract one. Used inside core/io only.
Connected connect_unix(const std::string& path, const Patience& patience);

// Connects to the first of the host's addresses that answers, trying at most eight. Each gets an
// equal share of the time that is left, so that one dead address does not take it all. A name is
// looked up by a thread of its own, because the system's resolver knows no deadline; `localhost`
// needs no look-up and means both loopback addresses.
Connected connect_tcp(const std::string& host, std::uint16_t port, const Patience& patience);

}  // namespace dockhand::io
