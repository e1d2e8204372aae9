#pragma once

#include <memory>
#include <stop_token>

#include "base/clock.h"
#include "health/probe.h"
#include "io/http.h"

namespace dockhand::health {

// Carries out one probe. Thread-safe.
class Prober {
 public:
  virtual ~Prober() = default;
  // Blocks for at most `timeout` to connect and as long again for the answer. Never fails: what
  // goes wrong is the result.
  virtual ProbeResult probe(const ProbeTarget& target, Duration timeout, std::stop_token stop) = 0;
};

// Probes over the real network. Keeps one HTTP client for each origin it was asked for, at most
// `kMaxClients`; the least recently used goes. `clock` must outlive it.
class NetworkProber final : public Prober {
 public:
  static constexpr std::size_t kMaxClients = 512;
  explicit NetworkProber(const Clock& clock);
  ~NetworkProber() override;
  ProbeResult probe(const ProbeTarget& target, Duration timeout, std::stop_token stop) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dockhand::health
