#include "compose/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/text.h"
#include "compose/canonical/placed.h"
#include "compose/key_index.h"
#include "compose/merge_rules.h"
#include "compose/scalar.h"
#include "compose/steps.h"

namespace dockhand::compose {
namespace {

constexpr std::size_t kMaxPoolPairs = 10'000;  // Beyond it, pools are only appended.

class Merger {
 public:
  explicit Merger(Report& report) : report_(report) {}

  void merge(Value& below, Value above, const RuleNode* place) {
    if (above.tag != MergeTag::none || below.tag == MergeTag::reset) {
      return replace(below, std::move(above));
    }
    below.tag = MergeTag::none;
    switch (rule_at(place).merge) {
      case MergeRule::deep:
        return deep(below, std::move(above), place);
      case MergeRule::replace:
        return replace(below, std::move(above));
      case MergeRule::pairs:
        return pairs(below, std::move(above), place);
      case MergeRule::append:
        return append(below, std::move(above));
      case MergeRule::append_new:
        return append_new(below, std::move(above));
      case MergeRule::lift_names:
      case MergeRule::lift_depends_on:
        return names(below, std::move(above), place);
      case MergeRule::lift_context:
        return context(below, std::move(above), place);
      case MergeRule::same_driver:
        return driver(below, std::move(above), place);
      case MergeRule::by_subnet:
        return subnets(below, std::move(above), place);
    }
  }

 private:
  static void replace(Value& below, Value above) {
    takes_place_of(above, below);
    below = std::move(above);
  }

  void deep(Value& below, Value above, const RuleNode* place) {
    if (above.is_null()) return;
    if (below.map() && above.map()) return maps(below, std::move(above), place);
    if (below.list() && above.list()) return lists(below, std::move(above));
    if (below.map() || below.list()) {
      report_.error(
          "compose-cannot-override", above.origin,
          fmt::format("a {} cannot override the {} that `{}` is below; write it in the same form, "
                      "or tag it !override",
                      above.map()    ? "mapping"
                      : above.list() ? "list"
                                     : "scalar",
                      below.map() ? "mapping" : "list", printable(key_)));
    }
    replace(below, std::move(above));
  }

  void maps(Value& below, Value above, const RuleNode* place) {
    Value::Map& members = *below.map();
    KeyIndex index(members);
    for (Member& member : *above.map()) {
      Member* existing = index.find(member.key);
      if (!existing) {
        members.push_back(std::move(member));
        continue;
      }
      existing->key_origin = member.key_origin;
      key_ = existing->key;
      merge(existing->value, std::move(member.value), rules_of_member(place, existing->key));
    }
    below.origin = above.origin;
  }

  // What is there already, written in the same way, is not said twice.
  static void lists(Value& below, Value above) {
    Value::List& items = *below.list();
    std::unordered_set<std::string> known;
    for (const Value& item : items) known.insert(written(item));
    for (Value& item : *above.list()) {
      if (known.insert(written(item)).second) items.push_back(std::move(item));
    }
    below.origin = above.origin;
  }

  // The value as text, the same for two values only when they are equal to Compose.
  static std::string written(const Value& value) {
    if (const Value::Scalar* scalar = value.scalar()) {
      const bool is_text = std::holds_alternative<std::string_view>(resolve(*scalar));
      return fmt::format("{}{}:{}", is_text ? 's' : 'p', scalar->text.size(), to_text(value));
    }
    std::vector<std::string> parts;
    if (const Value::List* list = value.list()) {
      for (const Value& item : *list) parts.push_back(written(item));
      return fmt::format("[{}]", join(parts, ","));
    }
    if (const Value::Map* map = value.map()) {
      for (const Member& member : *map) {
        parts.push_back(
            fmt::format("{}:{}{}", member.key.size(), member.key, written(member.value)));
      }
      std::sort(parts.begin(), parts.end());
      return fmt::format("{{{}}}", join(parts, ","));
    }
    return "-";
  }

  void pairs(Value& below, Value above, const RuleNode* place) {
    pairs_to_map(below);
    pairs_to_map(above);
    deep(below, std::move(above), place);
  }

  static void scalar_to_list(Value& value) {
    if (!value.scalar()) return;
    Value::List list;
    list.push_back(value);
    value.data = std::move(list);
  }

  void append(Value& below, Value above) {
    scalar_to_list(below);
    scalar_to_list(above);
    deep(below, std::move(above), nullptr);
  }

