#include <fmt/format.h>

#include <algorithm>

#include "base/settings.h"
#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadValue = "x-dev-bad-value";

const std::vector<std::string>& service_keys() {
  static const std::vector<std::string> keys = {"port", "scheme",  "base", "health",
                                                "docs", "metrics", "tags"};
  return keys;
}

const std::vector<std::string>& health_keys() {
  static const std::vector<std::string> keys = {"http", "expect", "tcp", "exec"};
  return keys;
}

void check_keys(const Value& map, const std::vector<std::string>& known, std::string_view what,
                Report& report) {
  for (const Member& member : *map.map()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::optional<std::string> near = nearest(member.key, known);
    report.warning(
        "x-dev-unknown-key", member.key_origin,
        near ? fmt::format("{} has no `{}`; did you mean `{}`?", what, printable(member.key), *near)
             : fmt::format("{} has no `{}`; it knows {}", what, printable(member.key),
                           join(known, ", ")));
  }
}

std::optional<std::uint16_t> read_port(const Value& value, Report& report) {
  const std::optional<std::int64_t> number = to_integer(value);
  if (number && *number > 0 && *number <= 0xFFFF) return static_cast<std::uint16_t>(*number);
  report.warning(kBadValue, value.origin, "this should be a port, from 1 to 65535");
  return std::nullopt;
}

std::string read_text(const Value& value, Report& report) {
  if (value.scalar()) return to_text(value);
  if (!value.is_null()) report.warning(kBadValue, value.origin, "this should be a text");
  return {};
}

std::vector<int> read_statuses(const Value& value, Report& report) {
  std::vector<int> statuses;
  const auto read = [&](const Value& one) {
    const std::optional<std::int64_t> number = to_integer(one);
    if (number && *number >= 100 && *number <= 599) {
      statuses.push_back(static_cast<int>(*number));
    } else {
      report.warning(kBadValue, one.origin, "this should be an HTTP status, such as 200");
    }
  };
  if (const Value::List* list = value.list()) {
    for (const Value& one : *list) read(one);
  } else {
    read(value);
  }
  return statuses;
}

using Health = XDev::Health;

std::optional<Health> read_health_map(const Value& value, Report& report) {
  check_keys(value, health_keys(), "health", report);
  Health health;
  health.origin = value.origin;
  const Value* http = value.find("http");
  const Value* tcp = value.find("tcp");
  const Value* exec = value.find("exec");
  if ((http ? 1 : 0) + (tcp ? 1 : 0) + (exec ? 1 : 0) != 1) {
    report.warning(kBadValue, value.origin, "health takes exactly one of http, tcp and exec");
    return std::nullopt;
  }
  if (const Value* expect = value.find("expect")) {
    if (http) {
      health.expect = read_statuses(*expect, report);
    } else {
      report.warning(kBadValue, expect->origin, "only http has a status to expect");
    }
  }
  if (http) {
    health.url = read_text(*http, report);
    if (health.url.empty()) return std::nullopt;
  } else if (tcp) {
    health.kind = Health::Kind::tcp;
    const std::optional<std::uint16_t> port = read_port(*tcp, report);
    if (!port) return std::nullopt;
    health.port = *port;
  } else {
    health.kind = Health::Kind::exec;
    health.command = exec->scalar() ? split_words(exec->text()) : read_strings(exec);
    if (health.command.empty()) {
      report.warning(kBadValue, exec->origin, "exec is a command, such as [pg_isready, -q]");
      return std::nullopt;
    }
  }
  return health;
}

std::optional<Health> read_health(const Value& value, Report& report) {
  if (value.map()) return read_health_map(value, report);
  Health health;
  health.origin = value.origin;
  health.url = read_text(value, report);
  if (health.url.empty()) return std::nullopt;
  if (health.url == "docker") {
    health.kind = Health::Kind::docker;
    health.url.clear();
  }
  return health;
}

bool read_scheme(const Value& value, Report& report) {
  if (value.text() == "https") return true;
  if (value.text() != "http") report.warning(kBadValue, value.origin, "scheme is http or https");
  return false;
}

// The settings' names, and the words before their dots: both `probe.interval: 5` and
// `probe: {interval: 5}` are understood.
std::vector<std::string> project_keys() {
  std::vector<std::string> keys = {"traces"};
  for (const SettingRow& row : setting_rows()) {
    keys.emplace_back(row.name);
    const std::size_t dot = row.name.find('.');
    if (dot != std::string_view::npos) keys.emplace_back(row.name.substr(0, dot));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace

XDev read_x_dev(const Value& x_dev, Report& report) {
  XDev result;
  result.origin = x_dev.origin;
  if (!x_dev.map()) {
    if (!x_dev.is_null()) report.warning(kBadValue, x_dev.origin, "x-dev is a mapping");
    return result;
  }
  check_keys(x_dev, service_keys(), "x-dev", report);
  if (const Value* port = x_dev.find("port")) result.port = read_port(*port, report);
  if (const Value* scheme = x_dev.find("scheme")) result.https = read_scheme(*scheme, report);
  if (const Value* base = x_dev.find("base")) result.base = read_text(*base, report);
  if (const Value* docs = x_dev.find("docs")) result.docs = read_text(*docs, report);
  if (const Value* metrics = x_dev.find("metrics")) result.metrics = read_text(*metrics, report);
  if (const Value* health = x_dev.find("health")) result.health = read_health(*health, report);
  result.tags = read_strings(x_dev.find("tags"));
  return result;
}

void read_project_x_dev(const Value& x_dev, Project& project, Report& report) {
  if (!x_dev.map()) {
    if (!x_dev.is_null()) report.warning(kBadValue, x_dev.origin, "x-dev is a mapping");
    return;
  }
  check_keys(x_dev, project_keys(), "x-dev", report);
  for (const Member& member : *x_dev.map()) {
    if (member.value.scalar()) project.x_dev_settings[member.key] = to_text(member.value);
    if (!member.value.map()) continue;
    for (const Member& inner : *member.value.map()) {
      if (inner.value.scalar())
        project.x_dev_settings[member.key + "." + inner.key] = to_text(inner.value);
    }
  }
  if (const Value* traces = x_dev.find("traces")) project.traces_url = read_text(*traces, report);
}

}  // namespace dockhand::compose
