#pragma once

#include <string>
#include <vector>

#include "compose/provenance.h"
#include "plugin/render/style.h"

namespace dockhand::plugin::render {

enum class Secrets { masked, shown };

// The value as YAML in block style, and behind each scalar, as a comment, where it came from. What
// is printed can be read back as YAML; values whose key looks secret are masked unless they are to
// be shown. On a terminal comments that do not fit are cut, unless Style::full is set.
std::vector<std::string> model_lines(const compose::Value& value,
                                     const compose::Provenance& provenance, const Style& style,
                                     Secrets secrets);

}  // namespace dockhand::plugin::render