  // A map's members as `K=V` items; a list of values becomes one item each.
  static void map_to_pairs(Value& value) {
    Value::Map* map = value.map();
    if (!map) return;
    Value::List list;
    for (Member& member : *map) {
      const auto add = [&](const Value& right) {
        list.push_back(
            part_of(right, right.is_null() ? member.key : member.key + "=" + to_text(right)));
      };
      if (const Value::List* several = member.value.list()) {
        for (const Value& one : *several) add(one);
      } else {
        add(member.value);
      }
    }
    value.data = std::move(list);
  }

  void append_new(Value& below, Value above) {
    map_to_pairs(below);
    map_to_pairs(above);
    if (below.list() && above.list()) {
      std::unordered_map<std::string, bool> known;
      for (const Value& item : *below.list()) known.emplace(to_text(item), true);
      std::erase_if(*above.list(),
                    [&](const Value& item) { return known.contains(to_text(item)); });
    }
    deep(below, std::move(above), nullptr);
  }

  // A list of names as a map of nulls, or of what depends_on means by a name.
  static void names_to_map(Value& value, bool depends_on) {
    if (!value.list()) return;
    compose::names_to_map(value);
    if (!depends_on) return;
    for (Member& member : *value.map()) {
      Value::Map meaning;
      add(meaning, "condition", part_of(member.value, "service_started"));
      add(meaning, "required", implied_plain(member.value, "true"));
      member.value.data = std::move(meaning);
    }
  }

  void names(Value& below, Value above, const RuleNode* place) {
    if (above.is_null()) {
      return report_.error(
          "compose-cannot-override", above.origin,
          fmt::format("`{}` is there below, and nothing cannot override it; leave the key out, or "
                      "tag it !reset",
                      printable(key_)));
    }
    const bool depends_on = rule_at(place).merge == MergeRule::lift_depends_on;
    names_to_map(below, depends_on);
    names_to_map(above, depends_on);
    deep(below, std::move(above), place);
  }

  static void context_to_map(Value& value) {
    if (!value.scalar()) return;
    Value::Map map;
    map.push_back({"context", value.origin, value});
    value.data = std::move(map);
  }

  void context(Value& below, Value above, const RuleNode* place) {
    context_to_map(below);
    context_to_map(above);
    deep(below, std::move(above), place);
  }

  void driver(Value& below, Value above, const RuleNode* place) {
    const Value* lower = below.find("driver");
    const Value* upper = above.find("driver");
    if (lower && upper && lower->text() != upper->text()) {
      replace(below, std::move(above));
    } else {
      deep(below, std::move(above), place);
    }
  }

  // Compose meets each pool below with each one above, and a pool below that was once laid under
  // one of another subnet takes that subnet: it may lose pools in this way, and so do we.
  void subnets(Value& below, Value above, const RuleNode* place) {
    if (!below.list() || !above.list()) return deep(below, std::move(above), place);
    Value::List& originals = *below.list();
    Value::List& overrides = *above.list();
    if (originals.size() * overrides.size() > kMaxPoolPairs) return lists(below, std::move(above));
    std::vector<const Value*> pools;
    const auto pool_of = [&](const std::string& wanted) {
      return std::find_if(pools.begin(), pools.end(),
                          [&](const Value* pool) { return subnet(*pool) == wanted; });
    };
    for (Value& original : originals) {
      for (const Value& override : overrides) {
        const std::string wanted = subnet(override);
        if (wanted != subnet(original) && pool_of(wanted) == pools.end()) {
          pools.push_back(&override);
          continue;
        }
        deep(original, override, nullptr);
        const auto place = pool_of(subnet(original));
        if (place == pools.end()) {
          pools.push_back(&original);
        } else {
          *place = &original;
        }
      }
    }
    Value::List merged;
    for (const Value* pool : pools) merged.push_back(*pool);
    below.data = std::move(merged);
    below.origin = above.origin;
  }

  static std::string subnet(const Value& item) {
    const Value* found = item.find("subnet");
    return found ? std::string(found->text()) : std::string();
  }

