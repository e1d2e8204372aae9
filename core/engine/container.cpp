#include "engine/container.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "base/text.h"
#include "engine/json.h"

namespace dockhand::engine {
namespace {

using json::Value;

// Bounds on what one container may make us keep. All are far above what the Engine itself allows
// or what anybody has been seen to use; what goes beyond is left out.
constexpr std::size_t kMaxId = 128;
constexpr std::size_t kMaxText = 4096;
constexpr std::size_t kMaxLabels = 1024;
constexpr std::size_t kMaxLabelValue = std::size_t{64} << 10;
constexpr std::size_t kMaxWords = 1024;
constexpr std::size_t kMaxHealthResults = 5;
constexpr std::size_t kMaxPorts = 4096;
constexpr std::size_t kMaxNetworks = 256;

constexpr std::array<std::pair<std::string_view, ContainerStatus>, 7> kStatuses = {{
    {"created", ContainerStatus::created},
    {"running", ContainerStatus::running},
    {"paused", ContainerStatus::paused},
    {"restarting", ContainerStatus::restarting},
    {"removing", ContainerStatus::removing},
    {"exited", ContainerStatus::exited},
    {"dead", ContainerStatus::dead},
}};

constexpr std::array<std::pair<std::string_view, HealthStatus>, 4> kHealthStatuses = {{
    {"none", HealthStatus::none},
    {"starting", HealthStatus::starting},
    {"healthy", HealthStatus::healthy},
    {"unhealthy", HealthStatus::unhealthy},
}};

ContainerStatus container_status(const Value& word) {
  const std::string text = json::text(word);
  for (const auto& [name, status] : kStatuses) {
    if (text == name) return status;
  }
  // What Podman calls a container that has ended.
  return text == "stopped" ? ContainerStatus::exited : ContainerStatus::created;
}

HealthStatus health_status(const Value& word) {
  const std::string text = json::text(word);
  for (const auto& [name, status] : kHealthStatuses) {
    if (text == name) return status;
  }
  return HealthStatus::none;
}

std::map<std::string, std::string> labels_of(const Value& object) {
  std::map<std::string, std::string> labels;
  if (!object.is_object()) return labels;
  for (const auto& [name, value] : object.items()) {
    if (labels.size() == kMaxLabels) break;
    if (value.is_string()) labels[name] = json::text_within(value, kMaxLabelValue);
  }
  return labels;
}

std::vector<std::string> words_of(const Value& array) {
  std::vector<std::string> words;
  if (!array.is_array()) return words;
  for (const Value& word : array) {
    if (words.size() == kMaxWords) break;
    if (word.is_string()) words.push_back(json::text_within(word, kMaxText));
  }
  return words;
}

// Nothing without a health check: the member is null in Docker, and says `none` or nothing at all
// in newer and other Engines.
std::optional<Health> health_of(const Value& object) {
  Health health;
  health.status = health_status(json::member(object, "Status"));
  if (health.status == HealthStatus::none) return std::nullopt;
  health.failing_streak = std::max(0, json::small_integer(json::member(object, "FailingStreak")));
  const Value& log = json::member(object, "Log");
  if (!log.is_array()) return health;
  const std::size_t first = log.size() - std::min(log.size(), kMaxHealthResults);
  for (std::size_t i = first; i < log.size(); ++i) {
    if (!log[i].is_object()) continue;
    HealthResult result;
    result.start = parse_rfc3339(json::text(json::member(log[i], "Start"))).value_or(Time{});
    result.end = parse_rfc3339(json::text(json::member(log[i], "End"))).value_or(Time{});
    result.exit_code = json::small_integer(json::member(log[i], "ExitCode"));
    result.output = json::text_within(json::member(log[i], "Output"), kMaxText);
    health.log.push_back(std::move(result));
  }
  return health;
}

// A port from 1 to 65535; 0 for anything else.
std::uint16_t port_number(std::string_view text) {
  const auto number = parse_integer(text);
  return number && *number > 0 && *number <= 65535 ? static_cast<std::uint16_t>(*number)
                                                   : std::uint16_t{0};
}

// The Engine binds one published port once for IPv4 and once for IPv6. These addresses are each
// other's twins.
std::string_view ipv4_twin(std::string_view host_ip) {
  if (host_ip == "::") return "0.0.0.0";
  if (host_ip == "::1") return "127.0.0.1";
  return host_ip;
}

auto port_order(const PublishedPort& port) {
  return std::make_tuple(port.container_port, std::string_view(port.protocol), port.host_port,
                         ipv4_twin(port.host_ip), port.host_ip != ipv4_twin(port.host_ip));
}

bool are_twins(const PublishedPort& a, const PublishedPort& b) {
  return a.container_port == b.container_port && a.host_port == b.host_port &&
         a.protocol == b.protocol && ipv4_twin(a.host_ip) == ipv4_twin(b.host_ip);
}

// NetworkSettings.Ports: `80/tcp` to its bindings, or to null when exposed only.
std::vector<PublishedPort> ports_of(const Value& object) {
  std::vector<PublishedPort> ports;
  if (!object.is_object()) return ports;
  for (const auto& [key, bindings] : object.items()) {
    const std::vector<std::string_view> parts = split(key, '/');
    const std::uint16_t container_port = port_number(parts[0]);
    if (container_port == 0 || !bindings.is_array()) continue;
    for (const Value& binding : bindings) {
      const std::uint16_t host_port = port_number(json::text(json::member(binding, "HostPort")));
      if (host_port == 0 || ports.size() == kMaxPorts) continue;
      ports.push_back({json::text_within(json::member(binding, "HostIp"), kMaxId), host_port,
                       container_port, parts.size() > 1 ? std::string(parts[1]) : "tcp"});
    }
  }
  std::sort(ports.begin(), ports.end(), [](const PublishedPort& a, const PublishedPort& b) {
    return port_order(a) < port_order(b);
  });
  ports.erase(std::unique(ports.begin(), ports.end(), are_twins), ports.end());
  return ports;
}

// NetworkSettings.Networks: the address at the top level went with API 1.52.
std::map<std::string, std::string> networks_of(const Value& object) {
  std::map<std::string, std::string> networks;
  if (!object.is_object()) return networks;
  for (const auto& [name, network] : object.items()) {
    if (networks.size() == kMaxNetworks) break;
    std::string address = json::text_within(json::member(network, "IPAddress"), kMaxId);
    if (address.empty()) {
      address = json::text_within(json::member(network, "GlobalIPv6Address"), kMaxId);
    }
    networks[name] = std::move(address);
  }
  return networks;
}

std::string without_slash(std::string name) {
  if (!name.empty() && name.front() == '/') name.erase(0, 1);
  return name;
}

// A linked container is listed under the names of its links too, which hold a second slash.
std::string own_name(const Value& names) {
  std::string first;
  if (!names.is_array()) return first;
  for (const Value& value : names) {
    std::string name = without_slash(json::text_within(value, kMaxText));
    if (name.empty()) continue;
    if (name.find('/') == std::string::npos) return name;
    if (first.empty()) first = std::move(name);
  }
  return first;
}

std::string id_of(const Value& object) {
  std::string id = json::text(json::member(object, "Id"));
  return id.size() <= kMaxId ? id : std::string();
}

void read_state(const Value& state, Container& container) {
  container.status = container_status(json::member(state, "Status"));
  container.health = health_of(json::member(state, "Health"));
  container.exit_code = json::small_integer(json::member(state, "ExitCode"));
  container.oom_killed = json::boolean(json::member(state, "OOMKilled"));
  container.error = json::text_within(json::member(state, "Error"), kMaxText);
  container.started_at = parse_rfc3339(json::text(json::member(state, "StartedAt")));
  container.finished_at = parse_rfc3339(json::text(json::member(state, "FinishedAt")));
}

void read_config(const Value& config, Container& container) {
  container.image = json::text_within(json::member(config, "Image"), kMaxText);
  container.labels = labels_of(json::member(config, "Labels"));
  container.tty = json::boolean(json::member(config, "Tty"));
  container.command = words_of(json::member(config, "Cmd"));
  container.health_test = words_of(json::member(json::member(config, "Healthcheck"), "Test"));
}

void read_host_config(const Value& config, Container& container) {
  const std::int64_t memory = json::integer(json::member(config, "Memory"));
  container.memory_limit = memory > 0 ? static_cast<std::uint64_t>(memory) : 0;
  const Value& policy = json::member(config, "RestartPolicy");
  container.restart_policy = json::text_within(json::member(policy, "Name"), kMaxId);
}

template <class Enum, std::size_t Size>
std::string_view name_of(const std::array<std::pair<std::string_view, Enum>, Size>& names,
                         Enum wanted) {
  for (const auto& [name, value] : names) {
    if (value == wanted) return name;
  }
  return {};
}

}  // namespace

std::string_view to_string(ContainerStatus status) { return name_of(kStatuses, status); }
std::string_view to_string(HealthStatus status) { return name_of(kHealthStatuses, status); }

const std::string& Container::label(std::string_view name) const {
  static const std::string kNone;
  const auto found = labels.find(std::string(name));
  return found == labels.end() ? kNone : found->second;
}

std::vector<std::string> Container::config_files() const {
  std::vector<std::string> files;
  for (const std::string_view file : split(label(label::kConfigFiles), ',')) {
    if (!file.empty()) files.emplace_back(file);
  }
  return files;
}

std::optional<Health> Container::believed_health() const {
  return running() ? health : std::nullopt;
}

std::optional<Container> parse_container(std::string_view text) {
  const std::optional<Value> value = json::parse(text);
  if (!value || !value->is_object()) return std::nullopt;
  Container container;
  container.id = id_of(*value);
  if (container.id.empty()) return std::nullopt;
  container.name = without_slash(json::text_within(json::member(*value, "Name"), kMaxText));
  container.image_id = json::text_within(json::member(*value, "Image"), kMaxText);
  container.restart_count = std::max(0, json::small_integer(json::member(*value, "RestartCount")));
  container.created_at = parse_rfc3339(json::text(json::member(*value, "Created")));
  read_state(json::member(*value, "State"), container);
  read_config(json::member(*value, "Config"), container);
  read_host_config(json::member(*value, "HostConfig"), container);
  const Value& settings = json::member(*value, "NetworkSettings");
  container.ports = ports_of(json::member(settings, "Ports"));
  container.networks = networks_of(json::member(settings, "Networks"));
  return container;
}

std::optional<std::vector<ContainerSummary>> parse_container_list(std::string_view text) {
  const std::optional<Value> value = json::parse(text);
  if (!value || !value->is_array()) return std::nullopt;
  std::vector<ContainerSummary> list;
  list.reserve(value->size());
  for (const Value& row : *value) {
    ContainerSummary summary;
    summary.id = id_of(row);
    if (summary.id.empty()) continue;
    summary.name = own_name(json::member(row, "Names"));
    summary.labels = labels_of(json::member(row, "Labels"));
    summary.status = container_status(json::member(row, "State"));
    list.push_back(std::move(summary));
  }
  return list;
}

}  // namespace dockhand::engine
