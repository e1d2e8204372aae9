#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dockhand::engine {

struct Event {
  std::string type;  // container, network, image, …
  std::string
      action;  // `die`, `start`, `health_status`, `exec_start`, … without what follows a colon.
  std::string detail;  // What follows the colon: `unhealthy`.
  std::string id;
  std::map<std::string, std::string> attributes;
  Time time{};
};

// Cuts the body of `GET /events` into events, however the chunks fall: JSON objects in a row, with
// or without line ends or record separators between them. An object that is no event is dropped;
// one longer than kMaxEvent too. Not thread-safe.
class EventReader {
 public:
  static constexpr std::size_t kMaxEvent = std::size_t{1} << 20;  // Bytes.

  std::vector<Event> feed(std::string_view bytes);
  // How many objects were dropped so far.
  std::size_t dropped() const { return dropped_; }
  // True once bytes stood between the objects that belong there in no form of the stream: what
  // answers is no Engine.
  bool astray() const { return astray_; }

 private:
  void open(char c);
  bool advance(char c);  // True when `c` ends the object.
  void finish(std::vector<Event>& events);

  std::string pending_;  // The object under way, at most kMaxEvent bytes.
  std::size_t depth_ = 0;
  bool in_string_ = false, escaped_ = false;
  bool skipping_ = false;  // The object under way is too long, and is only followed to its end.
  bool astray_ = false;
  std::size_t dropped_ = 0;
};

// One object; nothing when it is no event: it has neither a type nor an action.
std::optional<Event> parse_event(std::string_view json);

}  // namespace dockhand::engine
