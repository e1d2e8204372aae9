#pragma once

#include <string_view>

#include "compose/value.h"
#include "io/environment.h"

// What Compose adds to a model that nobody wrote (compose-go: transform/defaults,
// loader/normalize).
namespace dockhand::compose {

// The defaults of a lifted model: contexts of builds, targets of secrets, protocols of ports,
// counts of devices.
void add_defaults(Value& model);

// What follows from the rest of a typed model: the default network and who is on it, the names of
// networks, volumes, secrets and configs, Dockerfiles, the values of variables that are only named.
void add_implied(Value& model, std::string_view project, const io::Environment& variables);

// `scale` is what `deploy.replicas` says as well.
void agree_on_scale(Value& service);

}  // namespace dockhand::compose
