#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace dockhand {

using Duration = std::chrono::nanoseconds;
// Wall-clock time, as Docker gives it: nanoseconds since the Unix epoch, UTC.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::nanoseconds>;
// For measuring and waiting only: never shown, never compared across machines.
using Instant = std::chrono::steady_clock::time_point;

// The world's clocks. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  virtual Instant instant() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Instant instant() const override;
};

// A clock that moves only when told to. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override;
  Instant instant() const override;
  void advance(Duration by);

 private:
  mutable std::mutex mutex_;
  Time now_;
  Instant instant_{};
};

// Reads an RFC 3339 date-time with up to nine fractional digits and `Z` or an offset, as the Engine
// writes them. Nothing for anything else, and for Docker's zero time (0001-01-01T00:00:00Z), which
// means "never".
std::optional<Time> parse_rfc3339(std::string_view text);

// `2026-11-21T09:34:31.482Z`: UTC, milliseconds.
std::string format_rfc3339(Time time);

// `14:02:11` in the zone of this process.
std::string format_local_clock(Time time);

// Reads a duration as Go and Compose write it: `1h30m`, `1.5s`, `300ms`, `10us`, `0`; also days and
// weeks (`1d`, `2w`), which Compose alone knows. A bare number other than 0, a sign, an unknown
// unit, or more than 292 years gives nothing.
std::optional<Duration> parse_go_duration(std::string_view text);

}  // namespace dockhand
