#pragma once

#include "compose/value.h"

// Recording how values came to be where they are (compose/value.h: Step). Used by the loader's
// steps.
namespace dockhand::compose {

// A longer chain is not lengthened any more: hostile files make them endless.
inline constexpr int kMaxSteps = 16;
// How many earlier values one chain remembers as overridden; a value that more files override in
// turn forgets the first of them.
inline constexpr int kMaxOverrides = 8;

// Says of the value and of all that is in it that it came by `step`, after what is known already.
void came_by(Value& value, const Step& step);

// Says of `above` and of all that is in it that it takes the place of `below`, and of what that
// took the place of.
void takes_place_of(Value& above, const Value& below);

}  // namespace dockhand::compose
