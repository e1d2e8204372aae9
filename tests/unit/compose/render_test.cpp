#include "compose/render.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/text.h"
#include "compose/ports.h"
#include "yaml/line_index.h"

namespace dockhand::compose::test {
namespace {

std::string render_port(const Port& port) {
  std::string text;
  if (!port.host_ip.empty()) text += "[" + port.host_ip + "]";
  if (port.published) text += std::to_string(port.published);
  if (port.published_end != port.published) text += fmt::format("-{}", port.published_end);
  text += fmt::format(":{}/{}", port.target, compose::to_string(port.protocol));
  if (!port.app_protocol.empty()) text += "(" + port.app_protocol + ")";
  return text;
}

constexpr std::string_view kKinds[] = {"",    "link", "network", "ipc",
                                       "pid", "uts",  "cgroup",  "volumes"};

std::string render_dependency(const Dependency& dependency) {
  std::vector<std::string> parts;
  if (dependency.condition == Condition::healthy) parts.emplace_back("healthy");
  if (dependency.condition == Condition::completed) parts.emplace_back("completed");
  if (dependency.restart) parts.emplace_back("restart");
  if (!dependency.required) parts.emplace_back("optional");
  if (dependency.kind != DependencyKind::depends_on) {
    parts.emplace_back(kKinds[static_cast<std::size_t>(dependency.kind)]);
  }
  return parts.empty() ? dependency.service : dependency.service + "(" + join(parts, " ") + ")";
}

std::string render_health_check(const HealthCheck& check) {
  std::string text = check.disabled ? "off" : join(check.test, " ");
  const auto add = [&](std::string_view name, const std::optional<Duration>& value) {
    if (value) text += fmt::format(" {}={}ms", name, value->count() / 1'000'000);
  };
  add("interval", check.interval);
  add("timeout", check.timeout);
  add("start_period", check.start_period);
  add("start_interval", check.start_interval);
  if (check.retries) text += fmt::format(" retries={}", *check.retries);
  return "{" + text + "}";
}

std::string render_x_dev(const XDev& x_dev) {
  std::vector<std::string> parts;
  if (x_dev.port) parts.push_back(fmt::format("port={}", *x_dev.port));
  if (x_dev.https) parts.emplace_back("https");
  if (!x_dev.base.empty()) parts.push_back("base=" + x_dev.base);
  if (!x_dev.docs.empty()) parts.push_back("docs=" + x_dev.docs);
  if (!x_dev.metrics.empty()) parts.push_back("metrics=" + x_dev.metrics);
  if (!x_dev.tags.empty()) parts.push_back("tags=" + join(x_dev.tags, "+"));
  if (x_dev.health) {
    const XDev::Health& health = *x_dev.health;
    switch (health.kind) {
      case XDev::Health::Kind::http:
        parts.push_back("http=" + health.url);
        break;
      case XDev::Health::Kind::tcp:
        parts.push_back(fmt::format("tcp={}", health.port));
        break;
      case XDev::Health::Kind::exec:
        parts.push_back("exec=" + join(health.command, "+"));
        break;
      case XDev::Health::Kind::docker:
        parts.emplace_back("docker");
        break;
    }
    for (int status : health.expect) parts.push_back(fmt::format("expect={}", status));
  }
  return join(parts, " ");
}

template <class T, class Render>
std::string list(const std::vector<T>& values, Render render) {
  std::vector<std::string> parts;
  for (const T& value : values) parts.push_back(render(value));
  return join(parts, ",");
}

std::string render_service(const Service& service) {
  std::string text = service.enabled ? service.name : "(" + service.name + ")";
  const auto add = [&](std::string_view name, const std::string& value) {
    if (!value.empty()) text += fmt::format(" {}={}", name, value);
  };
  add("image", service.image);
  if (service.build) {
    add("build", service.build->context);
    add("dockerfile", service.build->dockerfile);
    add("target", service.build->target);
  }
  add("name", service.container_name);
  add("command", list(service.command, [](const std::string& word) { return word; }));
  add("ports", list(service.ports, render_port));
  add("depends", list(service.dependencies, render_dependency));
  if (service.healthcheck) add("health", render_health_check(*service.healthcheck));
  add("labels",
      list(service.labels, [](const auto& label) { return label.first + "=" + label.second; }));
  add("profiles", join(service.profiles, ","));
  add("restart", service.restart);
  add("mem", service.mem_limit);
  if (service.replicas != 1) add("replicas", std::to_string(service.replicas));
  const std::string x_dev = render_x_dev(service.x_dev);
  if (!x_dev.empty()) add("x-dev", "{" + x_dev + "}");
  return text;
}

std::string severity_name(Severity severity) {
  constexpr std::string_view kNames[] = {"error", "warning", "information", "hint"};
  return std::string(kNames[static_cast<std::size_t>(severity)]);
}

std::string_view covered(const SourceFile& file, Range range) {
  return std::string_view(file.tree.text()).substr(range.begin, range.size());
}

}  // namespace

std::string render(const Project& project) {
  std::string text;
  for (const Service& service : project.services) text += render_service(service) + "\n";
  return text;
}

std::string render_findings(const Project& project) {
  std::string text;
  for (const SourceFile& file : project.files) {
    const yaml::LineIndex lines(file.tree.text());
    for (const Finding& finding : file.findings) {
      const yaml::LineColumn at = lines.position(finding.range.begin);
      text += fmt::format("{}:{}:{} {} {} \"{}\"\n", io::base_name(file.path), at.line + 1,
                          at.column + 1, severity_name(finding.severity), finding.code,
                          covered(file, finding.range));
    }
  }
  return text;
}

std::string render_origin(const Project& project, const Origin& origin) {
  return fmt::format("{} \"{}\"", project.place(origin),
                     covered(project.files.at(origin.file), origin.range));
}

Files::Files(std::string_view text) {
  std::string path = "/p/compose.yaml";
  std::string content;
  constexpr std::string_view kMark = "--- ";
  bool empty = true;
  for (std::string_view line : split_lines(text)) {
    if (line.substr(0, kMark.size()) == kMark) {
      if (!empty) files_.write(path, content);
      path = io::join_path("/p", line.substr(kMark.size()));
      content.clear();
    } else {
      content.append(line).append("\n");
    }
    empty = false;
  }
  files_.write(path, content);
}

LoadOptions in_p() {
  LoadOptions options;
  options.working_directory = "/p";
  return options;
}

Project Files::load() const {
  Result<Project> project = load(in_p());
  REQUIRE_MESSAGE(project, project.error().what);
  return *std::move(project);
}

}  // namespace dockhand::compose::test
