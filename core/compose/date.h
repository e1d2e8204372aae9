#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockhand::compose {

// A bare date or time of a Compose file, which Compose's YAML library reads as a point in time: it
// is no text any more, and where Compose wants one it may refuse it.
struct DateForms {
  std::string text;  // `2001-02-03 00:00:00 +0000 UTC`: where Compose makes a text of any value.
  std::string json;  // `2001-02-03T00:00:00Z`, RFC 3339.
};

// `2001-2-3`, alone or with a time of day: behind `T` or `t` with a zone (`Z` or `+02:00`), behind
// a space without one. Nothing for any other text, and for a day that no calendar has.
std::optional<DateForms> parse_date(std::string_view text);

}  // namespace dockhand::compose
