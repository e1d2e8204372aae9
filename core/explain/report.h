#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/clock.h"
#include "live/snapshot.h"

// What a Snapshot means, in words: the one place where state and reason become text. Table, inlay
// hint, hover, diagnostic and JSON all show these; none of them decides anything. Pure functions;
// every text is printable.
namespace dockhand::explain {

enum class Tone : std::uint8_t { good, waiting, bad, idle };

// A symbol always goes with a word, never with colour alone:
//   ● * runs or has finished   ◐ ~ comes up or waits   ▲ ! unhealthy   ✕ x ended, dead, not
//   startable
//   ○ o not started            ⏸ = paused              ↻ @ restarting  ? ? not known, or no
//   longer
struct Symbol {
  std::string_view unicode;  // `●`
  std::string_view ascii;    // `*`
};

// How one service is doing, said in parts that each face puts together in its own way.
struct ServiceReport {
  std::string name;
  live::State state = live::State::not_created;
  Tone tone = Tone::idle;
  Symbol symbol;
  std::string state_word;  // `running`, `unhealthy`, `exited 137`, `finished`, `restarting 4×`
  std::string
      health;  // `200 in 4 ms`, `UP in 3 ms`, `503 in 2 ms`, `open in 1 ms`; empty: nothing known.
  std::string up;      // `2h 14m`, `4m ago` for what ended; empty when never started.
  std::string reason;  // One sentence when something is wrong or awaited; else empty.
  std::string
      reason_short;  // The same for the end of a line: `db: connection refused`, `out of memory`
  // `unhealthy`, `exited`, `oom`, `restarting`, `waiting`, `dead`, `start-failed`; empty without
  // reason.
  std::string reason_code;
  int bad_streak = 0;  // Checks or probes failed in a row, while unhealthy.
  // What the probe of our own choice found wrong with a service that counts as running: `503`.
  std::string remark;
  bool known = true;   // False until the Engine has answered once: nothing is claimed then.
  bool stale = false;  // The Engine is lost: everything is as it was last seen.
  std::vector<topology::ServiceUrl> urls;  // Where it answers: empty unless it runs.
  std::vector<topology::Edge> depends_on;
  std::vector<std::string> used_by;             // Directly, in file order.
  std::vector<std::string> used_by_indirectly;  // Further up, nearest first; at most kMaxIndirect.
  std::optional<health::Percentiles> latency;
  std::optional<Duration> last_latency;
  std::size_t latency_samples = 0;
  std::vector<health::TrailEntry> trail;
  // The last outputs of the container's own health check, newest first, each one line.
  std::vector<std::pair<Time, std::string>> health_log;
  std::string image, image_id, container_name, container_id;  // Ids as 12 digits.
  int containers = 0;                                         // More than one when scaled.
  int restarts = 0;
  std::optional<int> exit_code;
  bool oom = false;
  std::optional<Time> started_at, finished_at;
  std::optional<Time> since;  // Of the state, when somebody watched it begin.
  bool orphan = false;        // No file has this service.
};

inline constexpr std::size_t kMaxIndirect = 64;

// `now` is what durations are told from: by default the time when the Snapshot was taken.
ServiceReport report(const live::Snapshot& snapshot, const live::ServiceState& service);
ServiceReport report(const live::Snapshot& snapshot, const live::ServiceState& service, Time now);

struct ProjectReport {
  std::string name;
  std::string files;    // `compose.yaml + compose.override.yaml`
  std::string summary;  // `7 services: 5 ok, 1 unhealthy, 1 exited`
  std::string notice;   // When the Engine is lost: what, since when; else empty.
  // What `--exit-code` asks: the Engine answers, and every service that the project should run is
  // running, healthy or finished. Disabled, orphaned and scaled-to-zero services do not count.
  bool all_good = true;
  // What `--wait` waits for: something starts, or waits for what is itself still coming up.
  bool waiting = false;
  std::vector<ServiceReport> services;
};

ProjectReport report(const live::Snapshot& snapshot);
ProjectReport report(const live::Snapshot& snapshot, Time now);

// The parts of an inlay hint, in the order in which they are shown.
enum class HintPart : std::uint8_t { state, latency, url, used_by };
// Reads `state,latency,url,used-by`; unknown words are left out.
std::vector<HintPart> parse_hint_parts(std::string_view text);

// `● healthy 12 ms · http://localhost:8080 · ↑ web, worker`. The word goes where a symbol and a
// latency say it all (`● 4 ms`); the URL is left out where the reason matters more. While nothing
// is known only the dependents are shown; after the Engine was lost `? was healthy`.
std::string hint(const ServiceReport& report, const std::vector<HintPart>& parts);

// For the line of a dependency that is not satisfied: how that dependency is doing, as in its own
// hint (`◐ waits for payments`). Empty when it is satisfied, unknown, or the project is not up.
std::string dependency_hint(const live::Snapshot& snapshot, std::string_view service,
                            const topology::Edge& edge);

// An exit code in words: 137 `killed (SIGKILL)`, 143 `ended by SIGTERM`, 127 `command not found`,
// `out of memory` whenever `oom`; empty for codes that mean nothing of their own.
std::string exit_code_meaning(int exit_code, bool oom);

// The JSON of a report, as `--format json` prints it: a promise, documented in docs/json.md.
nlohmann::ordered_json to_json(const ServiceReport& report);
nlohmann::ordered_json to_json(const ProjectReport& report);

}  // namespace dockhand::explain
