#include "compose/canonical/canonical.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compose/canonical/json.h"
#include "render.h"

using namespace dockhand;
using namespace dockhand::compose;
using namespace dockhand::compose::test;

namespace {

// The JSON without its blanks.
std::string squeezed(const std::string& json) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '"' && (i == 0 || json[i - 1] != '\\')) quoted = !quoted;
    if (quoted || (json[i] != ' ' && json[i] != '\n')) out += json[i];
  }
  return out;
}

// What Compose prints of one service besides what it prints of each.
std::string printed_service(std::string_view body) {
  const Project project =
      Files(fmt::format("services:\n  web: {{image: i, network_mode: none, {}}}\n", body)).load();
  CHECK(render_findings(project) == "");
  std::string json = squeezed(*to_json(project));
  constexpr std::string_view kBegin = "{\"name\":\"p\",\"services\":{\"web\":{";
  REQUIRE(json.substr(0, kBegin.size()) == kBegin);
  json = json.substr(kBegin.size());
  for (const std::string same : {"\"command\":null", "\"entrypoint\":null", "\"image\":\"i\"",
                                 "\"network_mode\":\"none\""}) {
    const std::size_t at = json.find(same);
    REQUIRE(at != std::string::npos);
    const bool last = json[at + same.size()] != ',';
    json.erase(last && at > 0 ? at - 1 : at, same.size() + (last && at == 0 ? 0 : 1));
  }
  return json.substr(0, json.size() - 3);
}

}  // namespace

