#include "check/schema.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "check/annotated.h"
#include "spec/catalogue.h"

// Keys, types and values. What is annotated as an error was refused by Compose 2.40 and 5.5.
namespace dockhand::check::test {
namespace {

// The messages of what is found in compose.yaml.
std::string messages(std::string_view text) {
  const compose::Project project = Stack(text).check();
  std::string out;
  for (const Finding& finding : project.files[0].findings) {
    out += finding.message + '\n';
  }
  return out;
}

bool is_schema_code(std::string_view code) {
  return std::any_of(schema_codes().begin(), schema_codes().end(),
                     [code](const Code& one) { return one.name == code; });
}

std::string read(const std::string& path) {
  const io::RealFileSystem files;
  const Result<std::string> text = files.read(DOCKHAND_SOURCE_DIR "/" + path, 1 << 20);
  REQUIRE(text);
  return *text;
}

}  // namespace

TEST_CASE("keys that are not known") {
  expect({
      R"(
services:
  web:
    imge: web:1
#   ^^^^ error unknown-key
    build:
      context: https://example.com/app.git
      dockerfil: Dockerfile
#     ^^^^^^^^^ error unknown-key
    deploy: {resources: {limit: {cpus: 1}}}
#                        ^^^^^ error unknown-key
    networks:
      default: {alias: [x]}
#               ^^^^^ error unknown-key
    ports:
      - {targt: 80, target: 81}
#        ^^^^^ error unknown-key
    x-anything: {goes: here}
    labels: {any: key, x-too: y}
    healthcheck: {test: x, x-note: y}
    env_file: [{path: a.env, required: false, x-note: y}]
#                                             ^^^^^^ error unknown-key
    gpus: [{count: 1, drivr: nvidia}]
#                     ^^^^^ warning unusual-key
image: web:1
#<^^^^ error unknown-key
x-common: {imge: x}
)",
      R"(
services:
  web: {image: web:1, <<: {imge: x}}
#                          ^^^^ error unknown-key
volumes:
  data: {drver: local}
# ^^^^ hint unused-volume
#        ^^^^^ error unknown-key
)",
  });
  CHECK(messages("services:\n  a: {image: a:1, comand: x}\n") ==
        "a service has no key `comand`; did you mean `command`?\n");
  CHECK(messages("services:\n  a: {image: a:1, command: x, comand: x}\n") ==
        "a service has no key `comand`\n");
  CHECK(messages("services:\n  a: {image: a:1, parallelism: 2}\n") ==
        "a service has no key `parallelism`\n");
  CHECK(messages("services:\n  a: {image: a:1, deploy: {parallelism: 2}}\n") ==
        "`deploy` has no key `parallelism`; it belongs in `rollback_config`\n");
  CHECK(messages("services:\n  a: {image: a:1}\nprivileged: true\n") ==
        "a Compose file has no key `privileged`; it belongs in a service\n");
  CHECK(messages("services:\n  a: {image: a:1, ports: [{target: 80, hostip: x}]}\n") ==
        "an item of `ports` has no key `hostip`; did you mean `host_ip`?\n");
  CHECK(all_fixed("services:\n  a: {image: a:1, comand: x}\n") ==
        "services:\n  a: {image: a:1, command: x}\n");
}

TEST_CASE("values of another type") {
  expect({
      R"(
services:
  a:
# ^ error no-image-or-build
    image: [a]
#          ^^^ error wrong-type
    init: 1
#         ^ error wrong-type
    ports: 8080
#          ^^^^ error wrong-type
    environment: NAME=x
#                ^^^^^^ error wrong-type
    hostname: 12
#             ^^ error wrong-type
    cap_drop: 2001-01-01
#             ^^^^^^^^^^ error wrong-type
    cap_add: [NET_ADMIN, 5, [x]]
#                        ^ error wrong-type
#                           ^^^ error wrong-type
    networks: {default: [x]}
#                       ^^^ error wrong-type
    logging: {driver: local, options: {compress: true}}
#                                                ^^^^ error wrong-type
    user:
#   ^^^^ error wrong-type
    command:
    use_api_socket: "true"
#                   ^^^^^^ error wrong-type
    ulimits: {nofile: [1, 2]}
#                     ^^^^^^ error wrong-type
    group_add: [1000, audio]
    mem_limit: 64.5
    mem_reservation: 64.5
#                    ^^^^ error wrong-type
networks: [front]
#         ^^^^^^^ error wrong-type
)",
      // What Compose casts once variables are replaced.
      R"(
services:
  a:
    image: a:1
    init: "true"
    tty: ${TTY:-yes}
    cpus: ${CPUS:-0.5}
    scale: "2"
    healthcheck: {test: x, retries: "${RETRIES:-3}", disable: "off"}
    ulimits: {nofile: "${FILES:-1024}", nproc: {soft: "1", hard: "2"}}
    ports: [{target: "${PORT:-80}"}]
)",
      // What Compose never sees, it does not refuse.
      R"(
services:
  a:
    image: a:1
    hostname: !reset 12
    ports: !reset []
    x-dev: {port: 80}
)",
  });
  CHECK(messages("services: {a: {image: a:1, init: 1}}\n") ==
        "`init` takes true or false, not a whole number\n");
  CHECK(messages("services: {a: {image: a:1, cap_add: {x: y}}}\n") ==
        "`cap_add` takes a list, not a mapping\n");
  CHECK(messages("services: {a: {image: a:1, user: }}\n") ==
        "`user` has no value; write a text, or delete it\n");
  CHECK(messages("services: {a: {image: a:1, pids_limit: [1]}}\n") ==
        "`pids_limit` takes a number, not a list\n");
  CHECK(messages("services: {a: [x]}\n") == "a service takes a mapping, not a list\n");
  CHECK(fixed("services:\n  a: {image: a:1, hostname: 12}\n") ==
        "services:\n  a: {image: a:1, hostname: \"12\"}\n");
}

