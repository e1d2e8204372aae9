#include <doctest/doctest.h>

#include "check/annotated.h"

namespace dockhand::check::test {

TEST_CASE("services that are named and not there") {
  expect({
      R"(
services:
  web:
    image: w:1
    depends_on: [db, cahce]
#                    ^^^^^ error undefined-service
  db: {image: d:1, healthcheck: {test: [CMD, x]}}
  cache: {image: c:1}
)",
      R"(
services:
  a: {image: a:1, links: ['gone:x']}
#                          ^^^^ error undefined-service
  b: {image: b:1, network_mode: "service:gone"}
#                                        ^^^^ error undefined-service
  c: {image: c:1, volumes_from: [gone:ro]}
#                                ^^^^ error undefined-service
  d: {image: d:1, depends_on: {gone: {condition: service_started, required: false}}}
#                              ^^^^ error undefined-service
)",
      R"(
services:
  a: {build: {context: ., additional_contexts: {base: "service:gone", other: "service:b"}}}
#                      ^ warning missing-dockerfile
#                                                              ^^^^ error undefined-service
#                                                                                     ^ error undefined-service
  b: {image: b:1}
  c: {build: {context: ., additional_contexts: ["x=service:off", "y=docker-image://z"]}}
#                      ^ warning missing-dockerfile
#                                                          ^^^ error disabled-dependency
  off: {build: ., profiles: [p]}
#              ^ warning missing-dockerfile
)",
      R"(
services:
  a: {image: a:1, profiles: [p], depends_on: [gone]}
#                                             ^^^^ warning undefined-service
)",
      R"(
services:
  a: {image: a:1, depends_on: [b], links: [b], volumes_from: ["container:elsewhere"]}
  b: {image: b:1, healthcheck: {test: [CMD, x]}}
)",
  });
}

TEST_CASE("networks, volumes, configs, secrets and models") {
  expect({
      R"(
services:
  a:
    image: a:1
    networks: [back, bakc, default]
#                    ^^^^ error undefined-network
    volumes:
      - data:/a
      - dat:/b
#       ^^^ error undefined-volume
      - ./here:/h
      - {type: volume, source: none, target: /z}
#                              ^^^^ error undefined-volume
      - {type: bind, source: /etc, target: /e}
      - anonymous
    configs: [c, d]
#                ^ error undefined-config
    secrets: [s, {source: t}]
#                         ^ error undefined-secret
    models: [m, n]
#               ^ error undefined-model
  b:
    image: b:1
    networks: {front: {}}
#              ^^^^^ error undefined-network
    models: {o: {endpoint_var: X}}
#            ^ error undefined-model
networks: {back: {}}
volumes: {data: {}}
configs: {c: {content: x}}
secrets: {s: {environment: X}}
models: {m: {model: x}}
)",
      R"(
services:
  a: {build: {dockerfile_inline: FROM x, secrets: [s, t]}}
#                                                     ^ error undefined-secret
  b: {image: b:1, profiles: [p], networks: [gone]}
#                                           ^^^^ warning undefined-network
secrets: {s: {environment: X}}
)",
      R"(
services:
  a: {image: a:1, credential_spec: {config: c}}
networks:
  default: {}
  back: {}
# ^^^^ hint unused-network
volumes:
  data:
# ^^^^ hint unused-volume
configs:
  c: {content: x}
  d: {content: x}
# ^ hint unused-config
secrets:
  s: {environment: X}
# ^ hint unused-secret
models:
  m: {model: x}
# ^ hint unused-model
)",
  });
}

TEST_CASE("what a file on another machine may define is not called undefined") {
  expect({
      R"(
include: ["https://example.org/x.git"]
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^ information compose-remote
services:
  a: {depends_on: [gone], networks: [gone]}
networks: {unused: {}}
)",
  });
}