  Report& report_;
  std::string key_;  // Of the member that is being merged, or of the last one above it.
};

std::string member_text(const Value& item, std::string_view key, std::string_view fallback = {}) {
  const Value* found = item.find(key);
  return found ? to_text(*found) : std::string(fallback);
}

// A number and a text are different ports to Compose, though they are printed alike.
std::string published_text(const Value& item) {
  const Value* published = item.find("published");
  const Value::Scalar* scalar = published ? published->scalar() : nullptr;
  if (!scalar) return {};
  const bool is_text = std::holds_alternative<std::string_view>(resolve(*scalar));
  return is_text ? scalar->text : "#" + to_text(*published);
}

std::string port_key(const Value& item) {
  if (!item.map()) return to_text(item);
  return fmt::format("{}:{}:{}/{}", member_text(item, "host_ip", "0.0.0.0"), published_text(item),
                     member_text(item, "target"), member_text(item, "protocol", "tcp"));
}

// The end of a part of `source:target:options` that begins at `at`. A colon behind a single letter
// belongs to a Windows drive.
std::size_t part_end(std::string_view text, std::size_t at) {
  const std::size_t colon = text.find(':', at);
  const bool drive = colon == at + 1 &&
                     ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z'));
  return std::min(drive ? text.find(':', colon + 1) : colon, text.size());
}

// The path inside the container, which is the second part, or the only one.
std::string volume_target(std::string_view text) {
  const std::size_t first = part_end(text, 0);
  if (first == text.size()) return std::string(text);
  const std::size_t second = part_end(text, first + 1);
  return std::string(text.substr(first + 1, second - first - 1));
}

std::string device_target(std::string_view text) {
  const std::size_t first = text.find(':');
  if (first == std::string_view::npos) return std::string(text);
  return std::string(text.substr(first + 1, text.find(':', first + 1) - first - 1));
}

std::string mount_target(const Value& item, std::string_view directory) {
  if (!item.map()) return fmt::format("{}/{}", directory, item.text());
  if (const Value* target = item.find("target")) return std::string(target->text());
  return fmt::format("{}/{}", directory, member_text(item, "source"));
}

std::string unique_key(const Value& item, UniqueBy by) {
  switch (by) {
    case UniqueBy::nothing:
      return {};
    case UniqueBy::name: {
      const std::string text = to_text(item);
      return text.substr(0, text.find('='));
    }
    case UniqueBy::port:
      return port_key(item);
    case UniqueBy::volume:
      return item.map() ? member_text(item, "target") : volume_target(item.text());
    case UniqueBy::device:
      return item.map() ? member_text(item, "target") : device_target(item.text());
    case UniqueBy::secret:
      return mount_target(item, "/run/secrets");
    case UniqueBy::config:
      return mount_target(item, "");
    case UniqueBy::path:
      return item.map() ? member_text(item, "path") : std::string(item.text());
  }
  return {};
}

void keep_last_of_each(Value::List& list, UniqueBy by) {
  if (list.size() < 2) return;
  std::unordered_map<std::string, std::size_t> places;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto [place, fresh] = places.emplace(unique_key(list[i], by), kept);
    if (place->second != i) {
      if (!fresh) takes_place_of(list[i], list[place->second]);
      list[place->second] = std::move(list[i]);
    }
    if (fresh) ++kept;
  }
  list.resize(kept);
}

void remove_duplicates_at(Value& value, const RuleNode* place) {
  if (!place) return;
  if (Value::Map* map = value.map()) {
    for (Member& member : *map)
      remove_duplicates_at(member.value, rules_of_member(place, member.key));
  } else if (Value::List* list = value.list()) {
    const UniqueBy by = rule_at(place).unique;
    if (by != UniqueBy::nothing) keep_last_of_each(*list, by);
  }
}

}  // namespace

void merge_models(Value& below, Value above, Report& report) {
  Merger(report).merge(below, std::move(above), root_rules());
}

void merge_member(std::string_view section, Value& below, Value above, Report& report) {
  const RuleNode* any_member = rules_of_member(rules_of_member(root_rules(), section), "*");
  Merger(report).merge(below, std::move(above), any_member);
}

void remove_duplicates(Value& model) { remove_duplicates_at(model, root_rules()); }

void drop_tags(Value& value) {
  value.tag = MergeTag::none;
  if (Value::Map* map = value.map()) {
    std::erase_if(*map, [](const Member& member) { return member.value.tag == MergeTag::reset; });
    for (Member& member : *map) drop_tags(member.value);
  } else if (Value::List* list = value.list()) {
    for (Value& item : *list) drop_tags(item);
  }
}

}  // namespace dockhand::compose
