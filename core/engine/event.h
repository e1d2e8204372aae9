#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dockhand::engine {

struct Event {
  std::string type;    // container, network, image, …
  std::string action;  // `die`, `start`, `health_status`, `exec_start`, … without what follows a colon.
  std::string detail;  // What follows the colon: `unhealthy`.
  std::string id;
  std::map<std::string, std::string> attributes;
  Time time{};
};

// Cuts the body of `GET /events` into events, however the chunks fall: JSON objects in a row, with
// or without line ends or record separators between them. An object that is no event is dropped;
// one longer than 1 MiB too. Not thread-safe.
class EventReader {
 public:
  std::vector<Event> feed(std::string_view bytes);
  // How many objects were dropped so far.
  std::size_t dropped() const { return dropped_; }

 private:
  std::string pending_;
  std::size_t scanned_ = 0;
  int depth_ = 0;
  bool in_string_ = false, escaped_ = false, skipping_ = false;
  std::size_t dropped_ = 0;
};

std::optional<Event> parse_event(std::string_view json);

}  // namespace dockhand::engine
