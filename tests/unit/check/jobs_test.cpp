#include <doctest/doctest.h>

#include <string_view>

#include "annotated.h"

namespace dockhand::check::test {

TEST_CASE("jobs name services, jobs and definitions as services do") {
  expect({
      R"(
services:
  db: {image: db:1, healthcheck: {test: [CMD, x]}}
  web: {image: web:1, depends_on: [backup]}
#                                  ^^^^^^ error depends-on-job
networks:
  back: {}
  lost: {}
# ^^^^ hint unused-network
jobs:
#<^^^ information compose-newer-format
  backup:
    extends: base
    networks: [back]
    depends_on: {db: {condition: service_healthy}, tidy: {condition: service_completed_successfully}}
    triggers: {manual: true}
  tidy: {image: tidy:1, triggers: {schedule: ["0 3 * * *"]}, depends_on: [dbb]}
#                                                                         ^^^ error undefined-service
  base: {image: base:1, triggers: {manual: false}}
  empty: {triggers: {manual: true}}
# ^^^^^ error no-image-or-build
)",
  });
}

TEST_CASE("jobs and services share their names, active or not") {
  expect({
      R"(
services:
  db: {image: db:1, profiles: [never]}
jobs:
#<^^^ information compose-newer-format
  db: {image: db:1, triggers: {manual: true}}
# ^^ error duplicate-name
)",
  });
}

TEST_CASE("jobs wait for each other in vain") {
  expect({
      R"(
services: {}
jobs:
#<^^^ information compose-newer-format
  a: {image: a:1, triggers: &t {manual: true}, depends_on: [b]}
  b: {image: b:1, triggers: *t, depends_on: [a]}
#                                            ^ error dependency-cycle
)",
  });
}

TEST_CASE("something starts a job") {
  expect({
      R"(
services: {}
jobs:
#<^^^ information compose-newer-format
  never: {image: a:1, triggers: {}}
#                     ^^^^^^^^ error no-trigger
  wrong: {image: a:1, triggers: {manual: perhaps}}
#                                        ^^^^^^^ error compose-bad-value
  by_hand: {image: a:1, triggers: {manual: "yes"}}
  at_night: {image: a:1, triggers: {schedule: [{cron: 0 3 * * *, timezone: Europe/Paris}]}}
)",
  });
}

TEST_CASE("of a service whose base is not there, only that is told") {
  expect({
      R"(
services:
  web: {extends: basee}
#                ^^^^^ error compose-extends-unknown
  admin: {extends: web}
  base: {image: base:1}
)",
  });
}

}  // namespace dockhand::check::test
