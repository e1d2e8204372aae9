#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "engine/engine.h"
#include "io/http.h"

namespace dockhand::engine {

// `1.41` as numbers that compare; nothing for anything else.
std::optional<std::pair<int, int>> parse_api_version(std::string_view text);

// Reads the answer to `/_ping`, whatever its status: what counts is that it names a version. The
// API version is the lower one of ours and the Engine's, or `pinned` as it stands when not empty.
Result<EngineInfo> read_ping(const io::HttpResponse& response, const Endpoint& endpoint,
                             std::string_view pinned);

}  // namespace dockhand::engine
