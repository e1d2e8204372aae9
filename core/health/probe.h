#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "compose/project.h"
#include "health/latency.h"
#include "topology/url.h"

namespace dockhand::health {

// What is asked of a service to learn whether it answers. A value.
struct ProbeTarget {
  enum class Kind : std::uint8_t { http, tcp };
  Kind kind = Kind::http;
  std::string url;   // Of http.
  std::string host;  // Of tcp.
  std::uint16_t port = 0;
  std::vector<int> expect;  // Further statuses that count as good.
  // True when x-dev asked for it: then a failure makes the service red. A probe of our own choice
  // is shown, but never turns a service red.
  bool decides = false;
  friend bool operator==(const ProbeTarget&, const ProbeTarget&) = default;
};

// What may be probed. The language server is stricter than the command: see DESIGN, Trust.
struct ProbePolicy {
  bool enabled = true;
  bool foreign_hosts = false;  // Hosts other than the endpoint's may be asked.
};

// The one probe of a service, or nothing: none is wanted (`health: docker`, or a command,
// which only the container itself can run), allowed or possible.
// x-dev's `health` first, then GET on the first HTTP URL, then TCP on the first other one.
std::optional<ProbeTarget> choose_probe(const compose::Service& service,
                                        const std::vector<topology::ServiceUrl>& urls,
                                        const std::string& endpoint_host,
                                        const ProbePolicy& policy);

enum class Verdict : std::uint8_t { good, bad };

struct ProbeResult {
  Time time{};
  Verdict verdict = Verdict::good;
  Duration latency{};
  int status = 0;      // Of http.
  std::string word;    // What is shown for it: `200`, `UP`, `open`, `503`, `refused`, `timed out`.
  std::string detail;  // Why it is bad, printable, one line: `db: DOWN`, `connection refused`.
};

struct TrailEntry {
  Time time{};
  std::string cause;  // word and detail of a bad result.
};

// What is known of one service's probe. Copied into snapshots.
struct ProbeStatus {
  static constexpr std::size_t kTrailLength = 10;

  ProbeTarget target;
  std::optional<ProbeResult> last;
  LatencyWindow latencies;       // Of good results.
  std::deque<TrailEntry> trail;  // The last bad results, newest last.
  int bad_streak = 0;
  std::optional<Time> last_good;

  void add(ProbeResult result);
};

// Reads the answer of an HTTP probe. Actuator's and similar JSON bodies ({"status":"DOWN",
// "components":{…}}) give their word and the components that are not UP; 2xx and 3xx are good,
// and what `expect` lists.
ProbeResult judge_http(const ProbeTarget& target, int status, std::string_view body);

}  // namespace dockhand::health
