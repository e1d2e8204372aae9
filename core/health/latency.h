#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace dockhand::health {

struct Percentiles {
  Duration p50, p90, p99;
};

// The last latencies of one probe. A value of fixed size. Not thread-safe: owned by whoever probes,
// copied into snapshots.
class LatencyWindow {
 public:
  static constexpr std::size_t kCapacity = 128;       // Ten minutes at one sample in five seconds.
  static constexpr std::size_t kMinimumSamples = 10;  // Fewer prove nothing.

  void add(Duration latency);
  std::size_t size() const { return size_; }
  std::optional<Duration> last() const;
  // Nearest-rank percentiles of what is in the window; nothing below kMinimumSamples.
  std::optional<Percentiles> percentiles() const;

 private:
  std::array<std::uint32_t, kCapacity> microseconds_{};
  std::size_t size_ = 0, next_ = 0;
};

}  // namespace dockhand::health
