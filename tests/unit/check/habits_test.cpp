#include <doctest/doctest.h>

#include "check/annotated.h"

namespace dockhand::check::test {

TEST_CASE("ports without quotes") {
  expect({
      R"(
services:
  a:
    image: a:1
    ports:
      - 22:22
#       ^^^^^ hint unquoted-port
      - "23:23"
      - 8080:80
      - 6000
      - 2222:22
#       ^^^^^^^ hint unquoted-port
      - 1:2/udp
)",
  });
  CHECK(fixed("services:\n  a:\n    image: a:1\n    ports:\n      - 22:22\n") ==
        "services:\n  a:\n    image: a:1\n    ports:\n      - \"22:22\"\n");
}

TEST_CASE("images without a version") {
  expect({
      R"(
services:
  a: {image: nginx}
#            ^^^^^ hint latest-tag
  b: {image: "registry:5000/app"}
#            ^^^^^^^^^^^^^^^^^^^ hint latest-tag
  c: {image: "nginx:latest"}
#            ^^^^^^^^^^^^^^ hint latest-tag
  d: {image: "registry:5000/app:1"}
  e: {image: "nginx@sha256:0123"}
  f: {image: nginx, build: {dockerfile_inline: FROM x}}
)",
  });
}

TEST_CASE("secrets in the open") {
  expect({
      R"(--- compose.yaml
services:
  a:
    image: a:1
    environment:
      DB_PASSWORD: hunter2
#                  ^^^^^^^ hint plain-secret
      API_TOKEN: "${TOKEN:-}"
      SECRET_FILE: /run/secrets/x
      TOKEN_SECONDS: 30
      PASSWORD_REQUIRED: "true"
      KEY:
      NAME: hunter2
  b:
    image: b:1
    environment:
      - DB_PASSWORD=hunter2
#                   ^^^^^^^ hint plain-secret
      - DB_TOKEN
  c: {image: c:1, env_file: c.env}
--- c.env
DB_PASSWORD=c.env
)",
  });
}

TEST_CASE("no health check on what others wait for") {
  expect({
      R"(
services:
  a: {image: a:1, depends_on: [b, c, d]}
  b: {image: b:1}
# ^ hint no-health-check
  c: {image: c:1, healthcheck: {test: [CMD, x]}}
  d: {provider: {type: x}}
  e: {image: e:1, links: [f]}
  f: {image: f:1, depends_on: {b: {condition: service_started}}}
)",
  });
}

}  // namespace dockhand::check::test
