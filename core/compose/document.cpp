#include "compose/document.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "compose/interpolate.h"
#include "compose/key_index.h"
#include "compose/scalar.h"
#include "compose/steps.h"

namespace dockhand::compose {
namespace {

// False for a number, a boolean and the like.
bool is_text(yaml::Node key) {
  return key.style() != yaml::Style::plain || key.tag() == "!!str" ||
         std::holds_alternative<std::string_view>(resolve_plain(key.text()));
}

bool is_merge_key(yaml::Node key) {
  return key.is_scalar() && key.style() == yaml::Style::plain && key.source() == "<<";
}

// Whether a plain scalar is what its tag, one of YAML's own, says that it is.
bool fits_tag(std::string_view tag, const Typed& typed) {
  const bool is_integer =
      std::holds_alternative<std::int64_t>(typed) || std::holds_alternative<std::uint64_t>(typed);
  if (tag == "!!null") return std::holds_alternative<std::monostate>(typed);
  if (tag == "!!bool") return std::holds_alternative<bool>(typed);
  if (tag == "!!int") return is_integer;
  if (tag == "!!float") return is_integer || std::holds_alternative<double>(typed);
  return true;
}

MergeTag merge_tag(std::string_view tag) {
  if (tag == "!reset") return MergeTag::reset;
  return tag == "!override" ? MergeTag::override : MergeTag::none;
}

class DocumentReader {
 public:
  DocumentReader(std::uint32_t file, const Scope& scope, Budget& budget, Report& report)
      : file_(file), scope_(scope), budget_(budget), report_(report) {}

  Value read(yaml::Node node) {
    if (node.is_alias()) return expanded(node);
    const Origin where = origin(node);
    if (!afford(where)) return Value(where);
    Value value = content(node, where);
    value.tag = merge_tag(node.tag());
    return value;
  }

 private:
  Origin origin(yaml::Node node) const { return {file_, node.range()}; }

  // Counts one value, and its depth.
  bool afford(Origin where) {
    if (!(copies_ > 0 ? budget_.copy() : budget_.write())) {
      if (!exhausted_) {
        report_.error("compose-too-large", where,
                      "too many values once aliases are expanded; the rest is left out");
      }
      exhausted_ = true;
      return false;
    }
    if (depth_ <= kMaxValueDepth) return true;
    report_.error(
        "compose-too-deep", where,
        fmt::format("nested deeper than {} levels; what is below is left out", kMaxValueDepth));
    return false;
  }

  Value expanded(yaml::Node alias) {
    const yaml::Node target = alias.resolved();
    if (!target) return Value(origin(alias));
    ++copies_;
    Value value = read(target);
    --copies_;
    came_by(value, {Step::Kind::alias, origin(alias)});
    return value;
  }

  Value content(yaml::Node node, Origin where) {
    switch (node.kind()) {
      case yaml::Kind::scalar:
        return scalar(node, where);
      case yaml::Kind::sequence:
        return sequence(node, where);
      case yaml::Kind::mapping:
        return mapping(node, where);
      default:
        return Value(where);
    }
  }

  Value scalar(yaml::Node node, Origin where) {
    Value::Scalar result{node.text(), node.style() != yaml::Style::plain};
    const std::string_view tag = node.tag();
    if (tag == "!!str") result.quoted = true;
    if (result.text.find('$') != std::string::npos) return replaced(node, result.text, where);
    if (!result.quoted) {
      const Typed typed = resolve_plain(result.text);
      if (!fits_tag(tag, typed)) {
        report_.error("compose-bad-tag", where,
                      fmt::format("`{}` is not what its tag {} says; correct one of the two",
                                  printable(result.text), printable(tag)));
      }
      if (std::holds_alternative<std::monostate>(typed)) return Value(where);
      if (std::holds_alternative<Date>(typed)) {
        report_.warning(
            "compose-bare-date", where,
            fmt::format("Compose takes {} for a date, which is no text; put it in quotes",
                        result.text));
      }
    }
    return Value(std::move(result), where);
  }

  // Where the file holds the scalar's text as it is, so that a part of it has a place of its own.
  static std::optional<std::uint32_t> verbatim_at(yaml::Node node, std::string_view text,
                                                  Origin where) {
    const std::string_view source = node.source();
    if (source == text) return where.range.begin;
    if (source.size() == text.size() + 2 && source.substr(1, text.size()) == text) {
      return where.range.begin + 1;
    }
    return std::nullopt;
  }

  Value replaced(yaml::Node node, const std::string& text, Origin where) {
    Interpolated result = interpolate(text, scope_.variables);
    const std::optional<std::uint32_t> begin = verbatim_at(node, text, where);
    for (InterpolationProblem& problem : result.problems) {
      Origin at = where;
      if (begin) at.range = {*begin + problem.range.begin, *begin + problem.range.end};
      tell(problem, at);
    }
    Value value = string_value(std::move(result.text), where);
    for (const UsedVariable& used : result.used) came_by(value, step(used));
    return value;
  }

  Step step(const UsedVariable& used) const {
    if (!used.is_set) return {Step::Kind::fallback, {}, used.name};
    const auto place = scope_.places.find(used.name);
    if (place == scope_.places.end()) return {Step::Kind::variable, {}, used.name};
    return {Step::Kind::variable, {}, used.name, place->second.file, place->second.line};
  }

