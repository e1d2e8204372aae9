#pragma once

#include "compose/report.h"
#include "compose/value.h"

namespace dockhand::compose {

// Gives every scalar of a lifted model the type that Compose gives it, and the spelling in which
// Compose prints it: after it, an unquoted scalar is the JSON number or boolean that its text
// resolves to, and all others are strings. Lists of `K=V` become maps, commands lists of words.
// What does not fit its place is left as it is; where it is no matter of form alone (`90x` for a
// duration) there is a finding, compose-bad-value.
void cast_model(Value& model, Report& report);

}  // namespace dockhand::compose