TEST_CASE("values that are none of those that are known") {
  expect({
      R"(
services:
  a:
    image: a:1
    pull_policy: allways
#                ^^^^^^^ error bad-value
    cgroup: "hst"
#           ^^^^^ error bad-value
    depends_on:
      b: {condition: service_helthy}
#                    ^^^^^^^^^^^^^^ error bad-value
    restart: allways
#            ^^^^^^^ warning unusual-value
    network_mode: my_network
    ipc: shared
#        ^^^^^^ warning unusual-value
    pid: "service:"
#        ^^^^^^^^^^ error compose-bad-dependency
#        ^^^^^^^^^^ warning unusual-value
    scale: -1
#          ^^ error bad-value
    container_name: a
#                   ^ error bad-value
    cpu_percent: 120
#                ^^^ error bad-value
    oom_score_adj: -2000
#                  ^^^^^ error bad-value
    blkio_config: {weight: 5}
#                          ^ warning unusual-value
    expose: [http, "80/tcp", 8000-8010]
#            ^^^^ warning unusual-value
    ports:
      - {target: 80, host_ip: localhost}
#                             ^^^^^^^^^ error bad-value
      - {target: 81, protocol: tpc, published: "8000-80x0"}
#                              ^^^ warning unusual-value
#                                              ^^^^^^^^^^^ warning compose-bad-port
    develop: {watch: [{path: "", action: rebild, target: /src}]}
#                            ^^ error bad-value
#                                        ^^^^^^ error bad-value
    build: https://example.com/app.git
  b: {image: b:1, healthcheck: {test: x}, gpus: some}
#                                               ^^^^ error bad-value
)",
      R"(
services:
  a: {image: a:1, pull_policy: every_1d12h, restart: on-failure:3, pid: host}
  b: {image: b:1, pull_policy: weekly, restart: "no", ipc: service:a, gpus: all}
  c: {image: c:1, pull_policy: every_, restart: no}
#                              ^^^^^^ error bad-value
  d: {image: d:1, pull_policy: every_12, cap_add: [sys_admin, CAP_CHOWN]}
#                              ^^^^^^^^ error bad-value
  e: {image: e:1, logging: {driver: custom}, network_mode: my_network}
)",
  });
  CHECK(messages("services: {a: {image: a:1, restart: allways}}\n") ==
        "`allways` is no value that `restart` takes; did you mean `always`?\n");
  CHECK(messages("services: {a: {image: a:1, cgroup: x}}\n") ==
        "`x` is no value that `cgroup` takes; write host or private\n");
  CHECK(messages("services: {a: {image: a:1, cpu_percent: 120}}\n") ==
        "`cpu_percent` takes no more than 100\n");
  CHECK(all_fixed("services:\n  a: {image: a:1, pull_policy: 'allways'}\n") ==
        "services:\n  a: {image: a:1, pull_policy: 'always'}\n");
}

TEST_CASE("keys that are missing, out of date or ahead of their time") {
  expect({
      R"(
version: "3.8"
#<^^^^^^ warning deprecated-key
services:
  a:
    image: a:1
    depends_on:
      b: {restart: true}
#     ^ error missing-key
    develop:
      watch:
        - path: .
#         ^^^^ error missing-key
    volumes:
      - source: ./data
#       ^^^^^^ error missing-key
        target: /data
      - {type: tmpfs, tmpfs: {size: 5}}
#        ^^^^ error missing-key
    ulimits: {nofile: {soft: 1}}
#             ^^^^^^ error missing-key
    umask: 022
#   ^^^^^ information compose-newer-format
  b: {image: b:1, healthcheck: {test: x}, post_start: [{user: root}]}
#                                                       ^^^^ error missing-key
networks:
  old: {external: {name: other}}
# ^^^ hint unused-network
#                  ^^^^ warning deprecated-key
jobs:
#<^^^ information compose-newer-format
  j: {image: j:1, triggers: {manual: false, schedule: ["0 3 * * *", {timezone: UTC}]}}
#                                                                    ^^^^^^^^ error missing-key
  k: {image: k:1, restart: always}
# ^ error missing-key
#                 ^^^^^^^ error unknown-key
)",
  });
  CHECK(fixed("# Top.\nversion: \"3\"\nservices:\n  a: {image: a:1}\n") ==
        "# Top.\nservices:\n  a: {image: a:1}\n");
  CHECK(messages("version: \"3\"\nservices:\n  a: {image: a:1}\n") ==
        "`version` is out of date; delete it, since Compose reads every file as the newest "
        "format\n");
}

