#pragma once

#include <string_view>

#include "compose/report.h"
#include "compose/value.h"

// How Compose lays one file over another (compose-go: override). Maps merge deeply, lists append,
// scalars and nulls replace or leave; the exceptions are one table, in merge_rules.cpp.
// Finding: compose-cannot-override, where a list meets a map; the upper value then counts.
namespace dockhand::compose {

// Lays a whole model over another.
void merge_models(Value& below, Value above, Report& report);

// Lays one service over another, as extends and include do; or one member of another section
// (`networks`, `volumes`, …).
void merge_member(std::string_view section, Value& below, Value above, Report& report);

// Removes what a later entry of a list says again (the same port, target, name, …).
void remove_duplicates(Value& model);

// Forgets the merge tags and takes away what `!reset` asked for.
void drop_tags(Value& value);

}  // namespace dockhand::compose
