#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "health/probe.h"
#include "io/http.h"

namespace dockhand::health {

// Carries out one probe. Thread-safe.
class Prober {
 public:
  virtual ~Prober() = default;
  // Blocks for at most `timeout`. Never fails: what goes wrong is the result. `container` is the
  // id that an exec probe runs in.
  virtual ProbeResult probe(const ProbeTarget& target, const std::string& container, Duration timeout,
                            std::stop_token stop) = 0;
};

// How an exec probe reaches a container: returns the exit code and the output's first line.
struct ExecOutcome {
  int exit_code = 0;
  std::string output;
};
using Exec = std::function<Result<ExecOutcome>(const std::string& container,
                                               const std::vector<std::string>& command,
                                               Duration timeout, std::stop_token stop)>;

// Probes over the real network. Keeps one HTTP client for each origin it was asked for, at most
// `kMaxClients`; the least recently used goes.
class NetworkProber final : public Prober {
 public:
  static constexpr std::size_t kMaxClients = 512;
  NetworkProber(const Clock& clock, Exec exec);
  ~NetworkProber() override;
  ProbeResult probe(const ProbeTarget& target, const std::string& container, Duration timeout,
                    std::stop_token stop) override;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dockhand::health
