#include "compose/value.h"

#include <algorithm>

namespace dockhand::compose {

Member* find_member(Value::Map& map, std::string_view key) {
  const auto found =
      std::find_if(map.begin(), map.end(), [&](const Member& member) { return member.key == key; });
  return found == map.end() ? nullptr : &*found;
}

const Member* Value::member(std::string_view key) const {
  const Map* members = map();
  return members ? find_member(const_cast<Map&>(*members), key) : nullptr;
}

const Value* Value::find(std::string_view key) const {
  const Member* found = member(key);
  return found ? &found->value : nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

std::string_view Value::text() const {
  const Scalar* found = scalar();
  return found ? std::string_view(found->text) : std::string_view();
}

Value string_value(std::string text, Origin origin) {
  return Value(Value::Scalar{std::move(text), true}, origin);
}

Value part_of(const Value& whole, std::string text) {
  Value part = string_value(std::move(text), whole.origin);
  part.via = whole.via;
  return part;
}

std::size_t count_values(const Value& value) {
  std::size_t count = 1;
  if (const Value::List* list = value.list()) {
    for (const Value& item : *list) count += count_values(item);
  } else if (const Value::Map* map = value.map()) {
    for (const Member& member : *map) count += count_values(member.value);
  }
  return count;
}

}  // namespace dockhand::compose
