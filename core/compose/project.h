#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/finding.h"
#include "compose/value.h"
#include "yaml/line_index.h"
#include "yaml/tree.h"

// What `docker compose` would run, resolved natively from the files, every fact with the place it
// was written at. All of it plain values: made once by load() (compose/loader.h), then shared as
// `std::shared_ptr<const Project>` by any number of threads.
namespace dockhand::compose {

// One file that the project was made from, as it was read.
struct SourceFile {
  std::string path;  // Absolute; `-` for standard input.
  yaml::Tree tree;
  yaml::LineIndex lines;
  std::vector<Finding> findings;  // About this file: syntax and what the loader could not read.
};

enum class Protocol : std::uint8_t { tcp, udp, sctp };

struct Port {
  std::string host_ip;              // Empty: all addresses.
  std::uint16_t published = 0;      // 0: the Engine picks one.
  std::uint16_t published_end = 0;  // Last of a range to pick from; equal to published otherwise.
  std::uint16_t target = 0;
  Protocol protocol = Protocol::tcp;
  std::string app_protocol;
  Origin origin;
};

enum class Condition : std::uint8_t { started, healthy, completed };
std::string_view to_string(Condition condition);  // As in the file: `service_healthy`.

// Why one service needs another.
enum class DependencyKind : std::uint8_t {
  depends_on,
  link,
  network_mode,
  ipc,
  pid,
  uts,
  cgroup,
  volumes_from
};

struct Dependency {
  std::string service;
  Condition condition = Condition::started;
  bool restart = false;
  bool required = true;
  DependencyKind kind = DependencyKind::depends_on;
  Origin origin;  // The name, where it is written.
};

struct HealthCheck {
  bool disabled = false;
  std::vector<std::string> test;  // `CMD`, `CMD-SHELL` or `NONE` first.
  std::optional<Duration> interval, timeout, start_period, start_interval;
  std::optional<int> retries;
  Origin origin;
};

struct Build {
  std::string context;  // Absolute, unless it is a URL.
  std::string dockerfile;
  std::string target;
  Origin origin;
};

// What a service's x-dev (or x-dockhand) says.
struct XDev {
  struct Health {
    enum class Kind : std::uint8_t { http, tcp, exec, docker };
    Kind kind = Kind::http;
    std::string url;                   // Path or full URL, of http.
    std::vector<int> expect;           // Statuses that count as well; empty: 200 to 399.
    std::uint16_t port = 0;            // Of tcp.
    std::vector<std::string> command;  // Of exec.
    Origin origin;
  };
  std::optional<std::uint16_t> port;  // The container port that speaks HTTP.
  bool https = false;                 // `scheme: https`
  std::string base;                   // Path of the base URL.
  std::string docs, metrics;          // Path or URL.
  std::optional<Health> health;
  std::vector<std::string> tags;
  Origin origin;
};

struct Service {
  std::string name;
  Origin name_origin;   // The key, in the last file that has the service.
  Origin origin;        // The service's whole value there.
  bool enabled = true;  // False when its profiles are not active.

  std::string image;
  Origin image_origin;
  std::optional<Build> build;
  std::string container_name;
  std::vector<std::string> command;
  std::vector<Port> ports;
  std::vector<Dependency> dependencies;  // Those of depends_on first, in file order.
  std::optional<HealthCheck> healthcheck;
  std::vector<std::pair<std::string, std::string>> labels;
  std::vector<std::string> profiles;
  std::string restart;
  std::string mem_limit;
  Origin mem_limit_origin;
  int replicas = 1;  // `scale` or `deploy.replicas`.
  XDev x_dev;
};

struct Project {
  std::string name;
  std::string directory;          // Absolute: what relative paths are relative to.
  std::vector<SourceFile> files;  // In the order that Compose merges them.
  std::vector<std::string>
      file_paths;  // As Compose's config_files label names them: the files given, without includes.
  std::vector<std::string> profiles;  // Active ones.
  std::vector<Service> services;      // In the order of the files.
  std::vector<Service> jobs;          // Run to completion when triggered; `up` starts none.
  Value model;                        // The effective model that the rest is read from.
  std::string traces_url;             // Top-level x-dev.
  std::map<std::string, std::string> x_dev_settings;  // Top-level x-dev's scalars, for Settings.

  const Service* find(std::string_view service) const;
  // `compose.yaml:31` for people, relative to the project's directory.
  std::string place(const Origin& origin) const;
};

}  // namespace dockhand::compose