TEST_CASE("what Compose prints of a service") {
  struct Row {
    std::string_view body, printed;
  };
  const Row rows[] = {
      {"scale: 2, deploy: {}",
       R"("deploy":{"replicas":2,"resources":{},"placement":{}},"scale":2)"},
      {"ports: ['80', '8080-8081:80-81/udp', '127.0.0.1:1-5:9']",
       R"("ports":[{"mode":"ingress","target":80,"protocol":"tcp"},)"
       R"({"mode":"ingress","target":80,"published":"8080","protocol":"udp"},)"
       R"({"mode":"ingress","target":81,"published":"8081","protocol":"udp"},)"
       R"({"mode":"ingress","host_ip":"127.0.0.1","target":9,"published":"1-5","protocol":"tcp"}])"},
      {"ports: [{target: 80, published: 8080}]",
       R"("ports":[{"mode":"ingress","target":80,"published":"8080","protocol":"tcp"}])"},
      {"volumes: [./a:/b/../c/]",
       R"("volumes":[{"type":"bind","source":"/p/a","target":"/c","bind":{"create_host_path":true}}])"},
      {"volumes: [{type: bind, source: /a, target: /b, bind: {create_host_path: false}}]",
       R"("volumes":[{"type":"bind","source":"/a","target":"/b","bind":{"create_host_path":false}}])"},
      {"depends_on: [web]",
       R"("depends_on":{"web":{"condition":"service_started","required":true}})"},
      {"links: ['web:w']",
       R"("depends_on":{"web":{"condition":"service_started","restart":true,"required":true}},)"
       R"("links":["web:w"])"},
      {"environment: [A, B=1, C=], env_file: []", R"("environment":{"A":null,"B":"1","C":""})"},
      {"labels: {n: 010, t: true, z: null, x-a: 1}",
       R"("labels":{"#extensions":"map[x-a:1]","n":"8","t":"true","z":""})"},
      {"secrets: [s]", R"("secrets":[{"source":"s","target":"/run/secrets/s"}])"},
      {"configs: [{source: c, mode: 0440}]", R"("configs":[{"source":"c","mode":"0440"}])"},
      {"ulimits: {a: 1, b: {soft: 1, hard: 2}, c: 0}",
       R"("ulimits":{"a":1,"b":{"soft":1,"hard":2},"c":{}})"},
      {"extra_hosts: ['b:1', 'a=[::1]']", R"("extra_hosts":["a=::1","b=1"])"},
      {"extra_hosts: {h: [2, 1]}", R"("extra_hosts":["h=1","h=2"])"},
      {"build: .", R"("build":{"context":"/p","dockerfile":"Dockerfile"})"},
      {"build: {dockerfile_inline: FROM x, args: {A: , B: 1.0}, sbom: true}",
       R"("build":{"context":"/p","dockerfile_inline":"FROM x","args":{"B":"1"},"sbom":"true"})"},
      {"devices: [/dev/a, '/dev/b:/dev/c:r']",
       R"("devices":[{"source":"/dev/a","target":"/dev/a","permissions":"rwm"},)"
       R"({"source":"/dev/b","target":"/dev/c","permissions":"r"}])"},
      {"gpus: all", R"("gpus":[{"count":-1}])"},
      {"healthcheck: {test: curl x, interval: 90s, retries: 1.5, start_period: 0s}",
       R"("healthcheck":{"test":["CMD-SHELL","curl x"],"interval":"1m30s","retries":1,"start_period":"0s"})"},
      {"mem_limit: 1.5g, shm_size: 0, cpus: 0.10, privileged: false",
       R"("cpus":0.1,"mem_limit":"1610612736")"},
      {"develop: {watch: [{path: ., action: rebuild, exec: {command: x}, ignore: x}]}",
       R"("develop":{"watch":[{"path":"/p","action":"rebuild","exec":{"command":["x"]},"ignore":["x"]}]})"},
      {"blkio_config: {weight: 5, weight_device: [{path: /a, weight: 3}]}",
       R"("blkio_config":{"weight":5,"weight_device":[{"Path":"/a","Weight":3}]})"},
      {"pull_policy: if_not_present", R"("pull_policy":"missing")"},
      {"provider: {type: t, options: {a: [1, x], b: 2}}",
       R"("provider":{"type":"t","options":{"a":["1","x"],"b":["2"]}})"},
      {"post_start: [{command: \"a 'b c'\"}]", R"("post_start":[{"command":["a","b c"]}])"},
      {"pre_start: [{command: x}]", R"("pre_start":[{"command":["x"],"image":"i"}])"},
      {"domainname: $$x", R"("domainname":"$$x")"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    CHECK(printed_service(row.body) == row.printed);
  }
}

TEST_CASE("what is implied besides services") {
  const Project project = Files(R"(
services:
  a: {image: i, networks: {n: {aliases: [x]}}, volumes: ['data:/d']}
  b: {image: i}
  off: {image: i, profiles: [no], volumes: ['gone:/d']}
networks: {n: {external: true}, unused: }
volumes: {data: {labels: [a=1]}, gone: , unused: }
x-own: {f: 1e21, g: 1.50, s: "<$$>"}
)")
                              .load();
  CHECK(render_findings(project) == "");
  CHECK(squeezed(*to_json(project)) ==
        R"({"name":"p","networks":{"default":{"name":"p_default","ipam":{}},)"
        R"("n":{"name":"n","ipam":{},"external":true}},"services":{)"
        R"("a":{"command":null,"entrypoint":null,"image":"i","networks":{"n":{"aliases":["x"]}},)"
        R"("volumes":[{"type":"volume","source":"data","target":"/d","volume":{}}]},)"
        R"("b":{"command":null,"entrypoint":null,"image":"i","networks":{"default":null}}},)"
        R"("volumes":{"data":{"name":"p_data","labels":{"a":"1"}}},)"
        R"("x-own":{"f":1e+21,"g":1.5,"s":"\u003c$$\u003e"}})");
}

TEST_CASE("files of variables and labels") {
  const Project project = Files(R"(--- compose.yaml
services:
  a:
    image: i
    network_mode: none
    environment: {OWN: own, NAMED: }
    env_file: [one.env, {path: two.env, required: false}, {path: raw.env, format: raw}]
    label_file: x.labels
    labels: {l: own}
  off: {image: i, profiles: [no], env_file: missing.env}
--- one.env
A=1
B="$A $OWN"
OWN=file
NAMED=file
--- raw.env
Q="$A"
--- x.labels
l=file
m=file
)")
                              .load();
  CHECK(render_findings(project) == "");
  const Value* service = project.model.find("services")->find("a");
  const auto at = [&](std::string_view map, std::string_view key) {
    const Value* found = service->find(map)->find(key);
    return found ? std::string(found->text()) : "none";
  };
  CHECK(at("environment", "A") == "1");
  CHECK(at("environment", "B") == "1 own");
  CHECK(at("environment", "OWN") == "own");
  CHECK(at("environment", "NAMED") == "");
  CHECK(at("environment", "Q") == "\"$A\"");
  CHECK(at("labels", "l") == "own");
  CHECK(at("labels", "m") == "file");
  // It is told where the value stands.
  const Step* step = service->find("environment")->find("B")->via.get();
  REQUIRE(step != nullptr);
  CHECK(step->source == "/p/one.env");
  CHECK(step->line == 2);
}

TEST_CASE("values keep the bytes they were cut from") {
  const Project project = Files(R"(services:
  a:
    image: i
    ports: ["127.0.0.1:8080:80/udp"]
    volumes: [./src:/dst:ro]
    environment: [KEY=value]
    devices: ["/dev/a:/dev/b"]
)")
                              .load();
  const Value* service = project.model.find("services")->find("a");
  const auto written = [&](const Value* value) {
    const std::string place = render_origin(project, value->origin);
    return place.substr(place.find(' ') + 1);
  };
  const Value& port = service->find("ports")->list()->front();
  CHECK(written(port.find("host_ip")) == "\"127.0.0.1\"");
  CHECK(written(port.find("published")) == "\"8080\"");
  CHECK(written(port.find("target")) == "\"80\"");
  CHECK(written(port.find("protocol")) == "\"udp\"");
  CHECK(written(port.find("mode")) == "\"\"");
  const Value& volume = service->find("volumes")->list()->front();
  CHECK(written(volume.find("source")) == "\"./src\"");
  CHECK(written(volume.find("target")) == "\"/dst\"");
  CHECK(written(volume.find("read_only")) == "\"ro\"");
  CHECK(written(service->find("environment")->find("KEY")) == "\"value\"");
  CHECK(written(service->find("devices")->list()->front().find("target")) == "\"/dev/b\"");
}

TEST_CASE("what cannot be read is told with its place") {
  struct Row {
    std::string_view body, finding;
  };
  const Row rows[] = {
      {"volumes: ['/a::/b']", "error compose-bad-volume \"::\""},
      {"devices: ['a:b:c:d']", "error compose-bad-device \"'a:b:c:d'\""},
      {"build: {additional_contexts: [x]}", "error compose-bad-context \"x\""},
      {"build: {ssh: [x]}", "error compose-bad-ssh-key \"x\""},
      {"extra_hosts: [x]", "error compose-bad-value \"x\""},
      {"mem_limit: many", "error compose-bad-value \"many\""},
      {"stop_grace_period: soon", "error compose-bad-value \"soon\""},
      {"cpus: half", "error compose-bad-value \"half\""},
      {"tty: perhaps", "error compose-bad-value \"perhaps\""},
      {"ulimits: {n: x}", "error compose-bad-value \"x\""},
      {"configs: [{source: c, mode: '99'}]", "error compose-bad-value \"'99'\""},
      {"gpus: [{count: some}]", "error compose-bad-value \"some\""},
      {"env_file: gone.env", "error compose-env-file \"gone.env\""},
      {"command: 'one \"two'", "error compose-bad-value \"'one \"two'\""},
      {"environment: ['A =x']", "error compose-bad-value \"'A =x'\""},
      {"volumes: [{type: bind, target: /d}]",
       "error compose-bad-volume \"{type: bind, target: /d}\""},
      {"ports: ['80:80/tcp/udp']", "error compose-bad-port \"tcp/udp\""},
      {"<<: {}, <<: {}", "error compose-duplicate-key \"<<\""},
      {"labels: {1: x}", "error compose-key-not-text \"1\""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    const Project project =
        Files(fmt::format("services:\n  web: {{image: i, {}}}\n", row.body)).load();
    const std::string findings = render_findings(project);
    CHECK(findings.find(" " + std::string(row.finding) + "\n") == findings.find(' '));
  }
}

TEST_CASE("lifting twice changes nothing") {
  const auto model = [](std::string_view rest) {
    return *to_json(Files("--- compose.yaml\nservices: {a: {image: i, ports: ['1-2:1-2'], volumes: "
                          "[./x:/y], build: ., env_file: [], gpus: all}}\n" +
                          std::string(rest))
                        .load());
  };
  CHECK(model("") == model("---\nservices: {a: {}}\n---\nservices: {a: {image: i}}\n"));
}
