#include "engine/json.h"

#include <algorithm>
#include <limits>

#include "base/text.h"

namespace dockhand::engine::json {

const Value& member_any_case(const Value& object, std::string_view name) {
  const Value& exact = member(object, name);
  if (!exact.is_null() || !object.is_object()) return exact;
  const std::string wanted = to_lower_ascii(name);
  for (const auto& [key, value] : object.items()) {
    if (to_lower_ascii(key) == wanted) return value;
  }
  return exact;
}

std::string text_within(const Value& value, std::size_t max) {
  std::string all = text(value);
  if (all.size() <= max) return all;
  constexpr unsigned kContinuationMask = 0xC0, kContinuation = 0x80;
  while (max > 0 && (static_cast<unsigned char>(all[max]) & kContinuationMask) == kContinuation) {
    --max;
  }
  all.resize(max);
  return all;
}

int small_integer(const Value& value) {
  constexpr std::int64_t kMin = std::numeric_limits<int>::min();
  constexpr std::int64_t kMax = std::numeric_limits<int>::max();
  return static_cast<int>(std::clamp(integer(value), kMin, kMax));
}

}  // namespace dockhand::engine::json
