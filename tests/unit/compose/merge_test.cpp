#include "compose/merge.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "compose/model.h"
#include "compose/render.h"
#include "compose/scalar.h"

namespace dockhand::compose::test {
namespace {

// A value in one line: `{a: 1, b: [x, y]}`.
std::string show(const Value& value) {
  std::vector<std::string> parts;
  if (const Value::Map* map = value.map()) {
    for (const Member& member : *map) parts.push_back(member.key + ": " + show(member.value));
    return "{" + join(parts, ", ") + "}";
  }
  if (const Value::List* list = value.list()) {
    for (const Value& item : *list) parts.push_back(show(item));
    return "[" + join(parts, ", ") + "]";
  }
  return value.is_null() ? "~" : to_text(value);
}

// The model of two files, each written in one line, and the codes of what was found.
std::string merged(std::string_view below, std::string_view above) {
  io::MemoryFileSystem system;
  system.write("/p/a.yaml", std::string(below));
  system.write("/p/b.yaml", std::string(above));
  std::vector<SourceFile> files;
  Workshop workshop(system, files);
  const Scope scope{"/p", {}, {}, {}};
  std::string shown = show(load_model(workshop, scope, {"/p/a.yaml", "/p/b.yaml"}, std::nullopt));
  for (const SourceFile& file : files) {
    for (const Finding& finding : file.findings) shown += " !" + finding.code;
  }
  return shown;
}

// The same for one attribute of one service.
std::string merged_service(std::string_view below, std::string_view above) {
  const auto wrap = [](std::string_view text) {
    return "services: {s: {" + std::string(text) + "}}";
  };
  std::string shown = merged(wrap(below), wrap(above));
  constexpr std::string_view kBegin = "{services: {s: {", kEnd = "}}}";
  REQUIRE(shown.substr(0, kBegin.size()) == kBegin);
  const std::size_t end = shown.rfind(kEnd);
  return shown.substr(kBegin.size(), end - kBegin.size()) + shown.substr(end + kEnd.size());
}

struct Case {
  std::string_view below, above, result;
};

}  // namespace

TEST_CASE("the general rules") {
  const Case cases[] = {
      {"{a: 1}", "{b: 2}", "{a: 1, b: 2}"},
      {"{a: 1}", "{a: 2}", "{a: 2}"},
      {"{a: {b: 1, c: 2}}", "{a: {c: 3, d: 4}}", "{a: {b: 1, c: 3, d: 4}}"},
      {"{a: [1, 2]}", "{a: [2, 3]}", "{a: [1, 2, 3]}"},
      {"{a: 1}", "{a: }", "{a: 1}"},
      {"{a: [1]}", "{a: ~}", "{a: [1]}"},
      {"{a: }", "{a: 1}", "{a: 1}"},
      {"{a: }", "{a: {b: 1}}", "{a: {b: 1}}"},
      {"{a: 1}", "{a: [1]}", "{a: [1]}"},
      {"{a: [1]}", "{a: {b: 1}}", "{a: {b: 1}} !compose-cannot-override"},
      {"{a: {b: 1}}", "{a: [1]}", "{a: [1]} !compose-cannot-override"},
      {"{a: {b: 1}}", "{a: x}", "{a: x} !compose-cannot-override"},
      {"{a: 1}", "", "{a: 1}"},
      {"{a: [1]}\n---\n{a: [2]}", "{a: [3]}", "{a: [1, 2, 3]}"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.below);
    CAPTURE(test.above);
    CHECK(merged(test.below, test.above) == test.result);
  }
}

TEST_CASE("!reset and !override") {
  const Case cases[] = {
      {"{a: 1, b: 2}", "{a: !reset ~}", "{b: 2}"},
      {"{a: {b: 1, c: 2}}", "{a: {b: !reset x}}", "{a: {c: 2}}"},
      {"{a: [1, 2]}", "{a: !override [3]}", "{a: [3]}"},
      {"{a: {b: 1}}", "{a: !override {c: 2}}", "{a: {c: 2}}"},
      {"{a: {b: 1}}", "{a: !override [1]}", "{a: [1]}"},
      {"{a: !reset 1, b: 2}", "", "{b: 2}"},
      {"{a: !override [1]}", "{a: [2]}", "{a: [1, 2]}"},
      {"{a: [1]}\n---\n{a: !reset }", "{a: [3]}", "{a: [3]}"},
      {"{a: [1, 2]}", "{a: [!reset 1, 3]}", "{a: [1, 2, 3]}"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.below);
    CAPTURE(test.above);
    CHECK(merged(test.below, test.above) == test.result);
  }
}

TEST_CASE("the table: services") {
  const Case cases[] = {
      // Replaced, even by nothing.
      {"command: [a, b]", "command: [c]", "command: [c]"},
      {"command: [a]", "command: ", "command: ~"},
      {"entrypoint: [a]", "entrypoint: b", "entrypoint: b"},
      {"healthcheck: {test: [CMD, a], retries: 1}", "healthcheck: {test: b}",
       "healthcheck: {test: b, retries: 1}"},
      {"ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: 3}", "ulimits: {nofile: 3}"},
      {"ulimits: {nofile: 3}", "ulimits: {nofile: {soft: 1}}", "ulimits: {nofile: {soft: 1}}"},
      // Lists or maps of pairs.
      {"environment: [A=1, B=2, C]", "environment: {B: 3, D: }",
       "environment: {A: 1, B: 3, C: ~, D: ~}"},
      {"environment: {A: 010}", "environment: [B=010]", "environment: {A: 8, B: 010}"},
      {"environment: [A=1=2]", "environment: [A=]", "environment: {A: }"},
      {"labels: [a=1]", "labels: [a=2, b=3]", "labels: {a: 2, b: 3}"},
      {"annotations: {a: 1}", "annotations: [a=2]", "annotations: {a: 2}"},
      {"sysctls: [a=1]", "sysctls: {a: 2}", "sysctls: {a: 2}"},
      {"build: {args: [A=1]}", "build: {args: {A: 2, B: 3}}", "build: {args: {A: 2, B: 3}}"},
      {"build: {labels: [a=1]}", "build: {labels: [a=2]}", "build: {labels: {a: 2}}"},
      {"build: {additional_contexts: [a=b]}", "build: {additional_contexts: {c: d}}",
       "build: {additional_contexts: {a: b, c: d}}"},
      {"deploy: {labels: [a=1]}", "deploy: {labels: {b: 2}}", "deploy: {labels: {a: 1, b: 2}}"},
      // One or many.
      {"dns: 1.1.1.1", "dns: [8.8.8.8, 1.1.1.1]", "dns: [1.1.1.1, 8.8.8.8]"},
      {"dns_search: a", "dns_search: b", "dns_search: [a, b]"},
      {"dns_opt: [a]", "dns_opt: [b, a]", "dns_opt: [a, b]"},
      {"env_file: a.env", "env_file: [b.env, {path: a.env, required: false}]",
       "env_file: [{path: a.env, required: false}, {path: b.env, required: true}]"},
      {"label_file: a", "label_file: [b, a]", "label_file: [a, b]"},
      {"tmpfs: /a", "tmpfs: [/b, /a]", "tmpfs: [/a, /b]"},
      {"extra_hosts: [a=1, b=2]", "extra_hosts: {a: 1, c: 3}", "extra_hosts: [a=1, b=2, c=3]"},
      {"extra_hosts: {a: [1, 2]}", "extra_hosts: [a=2]", "extra_hosts: [a=1, a=2]"},
      {"build: {extra_hosts: [a=1]}", "build: {extra_hosts: [a=1, b=2]}",
       "build: {extra_hosts: [a=1, b=2]}"},
      // Short forms.
      {"depends_on: [a]", "depends_on: {b: {condition: service_healthy}}",
       "depends_on: {a: {condition: service_started, required: true}, b: {condition: "
       "service_healthy, required: true}}"},
      {"depends_on: {a: {condition: service_healthy, restart: true}}", "depends_on: [a]",
       "depends_on: {a: {condition: service_started, restart: true, required: true}}"},
      {"networks: [a]", "networks: {a: {aliases: [x]}, b: }",
       "networks: {a: {aliases: [x]}, b: ~}"},
      {"networks: {a: {aliases: [x, y]}}", "networks: {a: {aliases: [y, z]}}",
       "networks: {a: {aliases: [x, y, z]}}"},
      {"networks: {a: {link_local_ips: [x]}}", "networks: {a: {link_local_ips: [x]}}",
       "networks: {a: {link_local_ips: [x]}}"},
      {"models: [a]", "models: {a: {endpoint_var: X}}", "models: {a: {endpoint_var: X}}"},
      {"build: ctx", "build: {target: t}", "build: {context: ctx, target: t}"},
      {"build: {target: t}", "build: ctx", "build: {target: t, context: ctx}"},
      {"build: ctx", "build: ", "build: {context: ctx}"},
      // Logging goes with its driver.
      {"logging: {driver: a, options: {x: 1}}", "logging: {driver: a, options: {y: 2}}",
       "logging: {driver: a, options: {x: 1, y: 2}}"},
      {"logging: {options: {x: 1}}", "logging: {driver: a}",
       "logging: {options: {x: 1}, driver: a}"},
      {"logging: {driver: a, options: {x: 1}}", "logging: {driver: b}", "logging: {driver: b}"},
      // What is said twice counts once.
      {"ports: ['1:1', '2:2']", "ports: ['2:2', '3:3']",
       "ports: [{mode: ingress, target: 1, published: 1, protocol: tcp}, "
       "{mode: ingress, target: 2, published: 2, protocol: tcp}, "
       "{mode: ingress, target: 3, published: 3, protocol: tcp}]"},
      {"ports: [{target: 1, published: 2}]", "ports: [{target: 1, published: 2, name: x}]",
       "ports: [{target: 1, published: 2, name: x}]"},
      {"ports: [{target: 1, published: 2}]", "ports: [{target: 1, published: 2, protocol: udp}]",
       "ports: [{target: 1, published: 2}, {target: 1, published: 2, protocol: udp}]"},
      {"volumes: [aa:/d, bb:/e]", "volumes: [cc:/d:ro, {type: bind, source: x, target: /e}]",
       "volumes: [{type: volume, source: cc, target: /d, read_only: true, volume: {}}, "
       "{type: bind, source: x, target: /e}]"},
      {"volumes: [/d]", "volumes: ['c:\\x:/d']",
       "volumes: [{type: bind, source: c:\\x, target: /d, bind: {}}]"},
      // One letter is a Windows drive, here of a target without a source.
      {"volumes: [aa:/d]", "volumes: [a:/d]",
       "volumes: [{type: volume, source: aa, target: /d, volume: {}}, "
       "{type: volume, target: a:/d, volume: {}}]"},
      {"devices: [/dev/a:/dev/b, /dev/c]", "devices: ['/dev/x:/dev/b:r', '/dev/y:/dev/c']",
       "devices: [{source: /dev/x, target: /dev/b, permissions: r}, "
       "{source: /dev/y, target: /dev/c, permissions: rwm}]"},
      {"secrets: [a, {source: b}]", "secrets: [{source: x, target: /run/secrets/a}, {source: b}]",
       "secrets: [{source: x, target: /run/secrets/a}, {source: b}]"},
      {"configs: [a]", "configs: [{source: x, target: /a}]", "configs: [{source: x, target: /a}]"},
      {"expose: [80]", "expose: ['80', 81]", "expose: [80, 81]"},
      {"cap_add: [A]", "cap_add: [B, A]", "cap_add: [A, B]"},
      {"cap_drop: [A]", "cap_drop: [A]", "cap_drop: [A]"},
      {"links: [a, b:c]", "links: [b:c]", "links: [a, b:c]"},
      {"profiles: [a]", "profiles: [a, b]", "profiles: [a, b]"},
      {"build: {tags: [a]}", "build: {tags: [a, b]}", "build: {tags: [a, b]}"},
      {"build: {platforms: [a]}", "build: {platforms: [a, b]}", "build: {platforms: [a, b]}"},
      // Nothing special.
      {"security_opt: [a]", "security_opt: [a]", "security_opt: [a]"},
      {"deploy: {replicas: 1, resources: {limits: {cpus: '1'}}}",
       "deploy: {resources: {limits: {memory: 1g}}}",
       "deploy: {replicas: 1, resources: {limits: {cpus: 1, memory: 1g}}}"},
      {"x-dev: {tags: [a], base: /x}", "x-dev: {tags: [b], base: /y}",
       "x-dev: {tags: [a, b], base: /y}"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.below);
    CAPTURE(test.above);
    CHECK(merged_service(test.below, test.above) == test.result);
  }
}

TEST_CASE("the table: networks and volumes") {
  const Case cases[] = {
      {"networks: {n: {labels: [a=1]}}", "networks: {n: {labels: {a: 2}}}",
       "{networks: {n: {labels: {a: 2}}}}"},
      {"volumes: {v: {labels: [a=1]}}", "volumes: {v: {labels: [b=2]}}",
       "{volumes: {v: {labels: {a: 1, b: 2}}}}"},
      {"networks: {n: {ipam: {config: [{subnet: x, gateway: g}, {subnet: y}]}}}",
       "networks: {n: {ipam: {config: [{subnet: x, gateway: h}, {subnet: z}]}}}",
       "{networks: {n: {ipam: {config: [{subnet: z, gateway: h}, {subnet: z}]}}}}"},
      {"networks: {n: }", "networks: {n: {driver: bridge}, m: }",
       "{networks: {n: {driver: bridge}, m: ~}}"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.below);
    CHECK(merged(test.below, test.above) == test.result);
  }
}

TEST_CASE("a map with many members keeps them all, in order") {
  std::string below = "services:\n", above = "services:\n";
  for (int i = 0; i < 200; ++i) below += "  s" + std::to_string(i) + ": {image: a}\n";
  for (int i = 199; i >= 0; i -= 2) above += "  s" + std::to_string(i) + ": {image: b}\n";
  above += "  last: {image: b}\n";
  const Project project =
      Files("--- compose.yaml\n" + below + "--- compose.override.yaml\n" + above).load();
  REQUIRE(project.services.size() == 201);
  for (std::size_t i = 0; i < 200; ++i) {
    CHECK(project.services[i].name == "s" + std::to_string(i));
    CHECK(project.services[i].image == (i % 2 == 1 ? "b" : "a"));
  }
  CHECK(project.services[200].name == "last");
}

}  // namespace dockhand::compose::test
