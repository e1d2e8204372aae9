#include "engine/event.h"

#include <utility>

#include "base/text.h"
#include "engine/json.h"

namespace dockhand::engine {
namespace {

// Compose alone writes a dozen attributes, and every label is one.
constexpr std::size_t kMaxAttributes = 1024;
constexpr std::size_t kMaxText = std::size_t{64} << 10;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

// Between objects: white space, and the record separators of RFC 7464.
bool is_between(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\x1e'; }

Time time_of(const json::Value& object) {
  const std::int64_t nanos = json::integer(json::member(object, "timeNano"));
  if (nanos != 0) return Time(Duration(nanos));
  const std::int64_t seconds = json::integer(json::member(object, "time"));
  constexpr std::int64_t kMaxSeconds = INT64_MAX / kNanosPerSecond;
  if (seconds < 0 || seconds > kMaxSeconds) return Time{};
  return Time(Duration(seconds * kNanosPerSecond));
}

}  // namespace

void EventReader::open(char c) {
  if (c == '{') {
    depth_ = 1;
    pending_.assign(1, c);
  } else if (!is_between(c)) {
    astray_ = true;
  }
}

bool EventReader::advance(char c) {
  if (!skipping_) {
    pending_ += c;
    if (pending_.size() > kMaxEvent) {
      skipping_ = true;
      std::string().swap(pending_);
    }
  }
  if (escaped_) {
    escaped_ = false;
  } else if (in_string_) {
    if (c == '\\') escaped_ = true;
    if (c == '"') in_string_ = false;
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (c == '}' || c == ']') {
    --depth_;
  }
  return depth_ == 0;
}

void EventReader::finish(std::vector<Event>& events) {
  std::optional<Event> event = skipping_ ? std::nullopt : parse_event(pending_);
  if (event) {
    events.push_back(std::move(*event));
  } else {
    ++dropped_;
  }
  pending_.clear();
  skipping_ = false;
}

std::vector<Event> EventReader::feed(std::string_view bytes) {
  std::vector<Event> events;
  for (const char c : bytes) {
    if (depth_ == 0) {
      open(c);
    } else if (advance(c)) {
      finish(events);
    }
  }
  return events;
}

std::optional<Event> parse_event(std::string_view text) {
  const std::optional<json::Value> value = json::parse(text);
  if (!value || !value->is_object()) return std::nullopt;
  Event event;
  event.type = json::text_within(json::member(*value, "Type"), kMaxText);
  const std::string action = json::text_within(json::member(*value, "Action"), kMaxText);
  if (event.type.empty() || action.empty()) return std::nullopt;
  const std::size_t colon = action.find(':');
  event.action = action.substr(0, colon);
  if (colon != std::string::npos) event.detail = trim(std::string_view(action).substr(colon + 1));
  const json::Value& actor = json::member(*value, "Actor");
  event.id = json::text_within(json::member(actor, "ID"), kMaxText);
  const json::Value& attributes = json::member(actor, "Attributes");
  if (attributes.is_object()) {
    for (const auto& [name, attribute] : attributes.items()) {
      if (event.attributes.size() == kMaxAttributes) break;
      if (attribute.is_string()) event.attributes[name] = json::text_within(attribute, kMaxText);
    }
  }
  event.time = time_of(*value);
  return event;
}

}  // namespace dockhand::engine
