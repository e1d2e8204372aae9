#include "health/latency.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace dockhand::health {

void LatencyWindow::add(Duration latency) {
  const auto count = std::chrono::duration_cast<std::chrono::microseconds>(latency).count();
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  microseconds_[next_] = static_cast<std::uint32_t>(std::clamp<long long>(count, 0, kMost));
  next_ = (next_ + 1) % kCapacity;
  size_ = std::min(size_ + 1, kCapacity);
}

std::optional<Duration> LatencyWindow::last() const {
  if (size_ == 0) return std::nullopt;
  return std::chrono::microseconds(microseconds_[(next_ + kCapacity - 1) % kCapacity]);
}

std::optional<Percentiles> LatencyWindow::percentiles() const {
  if (size_ < kMinimumSamples) return std::nullopt;
  std::vector<std::uint32_t> sorted(microseconds_.begin(),
                                    microseconds_.begin() + static_cast<std::ptrdiff_t>(size_));
  std::sort(sorted.begin(), sorted.end());
  const auto rank = [&](std::size_t percent) {
    const std::size_t nearest = (sorted.size() * percent + 99) / 100;  // Rounded up, from 1 on.
    return Duration(std::chrono::microseconds(sorted[nearest - 1]));
  };
  return Percentiles{rank(50), rank(90), rank(99)};
}

}  // namespace dockhand::health
