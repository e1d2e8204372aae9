#pragma once

#include <string>
#include <vector>

#include "engine/endpoint.h"

namespace dockhand::engine {

// The argv that carries HTTP to an Engine over ssh, as docker/cli's newest connhelper builds it:
// `docker system dial-stdio` on the other host, as one word that the shell there takes apart. The
// endpoint is one that resolve_endpoint() let through, so everything in it can be quoted.
std::vector<std::string> ssh_command(const Endpoint& endpoint);

// What to type to see the same connection fail, or to mend it: `ssh -l me -p 22 -- host docker
// version`.
std::string ssh_check(const Endpoint& endpoint);

}  // namespace dockhand::engine
