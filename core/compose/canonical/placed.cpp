#include "compose/canonical/placed.h"

#include <algorithm>

#include "compose/key_index.h"
#include "compose/scalar.h"

namespace dockhand::compose {
namespace {

// Whether a variable was put into the text, so that the file holds another one.
bool is_replaced(const Value& value) {
  for (const Step* step = value.via.get(); step; step = step->before.get()) {
    if (step->kind == Step::Kind::variable || step->kind == Step::Kind::fallback) return true;
  }
  return false;
}

}  // namespace

Origin implied_at(const Origin& where) {
  return {where.file, {where.range.begin, where.range.begin}};
}

Origin inside(const Value& value, Range part) {
  const Range whole = value.origin.range;
  const std::size_t size = value.text().size();
  if (part.empty() || part.end > size || is_replaced(value)) return value.origin;
  const std::uint32_t quote = whole.size() == size + 2 ? 1 : 0;
  if (whole.size() != size + 2 * std::size_t{quote}) return value.origin;
  const std::uint32_t begin = whole.begin + quote;
  return {value.origin.file, {begin + part.begin, begin + part.end}};
}

Value string_inside(const Value& value, Range part, std::string text) {
  Value result = string_value(std::move(text), inside(value, part));
  result.via = value.via;
  return result;
}

Value implied_string(const Value& by, std::string text) {
  Value result = string_value(std::move(text), implied_at(by.origin));
  result.via = by.via;
  return result;
}

Value implied_plain(const Value& by, std::string_view text) {
  Value result = implied_string(by, std::string(text));
  result.scalar()->quoted = false;
  return result;
}

void pairs_to_map(Value& value) {
  Value::List* items = value.list();
  if (!items) return;
  Value::Map map;
  KeyIndex index(map);
  for (const Value& item : *items) {
    if (!item.scalar()) continue;
    const std::string whole = to_text(item);
    const auto end = static_cast<std::uint32_t>(std::min(whole.find('='), whole.size()));
    Value right(item.origin);
    right.via = item.via;
    if (end < whole.size()) {
      const Range rest{end + 1, static_cast<std::uint32_t>(whole.size())};
      right = string_inside(item, rest, whole.substr(rest.begin));
    }
    const std::string key = whole.substr(0, end);
    if (Member* existing = index.find(key)) {
      existing->value = std::move(right);
    } else {
      map.push_back({key, inside(item, {0, end}), std::move(right)});
    }
  }
  value.data = std::move(map);
}

void names_to_map(Value& value) {
  Value::List* items = value.list();
  if (!items) return;
  Value::Map map;
  KeyIndex index(map);
  for (const Value& item : *items) {
    std::string name = to_text(item);
    if (name.empty() || index.find(name)) continue;
    Value nothing(item.origin);
    nothing.via = item.via;
    map.push_back({std::move(name), item.origin, std::move(nothing)});
  }
  value.data = std::move(map);
}

void add(Value::Map& map, std::string_view key, Value value) {
  const Origin where = implied_at(value.origin);
  map.push_back({std::string(key), where, std::move(value)});
}

void add_missing(Value::Map& map, std::string_view key, Value value) {
  if (!find_member(map, key)) add(map, key, std::move(value));
}

}  // namespace dockhand::compose
