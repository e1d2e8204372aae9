#pragma once

#include <string>
#include <vector>

#include "compose/model.h"
#include "compose/project.h"
#include "compose/value.h"

// From the merged model to the canonical one, which `docker compose config` prints: everything in
// its long form, typed, with absolute paths and with all that is implied written out. Each step
// changes the model in place, in time that grows with its size, and keeps the places of its values:
// what nobody wrote is placed where that begins which implies it.
namespace dockhand::compose {

// What Compose does to the model of the project, and to each that is included, before it is laid
// under another: defaults that decide what paths are relative to, and the paths themselves.
void settle(Value& model, const Scope& scope, const io::FileSystem& files);

// Gives `environment` entries without a value, of the lists of an included model, the values that
// its own .env files have.
void take_variables(Value& model, const io::Environment& variables);

// All that is left to do, on a settled model. Findings: compose-bad-value, compose-bad-volume,
// compose-env-file, compose-env-syntax.
void canonicalize(Value& model, const Project& project, const Scope& scope, Workshop& workshop);

// True for a service whose profiles are active, or that has none.
bool is_enabled(const Value& service, const std::vector<std::string>& active);

// Writes the dependencies that other keys imply into `depends_on`.
void imply_dependencies(Value& service, const std::vector<Dependency>& dependencies);

}  // namespace dockhand::compose
