#include "check/wording.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "compose/scalar.h"

namespace dockhand::check {
namespace {

using compose::Value;
using spec::Format;
using spec::Kind;
using spec::Shape;

// Longer lists of choices end in `…`.
constexpr std::size_t kMostChoices = 8;

// "a, b or c".
std::string either(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += i + 1 == parts.size() ? " or " : ", ";
    out += parts[i];
  }
  return out;
}

std::string wanted_text(const Shape& shape) {
  if (!shape.choices.empty() && shape.others != spec::Others::fine) return list_of_choices(shape);
  switch (shape.format) {
    case Format::boolean_text:
    case Format::integer_text:
    case Format::number_text:
      return "";  // Said by the type itself.
    case Format::duration:
      return "a duration such as 30s";
    case Format::size:
      return "a size such as 64m";
    case Format::permissions:
      return "permissions such as \"0444\"";
    case Format::port_spec:
      return "a text such as \"8080:80\"";
    case Format::port_range:
      return "a port or a range of ports";
    case Format::expose_spec:
      return "a port";
    case Format::volume_spec:
      return "a text such as data:/data";
    case Format::device_spec:
      return "a text such as /dev/snd";
    case Format::name:
    case Format::container_name:
      return "a name";
    case Format::ip_address:
      return "an IP address";
    case Format::pull_interval:
    case Format::not_blank:
    case Format::none:
      return "a text";
  }
  return "a text";
}

}  // namespace

Place Place::below(const compose::Member& inner, Role inner_role) const {
  if (inner_role == Role::member) return {inner_role, inner.key, section, &inner};
  return {inner_role, inner.key, role == Role::root ? inner.key : std::string_view(), &inner};
}

Place Place::item() const { return {Role::item, name, {}, member}; }

std::string Place::owner() const {
  switch (role) {
    case Role::root:
      return "a Compose file";
    case Role::member:
      if (section.ends_with('s')) return fmt::format("a {}", section.substr(0, section.size() - 1));
      [[fallthrough]];
    case Role::key:
      return fmt::format("`{}`", printable(name));
    case Role::item:
      return fmt::format("an item of `{}`", printable(name));
  }
  return "";
}

compose::Origin Place::at(const Value& value) const {
  return role != Role::item && member ? member->key_origin : value.origin;
}

std::string wanted(const Shape& shape) {
  std::vector<std::string> parts;
  if (has(shape.kinds, Kind::boolean)) parts.emplace_back("true or false");
  if (has(shape.kinds, Kind::number)) {
    parts.emplace_back("a number");
  } else if (has(shape.kinds, Kind::integer)) {
    parts.emplace_back("a whole number");
  }
  if (has(shape.kinds, Kind::string)) {
    if (std::string text = wanted_text(shape); !text.empty()) parts.push_back(std::move(text));
  }
  if (has(shape.kinds, Kind::list)) parts.emplace_back("a list");
  if (has(shape.kinds, Kind::map)) parts.emplace_back("a mapping");
  if (parts.empty()) parts.emplace_back("nothing");
  return either(parts);
}

std::string_view given(const Value& value) {
  if (value.is_null()) return "nothing";
  if (value.list()) return "a list";
  if (value.map()) return "a mapping";
  const compose::Typed typed = compose::resolve(*value.scalar());
  if (std::holds_alternative<bool>(typed)) return "a boolean";
  if (std::holds_alternative<double>(typed)) return "a fraction";
  if (std::holds_alternative<compose::Date>(typed)) return "a date";
  return std::holds_alternative<std::string_view>(typed) ? "a text" : "a whole number";
}

std::vector<std::string> choice_values(const Shape& shape) {
  std::vector<std::string> values;
  for (const spec::Choice& choice : shape.choices) values.push_back(choice.value);
  return values;
}

std::string list_of_choices(const Shape& shape) {
  std::vector<std::string> values;
  for (const spec::Choice& choice : shape.choices) {
    if (values.size() == kMostChoices) {
      values.emplace_back("…");
      break;
    }
    values.push_back(choice.value.ends_with(':') ? choice.value + "…" : choice.value);
  }
  return either(values);
}

bool is_written_so(const Value& scalar) {
  const compose::Step* step = scalar.via.get();
  for (; step; step = step->before.get()) {
    using enum compose::Step::Kind;
    if (step->kind == variable || step->kind == fallback) return false;
  }
  const std::size_t size = scalar.origin.range.size();
  return size == scalar.text().size() || size == scalar.text().size() + 2;
}

Range text_range(const Value& scalar) {
  const Range range = scalar.origin.range;
  return range.size() == scalar.text().size() ? range : Range{range.begin + 1, range.end - 1};
}

}  // namespace dockhand::check