TEST_CASE("items that are there twice") {
  expect({
      R"(
services:
  a:
    image: a:1
    security_opt: [no-new-privileges, label:disable, no-new-privileges]
#                                                    ^^^^^^^^^^^^^^^^^ error duplicate-item
    group_add: [5, "5", 5]
#                       ^ error duplicate-item
    depends_on: [b, b]
#                   ^ error duplicate-item
    cap_add: [SYS_TIME, KILL, SYS_TIME]
#                             ^^^^^^^^ warning repeated-item
    command: [x, x]
  b: {image: b:1, healthcheck: {test: [CMD, a, a]}}
)",
      R"(
services:
  a:
    image: a:1
    device_cgroup_rules: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, a, r]
#                                                                            ^ error duplicate-item
)",
      // A file may say again what the one below it says.
      "--- compose.yaml\n"
      "services:\n  a: {image: \"a:1\", cap_add: [KILL]}\n"
      "--- compose.override.yaml\n"
      "services:\n  a: {cap_add: [KILL]}\n",
  });
}

TEST_CASE("names and keys that Compose does not take") {
  expect({
      R"(
services:
  my app: {image: a:1}
# ^^^^^^ error bad-name
  3: {image: a:1}
# ^ error compose-key-not-text
  "4": {image: a:1, pull_policy: refresh, labels: {5: x, true: y, "6": z}}
#                                                  ^ error compose-key-not-text
#                                                        ^^^^ error compose-key-not-text
volumes: {my data: {}}
#         ^^^^^^^ error bad-name
#         ^^^^^^^ hint unused-volume
)",
  });
}

TEST_CASE("each mistake is said once") {
  expect({
      // An anchor that two services use, and a service that two others extend.
      R"(
x-base: &base {image: a:1, imge: x}
#                          ^^^^ error unknown-key
services:
  a: *base
  b: {<<: *base}
  c: {extends: b}
)",
      // What the loader says of the same value is left out.
      R"(
services:
  a: {image: a:1, depends_on: 3, healthcheck: {test: {x: y}}, ports: x, scale: [1]}
#                             ^ error wrong-type
#                                                    ^^^^^^ error wrong-type
#                                                                    ^ error wrong-type
#                                                                              ^^^ error wrong-type
)",
  });
}

// Whose other findings are about files that are not there, and keys that make others void.
TEST_CASE("a file of every key in every form has no mistake") {
  const std::string text = read("tests/unit/check/everything.yaml");
  const compose::Project project =
      Stack("--- compose.yaml\n" + text + "--- a.env\nA=1\n--- b.env\nB=1\n--- c.env\nC=1\n" +
            "--- a.labels\na=1\n--- b.labels\nb=1\n")
          .check();
  for (const Finding& finding : project.files[0].findings) {
    CAPTURE(finding.message);
    CHECK_FALSE(is_schema_code(finding.code));
    CHECK_FALSE(finding.code.starts_with("compose-"));
  }
  // Every key is used; what else a container may have, init containers may have too.
  for (const spec::Shape* section : {&spec::root(), spec::find({"services"})->shape->values}) {
    for (const spec::Key& key : section->keys) {
      CAPTURE(key.name);
      const bool elsewhere = key.name.starts_with("x-d") || key.name == "version" ||
                             key.name == "jobs" || key.name == "include" || key.name == "umask" ||
                             key.name == "network_mode" || key.name == "container_name";
      const bool written = text.find(fmt::format("\n    {}:", key.name)) != text.npos ||
                           text.find(fmt::format("\n{}:", key.name)) != text.npos;
      CHECK(written != elsewhere);
    }
  }
}

TEST_CASE("the stacks of the tests have no mistake") {
  for (const char* path : {"tests/stacks/shop/compose.yaml"}) {
    const compose::Project project = Stack(read(path)).check();
    for (const Finding& finding : project.files[0].findings) {
      CAPTURE(finding.message);
      CHECK_FALSE(is_schema_code(finding.code));
    }
  }
}

TEST_CASE("codes") {
  for (const Code& code : schema_codes()) {
    CAPTURE(code.name);
    REQUIRE(find_code(code.name));
    CHECK(code.help.ends_with('.'));
  }
}

}  // namespace dockhand::check::test
