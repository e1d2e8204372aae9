#pragma once

#include <cstdint>
#include <string_view>

namespace dockhand::compose {

// What is special about merging the value at one place.
enum class MergeRule : std::uint8_t {
  deep,             // Nothing.
  replace,          // The upper value counts alone, even a null.
  pairs,            // A list of `K=V` or a map: merged as a map.
  append,           // A string or a list: appended.
  append_new,       // A list or a map: appended unless already there.
  lift_names,       // A list of names, or a map: merged as a map.
  lift_depends_on,  // The same; names in lists mean the defaults, and replace what was said.
  lift_context,     // A string is the `context` of a map.
  same_driver,      // Deep when the drivers agree or one is missing, else replaced.
  by_subnet         // A list of maps, merged by their `subnet`.
};

// By what two entries of a list are the same, the later one replacing the earlier in its place.
enum class UniqueBy : std::uint8_t {
  nothing,
  name,    // The text, as far as the first `=`.
  port,    // Address, published, target and protocol.
  volume,  // The mount's target.
  device,  // The target inside.
  secret,  // The target, by default below /run/secrets.
  config,  // The target, by default below the root.
  path     // The `path` of a map, or the text.
};

struct PlaceRule {
  MergeRule merge = MergeRule::deep;
  UniqueBy unique = UniqueBy::nothing;
};

// A place in the model, as far as anything is special there or below. Pointers live forever.
struct RuleNode;

const RuleNode* root_rules();
// The place of a map's member; null where nothing is special any more. Accepts null.
const RuleNode* rules_of_member(const RuleNode* map, std::string_view key);
// Nothing special for null.
PlaceRule rule_at(const RuleNode* place);

}  // namespace dockhand::compose