TEST_CASE("files that services name") {
  expect({
      R"(--- compose.yaml
services:
  a: {image: a:1, env_file: here.env, label_file: [here.env, gone.env]}
#                                                            ^^^^^^^^ error compose-env-file
  b:
    image: b:1
    env_file:
      - gone.env
#       ^^^^^^^^ error compose-env-file
      - {path: away.env, required: false}
  c: {image: c:1, profiles: [p], env_file: gone.env}
#                                          ^^^^^^^^ warning compose-env-file
  d: {image: d:1, configs: [c], secrets: [s, t]}
configs: {c: {file: gone.txt}}
#                   ^^^^^^^^ warning missing-file
secrets: {s: {file: here.env}, t: {environment: X}}
--- here.env
A=1
)",
  });
}

TEST_CASE("what is built, and from what") {
  expect({
      R"(--- compose.yaml
services:
  a: {build: {context: app, target: release}}
  b: {build: {context: app, target: relaese}}
#                                   ^^^^^^^ warning unknown-build-stage
  c: {build: {context: app, target: "1"}}
  d: {build: {context: app, target: "2"}}
#                                   ^^^ warning unknown-build-stage
  e: {build: {context: app, dockerfile: Gone}}
#                                       ^^^^ warning missing-dockerfile
  f: {build: nowhere}
#            ^^^^^^^ warning missing-build-context
  g: {build: {context: nowhere, dockerfile_inline: FROM x}}
  h: {build: "https://example.org/x.git"}
  i: {build: {context: app, dockerfile: other/Dockerfile, target: anything}}
  j: {build: {context: app, dockerfile: Ticks, target: tool}}
--- app/Dockerfile
# FROM x AS comment
FROM golang:1 \
  AS Build
RUN echo FROM x AS none
from --platform=linux/amd64 scratch as release
--- app/other/Dockerfile
# syntax=example.org/builder
FROM x
--- app/Ticks
# escape=`
FROM x `
  AS tool
)",
  });
}

TEST_CASE("profiles that are asked for") {
  Stack stack(R"(
services:
  a: {image: a:1, profiles: [debug]}
)");
  stack.profiles = {"debug", "*"};
  CHECK(stack.check().files[0].findings.empty());
  stack.profiles = {"debgu"};
  const compose::Project project = stack.check();
  REQUIRE(project.files[0].findings.size() == 1);
  CHECK(project.files[0].findings[0].code == "unknown-profile");
  CHECK(project.files[0].findings[0].message ==
        "no service has the profile debgu; did you mean debug?");
}

TEST_CASE("fixes: the nearest name, and unused things gone") {
  CHECK(all_fixed("services:\n  a: {image: a:1, networks: [bakc], volumes: ['dat:/x']}\n"
                  "networks: {back: {}}\nvolumes: {data: {}}\n")
            .starts_with("services:\n  a: {image: a:1, networks: [back], volumes: ['data:/x']}\n"));
  CHECK(fixed("services:\n  a: {image: a:1, networks: [bakc]}\nnetworks: {back: {}}\n") ==
        "services:\n  a: {image: a:1, networks: [bakc]}\nnetworks: {back: {}}\n");
  CHECK(fixed("services:\n  a: {image: a:1, volumes: ['data:/x']}\n"
              "volumes:\n  # used\n  data:\n  old:\n    driver: local\n\n  # note\n") ==
        "services:\n  a: {image: a:1, volumes: ['data:/x']}\n"
        "volumes:\n  # used\n  data:\n\n  # note\n");
  CHECK(fixed("volumes:\n  old:\n\nservices:\n  a: {image: a:1}\n") ==
        "\nservices:\n  a: {image: a:1}\n");
  CHECK(fixed("services:\n  a: {image: a:1}\nvolumes:\n  one:\n  two: {}\n") ==
        "services:\n  a: {image: a:1}\n");
  CHECK(fixed("services:\n  a: {image: a:1}\nvolumes:\n  old:") ==
        "services:\n  a: {image: a:1}\n");
  CHECK(fixed("services:\n  a: {image: a:1}\nvolumes:\n  one: &x {driver: local}\n  two: {}\n") ==
        "services:\n  a: {image: a:1}\nvolumes:\n  one: &x {driver: local}\n");
}

}  // namespace dockhand::check::test
