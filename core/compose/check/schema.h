#pragma once

#include <span>
#include <vector>

#include "base/finding.h"
#include "check/check.h"
#include "compose/report.h"
#include "compose/value.h"

// Whether a model is made of what the catalogue (spec/catalogue.h) knows: keys, types, values.
namespace dockhand::check {

// A compose::Validate. An error is what Compose refuses; what it takes and something else will
// stumble over is a warning. How texts are written that Compose reads further (durations, ports,
// numbers in quotes) is the loader's matter, and so is what is under `x-…`.
void check_schema(const compose::Value& model, compose::Report& report);

// Takes away what the loader says of a value that check_schema() has said more of: the loader reads
// files without the schema too.
void drop_echoes(std::vector<Finding>& findings);

// The codes of its findings; see codes().
std::span<const Code> schema_codes();

}  // namespace dockhand::check
