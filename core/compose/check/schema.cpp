#include "check/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "check/edits.h"
#include "check/formats.h"
#include "check/wording.h"
#include "compose/scalar.h"
#include "spec/catalogue.h"

namespace dockhand::check {
namespace {

using compose::Member;
using compose::Origin;
using compose::Report;
using compose::Typed;
using compose::Value;
using spec::Key;
using spec::Kind;
using spec::Shape;

// At most this many mistyped words are compared with those that are known, in one model.
constexpr int kMaxSuggestions = 1000;
// Lists up to this length are searched for duplicates item by item, longer ones by hashing.
constexpr std::size_t kShortList = 16;
// The newest Compose that Dockhand is measured against: what came later is noted.
constexpr int kComposeMajor = 5, kComposeMinor = 5;

bool is_newer(std::string_view version) {
  const std::vector<std::string_view> parts = split(version, '.');
  const auto part = [&parts](std::size_t i) {
    return i < parts.size() ? parse_integer(parts[i]).value_or(0) : 0;
  };
  return part(0) > kComposeMajor || (part(0) == kComposeMajor && part(1) > kComposeMinor);
}

bool is_extension(std::string_view key) { return key.starts_with("x-"); }

class Walk {
 public:
  explicit Walk(Report& report) : report_(report) {}

  void value(const Value& value, const Shape& shape, const Place& place) {
    if (value.tag == compose::MergeTag::reset) return;
    if (const Value::Map* members = value.map()) {
      if (!has(shape.kinds, Kind::map)) return wrong_type(value, shape, place);
      return map(*members, value, shape, place);
    }
    if (const Value::List* items = value.list()) {
      if (!has(shape.kinds, Kind::list)) return wrong_type(value, shape, place);
      return list(*items, shape, place);
    }
    scalar(value, shape, place);
  }

 private:
  void map(const Value::Map& members, const Value& whole, const Shape& shape, const Place& place) {
    if (!shape.values && shape.keys.empty()) return;  // Anything may be in it.
    for (const Member& member : members) {
      // What is taken away is not looked at, whatever it is called.
      if (member.value.tag == compose::MergeTag::reset) continue;
      if (const Key* key = shape.find(member.key)) {
        if (!is_extension(member.key)) known(member, *key, place);
      } else if (shape.values && shape.keys.empty()) {
        free_key(member, shape, place);
      } else if (!shape.extensions || !is_extension(member.key)) {
        unknown_key(member, whole, shape, place);
      }
    }
    if (shape.demanding) missing_keys(whole, shape, place);
  }

  void known(const Member& member, const Key& key, const Place& place) {
    if (!key.deprecated.empty()) deprecated(member, key);
    if (!key.since.empty() && key.since[0] >= '5' && is_newer(key.since)) {
      report_.add(Severity::information, "compose-newer-format", member.key_origin,
                  fmt::format("`{}` needs Docker Compose {} or later; older ones refuse this file",
                              key.name, key.since));
    }
    value(member.value, *key.shape, place.below(member, Place::Role::key));
  }

  void deprecated(const Member& member, const Key& key) {
    Finding finding{"deprecated-key", Severity::warning, member.key_origin.range,
                    fmt::format("`{}` is out of date; {}", key.name, key.deprecated)};
    const yaml::Tree* tree = report_.tree(member.key_origin.file);
    if (tree && key.name == "version") {
      finding.fix = remove_entry(*tree, member.key_origin.range.begin);
    }
    report_.add(member.key_origin.file, std::move(finding));
  }

  void free_key(const Member& member, const Shape& shape, const Place& place) {
    if (shape.names != spec::Format::none && !has_format(shape.names, member.key)) {
      report_.error("bad-name", member.key_origin,
                    fmt::format("`{}` is no name; write letters, digits, `.`, `_` and `-` only",
                                printable(member.key)));
    }
    value(member.value, *shape.values, place.below(member, Place::Role::member));
  }

  void unknown_key(const Member& member, const Value& map, const Shape& shape, const Place& place) {
    const std::string name = printable(member.key);
    Finding finding{"unknown-key", Severity::error, member.key_origin.range, {}};
    if (shape.values) finding.code = "unusual-key", finding.severity = Severity::warning;
    if (const std::optional<std::string> near = near_key(member.key, map, shape)) {
      finding.message =
          fmt::format("{} has no key `{}`; did you mean `{}`?", place.owner(), name, *near);
      finding.fix = {{member.key_origin.range, *near}};
    } else if (const std::string home = home_of(member.key, shape); !home.empty()) {
      finding.message =
          fmt::format("{} has no key `{}`; it belongs in {}", place.owner(), name, home);
    } else {
      finding.message = fmt::format("{} has no key `{}`", place.owner(), name);
    }
    report_.add(member.key_origin.file, std::move(finding));
  }

  // The known key that the word is nearest to, unless the mapping has it already.
  std::optional<std::string> near_key(std::string_view word, const Value& map, const Shape& shape) {
    if (++suggestions_ > kMaxSuggestions) return std::nullopt;
    std::vector<std::string> known;
    for (const Key& key : shape.keys) known.push_back(key.name);
    std::optional<std::string> near = nearest(word, known);
    return near && !map.find(*near) ? near : std::nullopt;
  }

