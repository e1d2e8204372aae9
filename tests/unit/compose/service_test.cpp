#include <doctest/doctest.h>

#include "base/text.h"
#include "compose/loader.h"
#include "compose/render.h"
#include "compose/service_reader.h"

namespace dockhand::compose::test {
namespace {

struct Case {
  std::string_view body;     // What stands below `web:`.
  std::string_view service;  // render() of web, without its name.
};

Project load_body(std::string_view body) {
  std::string text = "services:\n  web:\n";
  for (std::string_view line : split_lines(body)) text += "    " + std::string(line) + "\n";
  return Files(text).load();
}

template <std::size_t N>
void check(const Case (&cases)[N]) {
  for (const Case& test : cases) {
    CAPTURE(test.body);
    const Project project = load_body(test.body);
    const std::string expected =
        test.service.empty() ? "web\n" : "web " + std::string(test.service) + "\n";
    CHECK(render(project) == expected);
    CHECK(render_findings(project) == "");
  }
}

}  // namespace

TEST_CASE("image, build and small things") {
  check({
      {"image: nginx:1.25", "image=nginx:1.25"},
      {"build: .", "build=/p dockerfile=Dockerfile"},
      {"build: ../x/./y", "build=/x/y dockerfile=Dockerfile"},
      {"build: /abs/x/../y", "build=/abs/x/../y dockerfile=Dockerfile"},
      {"build: https://github.com/a/b.git#main",
       "build=https://github.com/a/b.git#main dockerfile=Dockerfile"},
      {"build: git@github.com:a/b.git", "build=git@github.com:a/b.git dockerfile=Dockerfile"},
      {"build: {context: sub, dockerfile: D, target: t}", "build=/p/sub dockerfile=D target=t"},
      {"build: {dockerfile: D}", "build=/p dockerfile=D"},
      {"build: ", ""},
      {"container_name: cn\nrestart: no", "name=cn restart=no"},
      {"restart: on-failure:3", "restart=on-failure:3"},
      {"mem_limit: 64m", "mem=67108864"},
      {"deploy: {resources: {limits: {memory: 1G}}}", "mem=1073741824"},
      {"mem_limit: 1\ndeploy: {resources: {limits: {memory: 2}}}", "mem=1"},
      {"scale: 3", "replicas=3"},
      {"scale: '2'", "replicas=2"},
      {"scale: 0", "replicas=0"},
      {"deploy: {replicas: 2}", "replicas=2"},
      {"labels: {a: 1, b: yes, c: 010, d: '010', e: }", "labels=a=1,b=yes,c=8,d=010,e="},
      {"labels: [a=1, b, 'c=d=e']", "labels=a=1,b=,c=d=e"},
      {"command: [a, 'b c', 1]", "command=a,b c,1"},
      {"command: a 'b c'  \"d \\\"e\" f\\ g", "command=a,b c,d \"e,f g"},
      {"command: a | b", "command=a"},
      {"command: ''", ""},
      {"command: ", ""},
      {"unknown: {a: b}", ""},
  });
}

TEST_CASE("ports") {
  check({
      {"ports: ['8080:80', 90]", "ports=8080:80/tcp,:90/tcp"},
      {"ports: [010]", "ports=:8/tcp"},
      {"ports: ['9-11:9-11']", "ports=10:10/tcp,11:11/tcp,9:9/tcp"},
      {"ports: ['7000-7005:70']", "ports=7000-7005:70/tcp"},
      {"ports: ['127.0.0.1::81', '[::1]:90:91/udp']", "ports=[127.0.0.1]:81/tcp,[::1]90:91/udp"},
      {"ports: [{target: 80}]", "ports=:80/tcp"},
      {"ports: [{target: '80', published: 8080, protocol: udp, host_ip: 127.0.0.1}]",
       "ports=[127.0.0.1]8080:80/udp"},
      {"ports: [{target: 80, published: '8000-8005', app_protocol: http}]",
       "ports=8000-8005:80/tcp(http)"},
      {"ports: [{target: 80, published: ''}]", "ports=:80/tcp"},
      {"ports: ['80:80', '0.0.0.0:80:80', {target: 80, published: 80}]",
       "ports=[0.0.0.0]80:80/tcp,80:80/tcp"},
      {"ports: ", ""},
      {"ports: []", ""},
  });
}

TEST_CASE("dependencies") {
  check({
      {"depends_on: [a, b, a]", "depends=a,b"},
      {"depends_on: {a: {condition: service_started}, b: {condition: service_healthy, restart: "
       "true, required: false}}",
       "depends=a,b(healthy restart optional)"},
      {"depends_on: {a: {condition: service_completed_successfully}}", "depends=a(completed)"},
      {"depends_on: {a: {condition: service_started, restart: 'yes', required: 'off'}}",
       "depends=a(restart optional)"},
      {"depends_on: {a: }", "depends=a"},
      {"links: [a, b:c]", "depends=a(restart link),b(restart link)"},
      {"network_mode: service:a", "depends=a(restart network)"},
      {"network_mode: host", ""},
      {"network_mode: container:a", ""},
      {"ipc: service:a\npid: service:b\nuts: service:c\ncgroup: service:d",
       "depends=a(restart ipc),b(restart pid),c(restart uts),d(restart cgroup)"},
      {"volumes_from: [a, b:ro, container:c]", "depends=a(volumes),b(volumes)"},
      {"links: [a]\ndepends_on: {a: {condition: service_healthy}}\nvolumes_from: [a]",
       "depends=a(healthy)"},
  });
}

TEST_CASE("health checks") {
  check({
      {"healthcheck: {test: curl -f x}", "health={CMD-SHELL curl -f x}"},
      {"healthcheck: {test: [CMD, a, b]}", "health={CMD a b}"},
      {"healthcheck: {test: [NONE]}", "health={off}"},
      {"healthcheck: {disable: true}", "health={off}"},
      {"healthcheck: {disable: false, test: [CMD, a]}", "health={CMD a}"},
      {"healthcheck: {interval: 1m30s, timeout: 500ms, start_period: 1h, start_interval: 1.5s, "
       "retries: 3}",
       "health={ interval=90000ms timeout=500ms start_period=3600000ms start_interval=1500ms "
       "retries=3}"},
      {"healthcheck: {interval: 1d, retries: '2'}", "health={ interval=86400000ms retries=2}"},
      {"healthcheck: ", ""},
  });
}

TEST_CASE("x-dev") {
  check({
      {"x-dev: {port: 8080, base: /api, scheme: https, docs: /d, metrics: /m, tags: [a, b]}",
       "x-dev={port=8080 https base=/api docs=/d metrics=/m tags=a+b}"},
      {"x-dockhand: {port: 1}", "x-dev={port=1}"},
      {"x-dev: {port: 1}\nx-dockhand: {port: 2}", "x-dev={port=1}"},
      {"x-dev: {health: /health}", "x-dev={http=/health}"},
      {"x-dev: {health: 'http://h:1/x'}", "x-dev={http=http://h:1/x}"},
      {"x-dev: {health: docker}", "x-dev={docker}"},
      {"x-dev: {health: {http: /h, expect: 204}}", "x-dev={http=/h expect=204}"},
      {"x-dev: {health: {http: /h, expect: [200, 401]}}", "x-dev={http=/h expect=200 expect=401}"},
      {"x-dev: {health: {tcp: 5432}}", "x-dev={tcp=5432}"},
      {"x-dev: {health: {exec: [pg_isready, -q]}}", "x-dev={exec=pg_isready+-q}"},
      {"x-dev: {health: {exec: pg_isready -q}}", "x-dev={exec=pg_isready+-q}"},
      {"x-dev: {tags: one}", "x-dev={tags=one}"},
      {"x-dev: ", ""},
      {"x-other: {port: 1}", ""},
  });
}

TEST_CASE("the top level's x-dev") {
  const Project project = Files(R"(x-dev:
  traces: http://localhost:16686
  probe.interval: 10
  probe: {timeout: 1.5}
  color: never
)")
                              .load();
  CHECK(project.traces_url == "http://localhost:16686");
  CHECK(project.x_dev_settings.at("probe.interval") == "10");
  CHECK(project.x_dev_settings.at("probe.timeout") == "1.5");
  CHECK(project.x_dev_settings.at("color") == "never");
  CHECK(render_findings(project) == "");
}

TEST_CASE("what is wrong costs only itself") {
  struct Mistake {
    std::string_view body, service, finding;  // The finding without its place.
  };
  const Mistake cases[] = {
      {"ports: ['a:80', '81:81']", "ports=81:81/tcp", "error compose-bad-port \"a\""},
      {"ports: ['80/foo']", "", "error compose-bad-port \"foo\""},
      {"ports: [1.5]", "", "error compose-bad-port \"1.5\""},
      {"ports: [true]", "", "error compose-bad-port \"true\""},
      {"ports: [[80]]", "", "error compose-bad-port \"[80]\""},
      {"ports: 80:80", "", "error compose-bad-port \"80:80\""},
      {"ports: {a: b}", "", "error compose-bad-port \"{a: b}\""},
      {"ports: [{published: 80}]", "", "error compose-bad-port \"{published: 80}\""},
      {"ports: [{target: x}]", "", "error compose-bad-value \"x\""},
      {"ports: [{target: 80, published: x}]", "", "warning compose-bad-port \"x\""},
      {"ports: [{target: 80, protocol: x}]", "", "warning compose-bad-port \"x\""},
      {"depends_on: a", "", "warning compose-bad-dependency \"a\""},
      {"depends_on: [[a], b]", "depends=b", "error compose-bad-dependency \"[a]\""},
      {"depends_on: {a: {condition: healthy}}", "depends=a",
       "warning compose-bad-dependency \"healthy\""},
      {"depends_on: {a: {restart: maybe}}", "depends=a", "error compose-bad-value \"maybe\""},
      {"depends_on: {a: x}", "depends=a", "warning compose-bad-dependency \"x\""},
      {"healthcheck: x", "health={}", "warning compose-bad-health-check \"x\""},
      {"healthcheck: {test: [curl]}", "health={}", "error compose-bad-health-check \"[curl]\""},
      {"healthcheck: {interval: 10}", "health={}", "error compose-bad-value \"10\""},
      {"healthcheck: {retries: many}", "health={}", "error compose-bad-value \"many\""},
      {"scale: many", "", "error compose-bad-value \"many\""},
      {"deploy: {replicas: -1}", "", "warning compose-bad-value \"-1\""},
      {"[a]", "", "warning compose-bad-value \"[a]\""},
      {"x-dev: {prot: 80}", "", "warning x-dev-unknown-key \"prot\""},
      {"x-dev: {port: 0}", "", "warning x-dev-bad-value \"0\""},
      {"x-dev: {port: http}", "", "warning x-dev-bad-value \"http\""},
      {"x-dev: {scheme: ftp}", "", "warning x-dev-bad-value \"ftp\""},
      {"x-dev: {base: [a]}", "", "warning x-dev-bad-value \"[a]\""},
      {"x-dev: [a]", "", "warning x-dev-bad-value \"[a]\""},
      {"x-dev: {health: {htp: /x}}", "", "warning x-dev-unknown-key \"htp\""},
      {"x-dev: {health: {tcp: x}}", "", "warning x-dev-bad-value \"x\""},
      {"x-dev: {health: {http: /x, expect: ok}}", "x-dev={http=/x}",
       "warning x-dev-bad-value \"ok\""},
      {"x-dev: {health: {tcp: 1, expect: 200}}", "x-dev={tcp=1}",
       "warning x-dev-bad-value \"200\""},
      {"x-dev: {health: {exec: []}}", "", "warning x-dev-bad-value \"[]\""},
      {"x-dev: {health: {http: /x, tcp: 1}}", "", "warning x-dev-bad-value \"{http: /x, tcp: 1}\""},
  };
  for (const Mistake& test : cases) {
    CAPTURE(test.body);
    const Project project = load_body(test.body);
    CHECK(render(project) ==
          "web" + (test.service.empty() ? "" : " " + std::string(test.service)) + "\n");
    const std::string findings = render_findings(project);
    CHECK(findings.substr(0, 15) == "compose.yaml:3:");
    CHECK(findings.find(" " + std::string(test.finding) + "\n") == findings.find(' '));
  }
}

TEST_CASE("a misspelt key of x-dev is told the nearest one") {
  const Project project = load_body("x-dev: {prot: 80, nothing: 1}");
  REQUIRE(project.files.at(0).findings.size() == 2);
  CHECK(project.files[0].findings[0].message == "x-dev has no `prot`; did you mean `port`?");
  CHECK(project.files[0].findings[1].message ==
        "x-dev has no `nothing`; it knows port, scheme, base, health, docs, metrics, tags");
}

TEST_CASE("profiles decide what is enabled") {
  const Files files(R"(services:
  a: {image: i}
  b: {image: i, profiles: [x]}
  c: {image: i, profiles: [y, z]}
)");
  const auto enabled = [&](std::vector<std::string> profiles, const std::string& environment) {
    LoadOptions options = in_p();
    options.profiles = std::move(profiles);
    options.environment.set("COMPOSE_PROFILES", environment);
    const Result<Project> project = files.load(options);
    REQUIRE(project);
    std::string names;
    for (const Service& service : project->services) names += service.enabled ? service.name : "";
    return names;
  };
  CHECK(enabled({}, "") == "a");
  CHECK(enabled({"x"}, "") == "ab");
  CHECK(enabled({"z"}, "x") == "ac");
  CHECK(enabled({"*"}, "") == "abc");
  CHECK(enabled({}, "x, y") == "abc");
  CHECK(enabled({}, "*") == "abc");
  CHECK(enabled({"none"}, "") == "a");
  CHECK(render(files.load()) == "a image=i\n(b) image=i profiles=x\n(c) image=i profiles=y,z\n");
}

TEST_CASE("words of a command line") {
  struct Words {
    std::string_view command, words;
  };
  const Words cases[] = {
      {"", ""},
      {"  ", ""},
      {"a", "a"},
      {" a  b\tc\nd ", "a/b/c/d"},
      {"'a b' \"c d\"", "a b/c d"},
      {"a'b c'd", "ab cd"},
      {"''", ""},
      {"a '' b", "a//b"},
      {"a\\ b \\' \"\\\"\" '\\'", "a b/'/\"/\\"},
      {"a; b", "a"},
      {"a 'b;c' d&e", "a/b;c/d"},
      {"'open", "open"},
      {"end\\", "end\\"},
  };
  for (const Words& test : cases) {
    CAPTURE(test.command);
    CHECK(join(split_words(test.command), "/") == test.words);
  }
}

}  // namespace dockhand::compose::test
