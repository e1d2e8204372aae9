#pragma once

#include "live/snapshot.h"

// Equality over what can be shown: what a session asks before it tells anybody. For this folder
// only. Pure functions.
namespace dockhand::live {

bool same_container(const engine::Container& a, const engine::Container& b);

// Latencies are equal when they read the same.
bool same_probe(const health::ProbeStatus& a, const health::ProbeStatus& b);

// Everything but the time. Containers are equal when they are shared: a session keeps the old one
// where an inspect brought nothing new.
bool same_substance(const Snapshot& a, const Snapshot& b);

}  // namespace dockhand::live