  // Where a key would be known: a mapping inside this one, or a service, for what is written at the
  // top of the file. Empty when that is not known.
  static std::string home_of(std::string_view key, const Shape& shape) {
    if (&shape == &spec::root()) {
      const Shape& service = *spec::find({"services"})->shape->values;
      return service.find(key) ? "a service" : "";
    }
    for (const Key& one : shape.keys) {
      if (!is_extension(one.name) && one.shape->find(key)) return fmt::format("`{}`", one.name);
    }
    return "";
  }

  void missing_keys(const Value& whole, const Shape& shape, const Place& place) {
    for (const Key& key : shape.keys) {
      if (!key.required || whole.find(key.name)) continue;
      const Value::Map& members = *whole.map();
      const Origin where = place.role == Place::Role::item && !members.empty()
                               ? members.front().key_origin
                               : place.at(whole);
      report_.error("missing-key", where, fmt::format("{} needs `{}`", place.owner(), key.name));
    }
  }

  void list(const Value::List& items, const Shape& shape, const Place& place) {
    if (!shape.items) return;
    for (const Value& item : items) value(item, *shape.items, place.item());
    if (shape.duplicates != spec::Duplicates::kept && items.size() > 1) {
      duplicates(items, shape, place);
    }
  }

  void duplicates(const Value::List& items, const Shape& shape, const Place& place) {
    if (items.size() <= kShortList) {
      for (std::size_t i = 1; i < items.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          if (!is_same_scalar(items[j], items[i])) continue;
          duplicate(items[j], items[i], shape, place);
          break;
        }
      }
      return;
    }
    std::unordered_multimap<std::string_view, const Value*> seen;
    for (const Value& item : items) {
      if (!item.scalar()) continue;
      const auto [begin, end] = seen.equal_range(item.text());
      const auto same = std::find_if(
          begin, end, [&item](const auto& entry) { return is_same_scalar(*entry.second, item); });
      if (same == end) {
        seen.emplace(item.text(), &item);
      } else {
        duplicate(*same->second, item, shape, place);
      }
    }
  }

  static bool is_same_scalar(const Value& a, const Value& b) {
    const Value::Scalar* one = a.scalar();
    const Value::Scalar* other = b.scalar();
    return one && other && one->text == other->text &&
           compose::resolve(*one).index() == compose::resolve(*other).index();
  }

  // Where Compose drops them, a second file may say again what the first one says.
  void duplicate(const Value& first, const Value& second, const Shape& shape, const Place& place) {
    const std::string what =
        fmt::format("`{}` is in `{}` twice", printable(second.text()), printable(place.name));
    if (shape.duplicates == spec::Duplicates::refused) {
      report_.error("duplicate-item", second.origin, what + "; delete one of the two");
    } else if (first.origin.file == second.origin.file && !second.via && !first.via) {
      report_.warning("repeated-item", second.origin, what + ", and Compose keeps one");
    }
  }

  void scalar(const Value& value, const Shape& shape, const Place& place) {
    if (value.is_null()) {
      if (!has(shape.kinds, Kind::null)) wrong_type(value, shape, place);
      return;
    }
    const Typed typed = compose::resolve(*value.scalar());
    if (std::holds_alternative<compose::Date>(typed)) {
      // Where texts may stand the loader says what becomes of it.
      if (!has(shape.kinds, Kind::string)) wrong_type(value, shape, place);
      return;
    }
    if (const auto* text = std::get_if<std::string_view>(&typed)) {
      if (!has(shape.kinds, Kind::string)) return wrong_type(value, shape, place);
      if (!shape.choices.empty() || shape.format != spec::Format::none) {
        check_text(value, *text, shape, place);
      }
      return;
    }
    if (std::holds_alternative<bool>(typed)) {
      if (!has(shape.kinds, Kind::boolean)) wrong_type(value, shape, place);
      return;
    }
    number(value, typed, shape, place);
  }

  void check_text(const Value& value, std::string_view text, const Shape& shape,
                  const Place& place) {
    if (is_choice(shape, text)) return;
    if (shape.choices.empty()) {
      if (!has_format(shape.format, text)) bad_format(value, text, shape, place);
      return;
    }
    if (shape.others == spec::Others::fine) return;
    if (text.empty() && shape.others == spec::Others::doubtful) return;  // A variable, unset.
    if (shape.format != spec::Format::none && has_format(shape.format, text)) return;
    bad_choice(value, text, shape, place);
  }

  void bad_format(const Value& value, std::string_view text, const Shape& shape,
                  const Place& place) {
    const bool refused = is_refused(shape.format);
    report_.add(refused ? Severity::error : Severity::warning,
                refused ? "bad-value" : "unusual-value", value.origin,
                text.empty() ? fmt::format("{} must not be blank", place.owner())
                             : fmt::format("`{}` is not what {} takes; write {}", printable(text),
                                           place.owner(), wanted(shape)));
  }

