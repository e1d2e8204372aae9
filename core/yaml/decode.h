#pragma once

#include <string>
#include <string_view>

#include "yaml/arena.h"

namespace dockhand::yaml {

// The value of a scalar node whose source is `source`; `rest` is the text behind it. Internal to
// core/yaml; see Node::text().
std::string decode_scalar(const NodeData& node, std::string_view source, std::string_view rest);

}  // namespace dockhand::yaml
