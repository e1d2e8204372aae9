#include "check/check.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "check/annotated.h"

namespace dockhand::check::test {
namespace {

// The codes that annotations name in a source of tests, or checks in quotes.
void collect(std::string_view source, std::set<std::string>& codes) {
  for (const std::string_view line : split_lines(source)) {
    if (is_annotation(line)) {
      codes.emplace(line.substr(line.rfind(' ') + 1));
      continue;
    }
    for (const std::string_view word : split(line, '"')) {
      if (find_code(word)) codes.emplace(word);
    }
  }
}

}  // namespace

TEST_CASE("comments take findings away") {
  expect({
      R"(
services:
  a: {image: nginx}  # dockhand: ignore
  b: {image: nginx}  # dockhand: ignore latest-tag, plain-secret
  c: {image: nginx}  # dockhand: ignore plain-secret
#            ^^^^^ hint latest-tag
  # dockhand: ignore latest-tag
  d: {image: nginx}
  e: {image: nginx}  # dockhand: ignored
#            ^^^^^ hint latest-tag
  # dockhand: ignore latest-tag

  f: {image: nginx}
#            ^^^^^ hint latest-tag
  g: {image: nginx, labels: {x: "# dockhand: ignore"}}
#            ^^^^^ hint latest-tag
)",
  });
}

TEST_CASE("severities as the user wants them") {
  std::vector<std::string> problems;
  const Severities severities = parse_severities(
      " latest-tag = off, unused-volume=error,, x, y=error, latest-tagg=hint,"
      "plain-secret=loud",
      problems);
  CHECK(severities.size() == 2);
  CHECK(severities.at("latest-tag") == std::nullopt);
  CHECK(severities.at("unused-volume") == Severity::error);
  CHECK(join(problems, "\n") ==
        "`x` should be CODE=error, warning, information, hint or off\n"
        "there is no code y\n"
        "there is no code latest-tagg; did you mean latest-tag?\n"
        "`plain-secret=loud` should be CODE=error, warning, information, hint or off");

  const Stack stack("services:\n  a: {image: nginx}\nvolumes:\n  v: {}\n");
  std::vector<Finding> findings = stack.check().files[0].findings;
  REQUIRE(findings.size() == 2);
  apply(severities, findings);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].severity == Severity::error);
}

TEST_CASE("fixes that overlap are left for the next time") {
  const std::string text = "abcdef";
  const auto finding = [](Range range, std::string with, std::string code = "unquoted-port") {
    return Finding{std::move(code), Severity::hint, range, "", {{range, std::move(with)}}};
  };
  CHECK(apply_fixes(text, {}).text == text);
  const auto apply = [&](std::vector<Finding> findings) {
    const Fixed fixed = apply_fixes(text, findings);
    return fmt::format("{} {}", fixed.fixes, fixed.text);
  };
  CHECK(apply({finding({0, 1}, "A"), finding({3, 5}, "")}) == "2 Abcf");
  CHECK(apply({finding({0, 3}, "X"), finding({2, 4}, "Y")}) == "1 Xdef");
  CHECK(apply({finding({0, 3}, "X"), finding({3, 4}, "Y")}) == "2 XYef");
  CHECK(apply({finding({2, 2}, "X"), finding({2, 2}, "Y")}) == "1 abXcdef");
  CHECK(apply({finding({0, 1}, "A", "undefined-network")}) == "0 abcdef");
  CHECK(apply({finding({0, 99}, "A")}) == "0 abcdef");
}

