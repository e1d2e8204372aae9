#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace dockhand::engine {

// Labels that Compose writes (compose: pkg/api/labels.go).
namespace label {
inline constexpr std::string_view kProject = "com.docker.compose.project";
inline constexpr std::string_view kService = "com.docker.compose.service";
inline constexpr std::string_view kNumber = "com.docker.compose.container-number";
inline constexpr std::string_view kOneOff = "com.docker.compose.oneoff";
inline constexpr std::string_view kConfigFiles = "com.docker.compose.project.config_files";
inline constexpr std::string_view kWorkingDirectory = "com.docker.compose.project.working_dir";
inline constexpr std::string_view kDependsOn = "com.docker.compose.depends_on";
inline constexpr std::string_view kVersion = "com.docker.compose.version";
}  // namespace label

enum class ContainerStatus { created, running, paused, restarting, removing, exited, dead };
std::string_view to_string(ContainerStatus status);

enum class HealthStatus { none, starting, healthy, unhealthy };
std::string_view to_string(HealthStatus status);

// One run of a container's health check. The Engine keeps the last five.
struct HealthResult {
  Time start{};
  Time end{};
  int exit_code = 0;   // -1: timed out or could not run.
  std::string output;  // At most 4096 bytes, from the container: not yet printable().
};

struct Health {
  HealthStatus status = HealthStatus::none;
  int failing_streak = 0;
  std::vector<HealthResult> log;  // Oldest first.
};

struct PublishedPort {
  std::string host_ip;
  std::uint16_t host_port = 0;
  std::uint16_t container_port = 0;
  std::string protocol;  // tcp, udp, sctp
  friend bool operator==(const PublishedPort&, const PublishedPort&) = default;
};

// One container as the Engine's inspect shows it, as far as Dockhand reads it. A value.
struct Container {
  std::string id;        // 64 hexadecimal digits.
  std::string name;      // Without the leading slash.
  std::string image;     // As it was asked for.
  std::string image_id;  // sha256:…
  std::map<std::string, std::string> labels;

  ContainerStatus status = ContainerStatus::created;
  std::optional<Health> health;  // As the Engine gives it; see believed_health().
  int exit_code = 0;
  bool oom_killed = false;
  std::string error;      // Why the Engine could not start it; not yet printable().
  int restart_count = 0;  // By the restart policy, since the last manual start.
  bool tty = false;
  std::uint64_t memory_limit = 0;  // Bytes; 0 is none.
  std::string restart_policy;
  std::vector<std::string> command;  // What follows the entrypoint.
  std::vector<std::string> health_test;
  std::vector<PublishedPort> ports;  // IPv4 and IPv6 twins appear once; sorted by container port.
  std::map<std::string, std::string> networks;  // Name to address.

  std::optional<Time> created_at, started_at, finished_at;

  const std::string& label(std::string_view name) const;  // Empty when it has none.
  const std::string& project() const { return label(label::kProject); }
  const std::string& service() const { return label(label::kService); }
  // One-off containers (`compose run`) belong to a project but to none of its services.
  bool one_off() const { return label(label::kOneOff) == "True"; }
  std::vector<std::string> config_files() const;

  // The health to show: nothing unless running, because the Engine forces `unhealthy` on stopped
  // and paused containers.
  std::optional<Health> believed_health() const;
  bool running() const { return status == ContainerStatus::running; }
};

// A row of the Engine's container list: enough to decide what to inspect.
struct ContainerSummary {
  std::string id;
  std::string name;
  std::map<std::string, std::string> labels;
  ContainerStatus status = ContainerStatus::created;
};

// Read the Engine's JSON, API 1.40 to 1.52. Wrong types and missing members read as their defaults;
// nothing only when the text is no JSON object or array at all, or holds no id. Texts and
// collections are cut to the bounds that container.cpp states; bytes that are no UTF-8 become
// U+FFFD.
std::optional<Container> parse_container(std::string_view json);
std::optional<std::vector<ContainerSummary>> parse_container_list(std::string_view json);

}  // namespace dockhand::engine
