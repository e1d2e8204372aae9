#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "check/annotated.h"

// What the loader itself finds, as the check shows it.
namespace dockhand::check::test {
namespace {

bool finds(std::string_view text, std::string_view code) {
  const compose::Project project = Stack(text).check();
  const std::vector<Finding>& findings = project.files[0].findings;
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("values that cannot be read") {
  expect({
      R"(
services:
  a: {image: a:1, depends_on: {b: {condition: service_started, restart: maybe}}}
#                                                                       ^^^^^ error compose-bad-value
#                                                                       ^^^^^ warning compose-bad-dependency
  b: {image: b:1, healthcheck: {test: [x], interval: soon}}
#                                     ^^^ error compose-bad-health-check
#                                                    ^^^^ error compose-bad-value
  c: {image: c:1, ports: ["80:x"]}
#                             ^ error compose-bad-port
  d: {image: d:1, scale: many}
#                        ^^^^ error compose-bad-value
  e: {image: e:1, x-dev: {port: 0, prot: 1}}
#                               ^ warning x-dev-bad-value
#                                  ^^^^ warning x-dev-unknown-key
  f: {image: f:1, image: f:2}
#                 ^^^^^ error compose-duplicate-key
  g: {image: g:1, labels: {day: 2001-01-01}}
#                               ^^^^^^^^^^ warning compose-bare-date
  h: {image: h:1, <<: 5}
#                     ^ error compose-bad-merge
  i: {image: i:1, hostname: !!null x}
#                                  ^ error compose-bad-tag
)",
      R"(
services: 3
#         ^ error compose-not-a-mapping
)",
  });
}

TEST_CASE("short forms that cannot be read") {
  expect({
      R"(
services:
  a: {image: a:1, volumes: ["/a:/b:ro:x"]}
#                                    ^^ error compose-bad-volume
  b: {image: b:1, devices: ["/dev/a:/dev/b:rwm:x"]}
#                           ^^^^^^^^^^^^^^^^^^^^^ error compose-bad-device
  c: {build: {dockerfile_inline: FROM x, additional_contexts: [x], ssh: [y]}}
#                                                              ^ error compose-bad-context
#                                                                        ^ error compose-bad-ssh-key
volumes: {v: {external: {name: w}, name: x}}
#         ^ hint unused-volume
#                        ^^^^ warning deprecated-key
#                              ^ error compose-bad-external
)",
  });
  CHECK(finds("services: {a: {image: a:1, ports: [1-40000, 1-40000/udp]}}",
              "compose-too-many-ports"));
}

TEST_CASE("variables") {
  expect({
      R"(
services:
  a: {image: "a:${TAG}"}
#               ^^^^^^ warning compose-unset-variable
  b: {image: "b:${TAG:?say which}"}
#               ^^^^^^^^^^^^^^^^^ error compose-required-variable
  c: {image: "c:1", labels: {x: "${"}}
#                                ^^ error compose-bad-interpolation
)",
      R"(--- compose.yaml
services:
#< error compose-env-syntax
  a: {image: a:1}
--- .env
X='
)",
  });
}

TEST_CASE("files that make a project") {
  expect({
      R"(--- compose.yaml
name: "!!!"
#     ^^^^^ error compose-no-name
include: [{}, gone.yaml, compose.yaml]
#         ^^ error compose-include-form
#             ^^^^^^^^^ error compose-file
#                        ^^^^^^^^^^^^ error compose-include-cycle
services:
  a: {image: a:1, extends: {file: base.yaml}}
#                          ^^^^^^^^^^^^^^^^^ error compose-extends-form
  b: {image: b:1, extends: gone}
#                          ^^^^ error compose-extends-unknown
  c: {image: c:1, extends: c}
#                          ^ error compose-extends-cycle
  d: {image: d:1, labels: {x: y}, cap_add: [ALL]}
--- compose.override.yaml
services:
  d: {cap_add: {ALL: x}}
#              ^^^^^^^^ error compose-cannot-override
#              ^^^^^^^^ error wrong-type
)",
  });
}

namespace {

// Each line uses the one above it, `link` times.
std::string chain(int length, std::string_view before, std::string_view after, int links) {
  std::string text = "x0: &x0 [y]\n";
  for (int i = 1; i < length; ++i) {
    const std::string link = fmt::format("{}*x{}{}", before, i - 1, after);
    text += fmt::format("x{0}: &x{0} [{1}]\n", i, link + repeated(", " + link, links - 1));
  }
  return text + fmt::format("services: {{a: {{image: a:1, labels: *x{}}}}}\n", length - 1);
}

}  // namespace

TEST_CASE("more than a file should hold") {
  CHECK(finds("a: " + repeated("[", 300) + repeated("]", 300), "yaml-too-deep"));
  CHECK(finds(chain(40, repeated("[", 20), repeated("]", 20), 1), "compose-too-deep"));
  CHECK(finds(chain(12, "", "", 9), "compose-too-large"));
  CHECK(finds("services:\n  a: {image: a:1, labels: [" + repeated("$A, ", 1100) + "]}\n",
              "compose-too-many-findings"));
}

}  // namespace dockhand::check::test