TEST_CASE("thirty mistakes at once") {
  constexpr std::string_view kText = R"(
name: shop
include:
  - {}
#   ^^ error compose-include-form
services:
  web:
    image: nginx
#          ^^^^^ hint latest-tag
    container_name: shop
#                   ^^^^ error fixed-container-name
    scale: 2
#          ^ error conflicting-values
    deploy:
      replicas: 3
      restart_policy: {condition: none}
#     ^^^^^^^^^^^^^^ warning ignored-key
    restart: always
    network_mode: host
    networks: [front, bakc]
#   ^^^^^^^^ error exclusive-keys
#                     ^^^^ error undefined-network
    ports:
#   ^^^^^ warning ignored-key
      - 22:22
#       ^^ warning fixed-host-port
#       ^^^^^ hint unquoted-port
      - "80:http"
#           ^^^^ error compose-bad-port
    depends_on:
      api: {condition: service_healthy}
#     ^^^ warning condition-never-holds
      job: {condition: service_completed_successfully}
#     ^^^ warning condition-never-holds
      debug: {condition: service_started}
#     ^^^^^ error disabled-dependency
    x-dev: {prot: 80}
#           ^^^^ warning x-dev-unknown-key
  api:
    image: api:1
    container_name: shop
#                   ^^^^ error duplicate-container-name
    ports: ["127.0.0.1:8080:80"]
    healthcheck: {disable: true, test: [CMD, "true"]}
#                                ^^^^ warning ignored-key
    depends_on: [db]
    environment:
      DB_PASSWORD: hunter2
#                  ^^^^^^^ hint plain-secret
      DB_NAME: ${DB_NAME}
#              ^^^^^^^^^^ warning compose-unset-variable
    env_file: gone.env
#             ^^^^^^^^ error compose-env-file
  db:
# ^^ hint no-health-check
    image: db:1
    image: db:2
#   ^^^^^ error compose-duplicate-key
    ports: ["8080:80"]
#            ^^^^ warning duplicate-host-port
    depends_on: [api]
#                ^^^ error dependency-cycle
    volumes:
      - /one:/data
#       ^^^^^^^^^^ warning duplicate-mount
      - /two:/data
      - dtaa:/more
#       ^^^^ error undefined-volume
    labels: {since: 2024-01-01}
#                   ^^^^^^^^^^ warning compose-bare-date
  job:
    build: nowhere
#          ^^^^^^^ warning missing-build-context
    restart: always
    extends: nobody
#            ^^^^^^ error compose-extends-unknown
    develop:
      watch:
        - {path: ., action: sync}
#                           ^^^^ error watch-without-target
    healthcheck: {test: [CMD, "true"], interval: soon}
#                                                ^^^^ error compose-bad-value
  debug: {image: "debug:1", profiles: [debug]}
# ^^^^^ hint no-health-check
  empty: {restart: "no"}
# ^^^^^ error no-image-or-build
secrets:
  s: {}
# ^ error no-source
# ^ hint unused-secret
volumes:
  v: {external: true, driver: local}
# ^ hint unused-volume
#                     ^^^^^^ error external-with-other-keys
networks: {front: }
)";
  expect({kText});
  const compose::Project project = Stack(kText).check();
  std::set<std::string> codes;
  for (const Finding& finding : project.files[0].findings) codes.insert(finding.code);
  CHECK(codes.size() >= 30);
}

TEST_CASE("codes are sorted and said in a sentence") {
  const std::vector<Code>& all = codes();
  CHECK(std::is_sorted(all.begin(), all.end(),
                       [](const Code& a, const Code& b) { return a.name < b.name; }));
  for (const Code& code : all) {
    CAPTURE(code.name);
    CHECK(find_code(code.name) == &code);
    CHECK(!code.help.empty());
    CHECK(code.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
  }
  CHECK(!find_code("no-such-code"));
}

// Of those that the YAML tree finds the cases are in tests/unit/yaml.
TEST_CASE("every code has a case, and every case a code") {
  const std::string folder = DOCKHAND_SOURCE_DIR "/tests/unit/check";
  const io::RealFileSystem files;
  std::set<std::string> shown;
  const Result<std::vector<std::string>> names = files.list(folder);
  REQUIRE(names);
  for (const std::string& name : *names) {
    const Result<std::string> text = files.read(io::join_path(folder, name), 1 << 20);
    REQUIRE(text);
    collect(*text, shown);
  }
  for (const std::string& code : shown) {
    CAPTURE(code);
    CHECK(find_code(code));
  }
  for (const Code& code : codes()) {
    CAPTURE(code.name);
    CHECK((code.name.starts_with("yaml-") || shown.contains(std::string(code.name))));
  }
}

}  // namespace dockhand::check::test
