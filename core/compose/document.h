#pragma once

#include <cstdint>

#include "compose/budget.h"
#include "compose/model.h"
#include "compose/report.h"
#include "compose/value.h"
#include "io/environment.h"
#include "yaml/tree.h"

namespace dockhand::compose {

// Values nested deeper than this, aliases expanded, are left out.
inline constexpr int kMaxValueDepth = yaml::kMaxDepth;

// One YAML document as a Value: aliases expanded, `<<` merged, variables in values replaced, all
// with where each is written and how it came here. Findings: compose-duplicate-key,
// compose-key-not-text,
// compose-bare-date, compose-unset-variable, compose-required-variable, compose-bad-interpolation,
// compose-bad-merge, compose-too-deep, compose-too-large.
Value read_document(yaml::Node root, std::uint32_t file, const Scope& scope, Budget& budget,
                    Report& report);

// The value of a scalar alone, variables replaced, without any finding: for `name:`, which is
// needed before the rest can be read.
std::string read_scalar(yaml::Node node, const io::Environment& variables);

}  // namespace dockhand::compose
