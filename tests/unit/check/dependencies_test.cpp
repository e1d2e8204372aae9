#include <doctest/doctest.h>

#include "check/annotated.h"

namespace dockhand::check::test {

TEST_CASE("services that wait for each other") {
  expect({
      R"(
services:
  a: {image: a:1, healthcheck: &h {test: [CMD, x]}, depends_on: [b]}
  b: {image: b:1, healthcheck: *h, depends_on: [c]}
  c: {image: c:1, healthcheck: *h, links: [a]}
#                                          ^ error dependency-cycle
  d: {image: d:1, healthcheck: *h, depends_on: [d]}
#                                               ^ error dependency-cycle
)",
      R"(
services:
  a: {image: a:1, healthcheck: &h {test: [CMD, x]}, depends_on: [b], profiles: [p]}
  b: {image: b:1, healthcheck: *h, depends_on: [a], profiles: [p]}
#                                               ^ warning dependency-cycle
)",
      R"(
services:
  a: {image: a:1, healthcheck: &h {test: [CMD, x]}, depends_on: [b, c]}
  b: {image: b:1, healthcheck: *h, depends_on: [c]}
  c: {image: c:1, healthcheck: *h}
)",
  });
  const Stack stack("services:\n  a: {image: a:1, links: [b]}\n  b: {image: b:1, links: [a]}\n");
  CHECK(stack.check().files[0].findings.at(0).message ==
        "these services wait for each other: a -> b -> a; remove one of these dependencies");
}

TEST_CASE("conditions that never hold") {
  expect({
      R"(
services:
  a:
    image: a:1
    depends_on:
      off: {condition: service_healthy}
#     ^^^ warning condition-never-holds
      none: {condition: service_healthy}
#     ^^^^ warning condition-never-holds
      unknown: {condition: service_healthy}
#     ^^^^^^^ warning health-check-unknown
      good: {condition: service_healthy}
      forever: {condition: service_completed_successfully}
#     ^^^^^^^ warning condition-never-holds
      any: {condition: service_completed_successfully}
#     ^^^ warning condition-never-holds
      once: {condition: service_completed_successfully}
  off: {image: o:1, healthcheck: {disable: true}}
  none: {image: o:1, healthcheck: {test: [NONE]}}
  unknown: {image: o:1}
  good: {image: o:1, healthcheck: {test: [CMD, x]}}
  forever: {image: o:1, restart: unless-stopped}
  any: {image: o:1, deploy: {restart_policy: {condition: any}}}
  once: {image: o:1, restart: on-failure}
)",
  });
}

TEST_CASE("dependencies whose profile is not active") {
  constexpr std::string_view kText = R"(
services:
  a: {image: a:1, depends_on: [debug]}
#                              ^^^^^ error disabled-dependency
  b: {image: b:1, network_mode: "service:debug"}
#                                        ^^^^^ error disabled-dependency
  c: {image: c:1, depends_on: {debug: {condition: service_started, required: false}}}
  d: {image: d:1, profiles: [other], depends_on: [debug]}
  debug: {image: x:1, profiles: [p], healthcheck: {test: [CMD, x]}}
)";
  expect({kText});
  Stack stack(kText);
  stack.profiles = {"p"};
  CHECK(stack.check().files[0].findings.empty());
}

}  // namespace dockhand::check::test