  void bad_choice(const Value& value, std::string_view text, const Shape& shape,
                  const Place& place) {
    const bool refused = shape.others == spec::Others::refused;
    Finding finding{refused ? "bad-value" : "unusual-value",
                    refused ? Severity::error : Severity::warning,
                    value.origin.range,
                    {}};
    std::optional<std::string> near;
    if (++suggestions_ <= kMaxSuggestions) near = nearest(text, choice_values(shape));
    finding.message =
        fmt::format("`{}` is no value that {} takes; ", printable(text), place.owner());
    if (near) {
      finding.message += fmt::format("did you mean `{}`?", *near);
      if (is_written_so(value)) finding.fix = {{text_range(value), *near}};
    } else {
      finding.message += "write " + list_of_choices(shape);
    }
    report_.add(value.origin.file, std::move(finding));
  }

  void number(const Value& value, const Typed& typed, const Shape& shape, const Place& place) {
    double number = 0;
    bool whole = true;
    if (const auto* integer = std::get_if<std::int64_t>(&typed)) {
      number = static_cast<double>(*integer);
    } else if (const auto* large = std::get_if<std::uint64_t>(&typed)) {
      number = static_cast<double>(*large);
    } else {
      number = std::get<double>(typed);
      whole = std::isfinite(number) && std::trunc(number) == number;
    }
    const bool fits = has(shape.kinds, Kind::number) || (whole && has(shape.kinds, Kind::integer));
    if (!fits) return wrong_type(value, shape, place);
    const bool low = shape.least && number < *shape.least;
    const bool high = shape.most && number > *shape.most;
    if ((!low && !high) || shape.others == spec::Others::fine) return;
    const bool refused = shape.others == spec::Others::refused;
    report_.add(refused ? Severity::error : Severity::warning,
                refused ? "bad-value" : "unusual-value", value.origin,
                low ? fmt::format("{} takes no less than {}", place.owner(), *shape.least)
                    : fmt::format("{} takes no more than {}", place.owner(), *shape.most));
  }

  void wrong_type(const Value& value, const Shape& shape, const Place& place) {
    const Origin where = value.is_null() ? place.at(value) : value.origin;
    Finding finding{"wrong-type", Severity::error, where.range,
                    fmt::format("{} takes {}, not {}", place.owner(), wanted(shape), given(value))};
    if (value.is_null()) {
      finding.message =
          fmt::format("{} has no value; write {}, or delete it", place.owner(), wanted(shape));
    }
    finding.fix = type_fix(value, shape);
    report_.add(where.file, std::move(finding));
  }

  // A number or boolean where a text is wanted gets quotes.
  static std::vector<TextEdit> type_fix(const Value& value, const Shape& shape) {
    const Value::Scalar* scalar = value.scalar();
    if (!scalar || scalar->quoted || !has(shape.kinds, Kind::string)) return {};
    if (!shape.choices.empty() || shape.format != spec::Format::none ||
        value.origin.range.size() != scalar->text.size())
      return {};
    return {{value.origin.range, fmt::format("\"{}\"", scalar->text)}};
  }

  Report& report_;
  int suggestions_ = 0;
};

}  // namespace

void check_schema(const Value& model, Report& report) {
  if (!model.map()) return;  // The loader says so.
  Walk(report).value(model, spec::root(), Place{});
}

void drop_echoes(std::vector<Finding>& findings) {
  const auto by_begin = [](Range a, Range b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  };
  std::set<Range, decltype(by_begin)> said(by_begin);
  for (const Finding& finding : findings) {
    if (finding.code == "wrong-type" || finding.code == "bad-value") said.insert(finding.range);
  }
  std::erase_if(findings, [&said](const Finding& finding) {
    const bool is_echo = finding.code.starts_with("compose-bad-") ||
                         finding.code == "compose-bare-date" ||
                         finding.code == "compose-key-not-text";
    return is_echo && said.count(finding.range) > 0;
  });
}

std::span<const Code> schema_codes() {
  using enum Severity;
  using Kind = Code::Kind;
  using Fix = Code::Fix;
  static constexpr std::array kCodes = {
      Code{"bad-name", error, "A name with characters that Compose does not take."},
      Code{"bad-value", error, "A value that Compose refuses.", {}, Kind::plain, Fix::guess},
      Code{"deprecated-key", warning, "A key that is out of date.", {}, Kind::deprecated},
      Code{"duplicate-item", error, "An item that its list has already, which Compose refuses."},
      Code{"missing-key", error, "A mapping without a key that it needs."},
      Code{"repeated-item", warning, "An item that its list has already, which is dropped."},
      Code{"unknown-key",
           error,
           "A key that Compose does not know there.",
           {},
           Kind::plain,
           Fix::guess},
      Code{"unusual-key",
           warning,
           "A key that Compose takes there and passes over.",
           {},
           Kind::plain,
           Fix::guess},
      Code{"unusual-value",
           warning,
           "A value that Compose takes and the Engine does not.",
           {},
           Kind::plain,
           Fix::guess},
      Code{"wrong-type", error, "A value of another type than is wanted."},
  };
  return kCodes;
}

}  // namespace dockhand::check
