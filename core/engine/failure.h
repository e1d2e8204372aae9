#pragma once

#include <string>

#include "base/result.h"
#include "engine/endpoint.h"
#include "io/file_system.h"
#include "io/http.h"

// What went wrong between us and an Engine, in words for people. For http_engine.cpp and ping.cpp.
namespace dockhand::engine {

// The connection failed with this error of io::HttpClient. `ssh` is what the last ssh that failed
// said, or empty; `files` tells whose the socket is.
Error connection_failure(const Error& http, const Endpoint& endpoint, const std::string& ssh,
                         const io::FileSystem& files);

// ssh could not be started at all.
Error ssh_failure(const std::string& why, const Endpoint& endpoint);

// Something answered, but not as an Engine does.
Error garbage(const Endpoint& endpoint, const std::string& why);

// The Engine answered with a status that is no success. `wish` is what it was asked to do: "list
// the containers".
Error answer_failure(const io::HttpResponse& response, const Endpoint& endpoint,
                     const std::string& wish);

// Whether the answer says that our API version is not one of the Engine's.
bool denies_version(const io::HttpResponse& response);

// Neither side's versions reach the other's.
Error too_old(const Endpoint& endpoint, const std::string& why, bool pinned);
Error too_new(const Endpoint& endpoint, const std::string& why, bool pinned);

// The address as it may be shown.
std::string shown(const Endpoint& endpoint);

}  // namespace dockhand::engine
