#include "check/rules.h"

#include <array>

namespace dockhand::check {
namespace {

constexpr std::array<Family, 5> kFamilies = {{
    {"references", check_references},
    {"dependencies", check_dependencies},
    {"conflicts", check_conflicts},
    {"contradictions", check_contradictions},
    {"habits", check_habits},
}};

}  // namespace

std::span<const Family> families() { return kFamilies; }

}  // namespace dockhand::check
