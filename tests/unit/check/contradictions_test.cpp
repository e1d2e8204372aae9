#include <doctest/doctest.h>

#include "check/annotated.h"

namespace dockhand::check::test {

TEST_CASE("neither image nor build") {
  expect({
      R"(
services:
  a: {restart: always}
# ^ error no-image-or-build
  b: {profiles: [p]}
# ^ warning no-image-or-build
  c: {provider: {type: x}}
  d: {image: d:1}
  e: {build: {dockerfile_inline: FROM x}}
)",
  });
}

TEST_CASE("nothing at all") {
  expect({
      R"(# services:
#< error compose-empty
)",
      R"(services: {}
)",
  });
}

TEST_CASE("keys that exclude each other") {
  expect({
      R"(
services:
  a: {image: a:1, network_mode: host, networks: [n]}
#                                     ^^^^^^^^ error exclusive-keys
  b: {image: b:1, network_mode: host, networks: []}
  c: {build: {context: ., dockerfile: D, dockerfile_inline: FROM x}}
#                                        ^^^^^^^^^^^^^^^^^ error exclusive-keys
  d: {image: d:1, gpus: [{count: 1, device_ids: [x]}]}
#                                   ^^^^^^^^^^ error exclusive-keys
  e: {image: e:1, networks: [n], gpus: [{count: 1}], configs: [c, d], secrets: [s]}
networks: {n: {}}
configs: {c: {content: x, environment: Y}, d: {content: x}}
#                         ^^^^^^^^^^^ error exclusive-keys
secrets: {s: {environment: X}}
)",
  });
}

TEST_CASE("keys that another one makes void") {
  expect({
      R"(
services:
  a: {image: a:1, network_mode: host, ports: ["80:80"]}
#                                     ^^^^^ warning ignored-key
  b: {image: b:1, network_mode: "service:a", hostname: x, dns: []}
#                                            ^^^^^^^^ warning ignored-key
  c: {image: c:1, healthcheck: {disable: true, test: [CMD, x]}}
#                                              ^^^^ warning ignored-key
  d: {image: d:1, restart: always, deploy: {restart_policy: {condition: none}}}
#                                           ^^^^^^^^^^^^^^ warning ignored-key
  e: {image: e:1, provider: {type: x}}
#     ^^^^^ warning ignored-key
  f: {image: f:1, network_mode: bridge, ports: ["80:80"], healthcheck: {disable: false, test: x}}
)",
  });
}

TEST_CASE("the same thing said twice") {
  expect({
      R"(
services:
  a: {image: a:1, scale: 2, deploy: {replicas: 3}}
#                        ^ error conflicting-values
  b: {image: b:1, mem_limit: 1g, cpus: 0.5, deploy: {resources: {limits: {memory: 2g, cpus: '0.50'}}}}
#                            ^^ error conflicting-values
  c: {image: c:1, pids_limit: 5, deploy: {resources: {limits: {memory: 2g}}}}
#                             ^ error conflicting-values
  d: {image: d:1, mem_limit: 1024m, scale: 2, deploy: {replicas: 2, resources: {limits: {memory: 1gb}}}}
  e: {image: e:1, platform: linux/amd64, build: {dockerfile_inline: x, platforms: [linux/arm64]}}
#                           ^^^^^^^^^^^ error platform-not-built
  f: {image: f:1, platform: linux/amd64, build: {dockerfile_inline: x, platforms: [linux/amd64]}}
)",
  });
}

TEST_CASE("several containers of one service") {
  expect({
      R"(
services:
  a: {image: a:1, scale: 2, container_name: one}
#                                           ^^^ error fixed-container-name
  b: {image: b:1, deploy: {replicas: 3}, ports: ["8080:80", "8081-8082:81", "8090-8092:82", "83"]}
#                                                 ^^^^ warning fixed-host-port
#                                                            ^^^^^^^^^ warning fixed-host-port
  c: {image: c:1, scale: 1, container_name: two, ports: ["9000:80"]}
)",
  });
}

TEST_CASE("watched paths") {
  expect({
      R"(
services:
  a:
    image: a:1
    develop:
      watch:
        - {path: ., action: sync}
#                           ^^^^ error watch-without-target
        - {path: ., action: sync+exec, target: /x}
#                           ^^^^^^^^^ warning watch-without-exec
        - {path: ., action: rebuild}
#                           ^^^^^^^ warning watch-without-build
        - {path: ., action: restart}
        - {path: ., action: sync, target: /x}
)",
  });
}

TEST_CASE("external things") {
  expect({
      R"(
services:
  a: {image: a:1, volumes: ["vol:/x", "own:/y"], networks: [net, other], secrets: [s]}
volumes:
  vol:
    external: true
    name: x
    driver: local
#   ^^^^^^ error external-with-other-keys
  own: {driver: local, external: false}
networks:
  net: {external: true, driver: bridge}
#                       ^^^^^^ warning external-with-other-keys
  other: {external: true}
secrets:
  s: {external: true}
)",
      R"(
services:
  a: {image: a:1, configs: [c, d], secrets: [s]}
configs:
  c: {name: x}
# ^ error no-source
  d: {external: true}
secrets:
  s: {}
# ^ error no-source
)",
  });
  CHECK(fixed("services:\n  a: {image: a:1, volumes: ['vol:/x']}\n"
              "volumes:\n  vol:\n    external: true\n    driver: local\n") ==
        "services:\n  a: {image: a:1, volumes: ['vol:/x']}\n"
        "volumes:\n  vol:\n    external: true\n");
}

}  // namespace dockhand::check::test