  void tell(const InterpolationProblem& problem, Origin where) {
    switch (problem.kind) {
      case InterpolationProblem::Kind::unset:
        return report_.warning(
            "compose-unset-variable", where,
            fmt::format("the variable {} is not set and reads as blank; set it, or write "
                        "${{{}:-default}}",
                        problem.name, problem.name));
      case InterpolationProblem::Kind::required:
        return report_.error(
            "compose-required-variable", where,
            problem.message.empty()
                ? fmt::format("required variable {} is missing a value", problem.name)
                : fmt::format("required variable {} is missing a value: {}", problem.name,
                              problem.message));
      case InterpolationProblem::Kind::malformed:
        return report_.error("compose-bad-interpolation", where,
                             "this is no variable; write $$ where a $ is meant");
      case InterpolationProblem::Kind::too_deep:
        return report_.error("compose-bad-interpolation", where,
                             fmt::format("variables stand in each other's defaults more than {} "
                                         "deep; take some out",
                                         kMaxInterpolationDepth));
      case InterpolationProblem::Kind::too_long:
        return report_.error("compose-bad-interpolation", where,
                             "the value is too long once its variables are replaced");
    }
  }

  Value sequence(yaml::Node node, Origin where) {
    Value::List list;
    ++depth_;
    for (const yaml::Node item : node.items()) {
      if (exhausted_) break;
      Value value = read(item);
      if (value.tag != MergeTag::reset) list.push_back(std::move(value));
    }
    --depth_;
    return Value(std::move(list), where);
  }

  // A map while its members come in: those written in it win over those that `<<` brings.
  struct Building {
    Value::Map map;
    KeyIndex index{map};
    std::size_t merged_end = 0;  // Members before this came from `<<`.
  };

  Value mapping(yaml::Node node, Origin where) {
    Building building;
    ++depth_;
    bool has_merged = false;
    for (const yaml::Entry entry : node.entries()) {
      if (!is_merge_key(entry.key)) continue;
      if (has_merged) {
        report_.error("compose-duplicate-key", origin(entry.key),
                      "`<<` is there already; write a list, `<<: [*a, *b]`");
      }
      has_merged = true;
      merge(building, entry);
    }
    building.merged_end = building.map.size();
    members(building, node, Extensions::no);
    members(building, node, Extensions::yes);
    --depth_;
    return Value(std::move(building.map), where);
  }

  // `x-…` of the top level comes last, so that what is amiss there takes nothing from the rest.
  enum class Extensions { no, yes };
  void members(Building& building, yaml::Node node, Extensions wanted) {
    if (depth_ > 1 && wanted == Extensions::yes) return;
    for (const yaml::Entry entry : node.entries()) {
      if (exhausted_) break;
      if (is_merge_key(entry.key)) continue;
      const bool extension = depth_ == 1 && entry.key.source().substr(0, 2) == "x-";
      if (extension == (wanted == Extensions::yes)) member(building, entry);
    }
  }

  void member(Building& building, const yaml::Entry& entry) {
    const yaml::Node key = entry.key.resolved();
    if (!key.is_scalar()) return;
    std::string name = key.text();
    if (!is_text(key)) {
      report_.error("compose-key-not-text", origin(entry.key),
                    fmt::format("Compose takes `{}` for no text, as keys must be; put it in quotes",
                                printable(name)));
    }
    const Origin key_origin = origin(entry.key);
    Member* existing = building.index.find(name);
    // Of two members with one key the first counts, as for whoever looks a key up in the tree.
    if (existing &&
        existing - building.map.data() >= static_cast<std::ptrdiff_t>(building.merged_end)) {
      return report_.error(
          "compose-duplicate-key", key_origin,
          fmt::format("`{}` is there already; keep one of the two", printable(name)));
    }
    Value value = read(entry.value);
    if (existing) {
      existing->key_origin = key_origin;
      takes_place_of(value, existing->value);
      existing->value = std::move(value);
    } else {
      building.map.push_back({std::move(name), key_origin, std::move(value)});
    }
  }

  // `<<: *a`, `<<: {…}` or `<<: [*a, *b]`, of which the first wins.
  void merge(Building& building, const yaml::Entry& entry) {
    const yaml::Node target = entry.value.resolved();
    if (!target) return;
    const Step step{Step::Kind::merge_key, origin(entry.key)};
    if (target.is_sequence()) {
      for (const yaml::Node item : target.items()) merge_one(building, item, step);
    } else {
      merge_one(building, entry.value, step);
    }
  }

  void merge_one(Building& building, yaml::Node source, const Step& step) {
    const yaml::Node target = source.resolved();
    if (!target) return;
    if (!target.is_mapping()) {
      return report_.error("compose-bad-merge", origin(source),
                           "`<<` takes a mapping or a list of mappings");
    }
    const int copies = source.is_alias() ? 1 : 0;
    copies_ += copies;
    Value value = read(target);
    copies_ -= copies;
    came_by(value, step);
    Value::Map* map = value.map();
    if (!map) return;
    for (Member& found : *map) {
      if (!building.index.find(found.key)) building.map.push_back(std::move(found));
    }
  }

  const std::uint32_t file_;
  const Scope& scope_;
  Budget& budget_;
  Report& report_;
  int depth_ = 0;
  int copies_ = 0;  // How many aliases we are inside of.
  bool exhausted_ = false;
};

}  // namespace

Value read_document(yaml::Node root, std::uint32_t file, const Scope& scope, Budget& budget,
                    Report& report) {
  return DocumentReader(file, scope, budget, report).read(root);
}

std::string read_scalar(yaml::Node node, const io::Environment& variables) {
  const yaml::Node target = node.resolved();
  return target.is_scalar() ? interpolate(target.text(), variables).text : std::string();
}

}  // namespace dockhand::compose
