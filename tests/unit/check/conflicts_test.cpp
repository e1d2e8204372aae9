#include <doctest/doctest.h>

#include "check/annotated.h"

namespace dockhand::check::test {

TEST_CASE("container names") {
  expect({
      R"(
services:
  a: {image: a:1, container_name: one}
  b: {image: b:1, container_name: one}
#                                 ^^^ error duplicate-container-name
  c: {image: c:1, container_name: one, profiles: [p]}
  d: {image: d:1, container_name: two}
)",
  });
}

TEST_CASE("ports of the host") {
  expect({
      R"(
services:
  a: {image: a:1, ports: ["8080:80", "127.0.0.1:9000:90", "5353:53/udp", "7000-7002:70-72"]}
  b: {image: b:1, ports: ["8080:80"]}
#                          ^^^^ warning duplicate-host-port
  c: {image: c:1, ports: ["127.0.0.2:9000:90", "5353:53/tcp", "80"]}
  d: {image: d:1, ports: ["0.0.0.0:9000:90"]}
#                                  ^^^^ warning duplicate-host-port
  e: {image: e:1, ports: [{target: 1, published: "7001"}]}
#                                                 ^^^^ warning duplicate-host-port
  f: {image: f:1, ports: ["8080-8090:80"]}
  g: {image: g:1, ports: ["8080:80"], profiles: [p]}
  h: {image: h:1, ports: ["8080:80"], scale: 0}
  i: {image: i:1, ports: ["[::1]:6000:60", "127.0.0.1:6000:60", "6001:60", "6001:61"]}
#                                                                           ^^^^ warning duplicate-host-port
)",
  });
}

TEST_CASE("ports that something else holds") {
  Stack stack("services:\n  a: {image: a:1, ports: ['127.0.0.1:8080:80', '53:53/udp']}\n");
  stack.wishes.used_ports = {{"", 8080, compose::Protocol::tcp, "the container blog-web-1"},
                             {"", 53, compose::Protocol::tcp, "a name server"}};
  const compose::Project project = stack.check();
  REQUIRE(project.files[0].findings.size() == 1);
  CHECK(project.files[0].findings[0].code == "host-port-in-use");
  CHECK(project.files[0].findings[0].message ==
        "port 127.0.0.1:8080 is held by the container blog-web-1; choose another one, or stop "
        "that");
}

TEST_CASE("mount targets") {
  expect({
      R"(
services:
  a:
    image: a:1
    volumes:
      - /one:/x
#       ^^^^^^^ warning duplicate-mount
      - /two:/x/
      - {type: bind, source: /one, target: /y}
      - /three:/z
  b:
    image: b:1
    tmpfs: [/t]
    volumes: [{type: bind, source: /one, target: /t}, {type: bind, source: /two, target: /u}]
#                                                ^^ error duplicate-mount
    secrets: [{source: s, target: /u}]
#                                 ^^ warning duplicate-mount
  c:
    image: c:1
    configs: [{source: c, target: /c}, {source: d, target: /c}]
#             ^^^^^^^^^^^^^^^^^^^^^^^ warning duplicate-mount
  d:
    image: d:1
    configs: [c]
configs: {c: {content: x}, d: {content: y}}
secrets: {s: {environment: S}}
)",
      R"(--- compose.yaml
services:
  base: {image: a:1, volumes: ["/one:/x"]}
  a: {extends: base, volumes: ["/two:/x"]}
--- compose.override.yaml
services:
  base: {volumes: ["/three:/x"]}
)",
  });
}

}  // namespace dockhand::check::test
