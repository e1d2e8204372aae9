#include "engine/container.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "base/unicode.h"

namespace dockhand::engine {
namespace {

using Json = nlohmann::json;

const std::string kId = "3f2a91c0b7d4e6f8a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718";

// As API 1.41 answers, cut to what is read and a little more.
constexpr const char* kInspected = R"json({
  "Id": "3f2a91c0b7d4e6f8a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718",
  "Created": "2026-11-21T09:34:31.482915077Z",
  "Path": "/shop", "Args": ["web"],
  "State": {
    "Status": "running", "Running": true, "Paused": false, "Restarting": false,
    "OOMKilled": false, "Dead": false, "Pid": 4711, "ExitCode": 0, "Error": "",
    "StartedAt": "2026-11-21T09:34:32.000000001Z", "FinishedAt": "0001-01-01T00:00:00Z",
    "Health": {"Status": "unhealthy", "FailingStreak": 3, "Log": [
      {"Start": "2026-11-21T09:35:00Z", "End": "2026-11-21T09:35:00.5Z", "ExitCode": 0,
       "Output": "ok"},
      {"Start": "2026-11-21T09:35:05Z", "End": "2026-11-21T09:35:08Z", "ExitCode": -1,
       "Output": "Health check exceeded timeout (3s)"}]}
  },
  "Image": "sha256:00ff", "Name": "/shop-web-1", "RestartCount": 2,
  "HostConfig": {"Memory": 67108864,
                 "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 5}},
  "Config": {
    "Tty": true, "Image": "shop/web:1", "Cmd": ["web", "--port=8080"],
    "Healthcheck": {"Test": ["CMD", "/shop", "check"]},
    "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "web",
               "com.docker.compose.oneoff": "False",
               "com.docker.compose.project.config_files":
                 "/src/compose.yaml,/src/compose.override.yaml"}
  },
  "NetworkSettings": {
    "Ports": {"8080/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8081"},
                           {"HostIp": "::", "HostPort": "8081"}],
              "443/tcp": null},
    "Networks": {"shop_default": {"IPAddress": "172.18.0.3"}}
  }
})json";

Json inspected() { return Json::parse(kInspected); }

Container parsed(const Json& json) {
  const auto container = parse_container(json.dump());
  REQUIRE(container);
  return *container;
}

std::string shown(const std::vector<PublishedPort>& ports) {
  std::string text;
  for (const PublishedPort& port : ports) {
    text += fmt::format("{}:{}->{}/{} ", port.host_ip, port.host_port, port.container_port,
                        port.protocol);
  }
  return text;
}

Time at(std::string_view text) { return *parse_rfc3339(text); }

}  // namespace

TEST_CASE("an inspected container is read whole") {
  const Container container = parsed(inspected());
  CHECK(container.id == kId);
  CHECK(container.name == "shop-web-1");
  CHECK(container.image == "shop/web:1");
  CHECK(container.image_id == "sha256:00ff");
  CHECK(container.project() == "shop");
  CHECK(container.service() == "web");
  CHECK_FALSE(container.one_off());
  CHECK(container.config_files() ==
        std::vector<std::string>{"/src/compose.yaml", "/src/compose.override.yaml"});
  CHECK(container.status == ContainerStatus::running);
  CHECK(container.running());
  CHECK(container.restart_count == 2);
  CHECK(container.tty);
  CHECK(container.memory_limit == 64u << 20);
  CHECK(container.restart_policy == "on-failure");
  CHECK(container.command == std::vector<std::string>{"web", "--port=8080"});
  CHECK(container.health_test == std::vector<std::string>{"CMD", "/shop", "check"});
  CHECK(shown(container.ports) == "0.0.0.0:8081->8080/tcp ");
  CHECK(container.networks == std::map<std::string, std::string>{{"shop_default", "172.18.0.3"}});
  CHECK(container.created_at == at("2026-11-21T09:34:31.482915077Z"));
  CHECK(container.started_at == at("2026-11-21T09:34:32.000000001Z"));
  CHECK_FALSE(container.finished_at);  // Docker's zero time.
  REQUIRE(container.health);
  CHECK(container.health->status == HealthStatus::unhealthy);
  CHECK(container.health->failing_streak == 3);
  REQUIRE(container.health->log.size() == 2);
  CHECK(container.health->log[1].exit_code == -1);
  CHECK(container.health->log[1].output == "Health check exceeded timeout (3s)");
  CHECK(container.health->log[1].end - container.health->log[1].start == std::chrono::seconds(3));
}

TEST_CASE("health is believed only while running") {
  const std::pair<const char*, bool> cases[] = {
      {"running", true}, {"paused", false},  {"restarting", false}, {"exited", false},
      {"dead", false},   {"created", false}, {"removing", false}};
  for (const auto& [status, believed] : cases) {
    CAPTURE(status);
    Json json = inspected();
    json["State"]["Status"] = status;
    const Container container = parsed(json);
    CHECK(to_string(container.status) == status);
    CHECK(container.health.has_value());
    CHECK(container.believed_health().has_value() == believed);
  }
}

TEST_CASE("no health check reads as no health") {
  for (const Json& health : {Json(), Json::object(), Json{{"Status", "none"}}, Json{{"Status", ""}},
                             Json("healthy"), Json::array()}) {
    CAPTURE(health.dump());
    Json json = inspected();
    json["State"]["Health"] = health;
    CHECK_FALSE(parsed(json).health);
  }
}

TEST_CASE("only the last five health results are kept, their output within bounds") {
  Json json = inspected();
  Json log = Json::array();
  for (int i = 0; i < 9; ++i)
    log.push_back({{"ExitCode", i}, {"Output", std::string(4095, 'x') + "€€"}});
  json["State"]["Health"]["Log"] = log;
  const Container container = parsed(json);
  REQUIRE(container.health->log.size() == 5);
  CHECK(container.health->log.front().exit_code == 4);
  CHECK(container.health->log.back().exit_code == 8);
  CHECK(container.health->log.back().output == std::string(4095, 'x'));  // Not half a character.
}

TEST_CASE("ports: twins merge, others stay, in order") {
  struct Case {
    const char* ports;
    const char* expected;
  };
  const Case cases[] = {
      {R"({})", ""},
      {R"(null)", ""},
      {R"({"80/tcp":null})", ""},
      {R"({"80/tcp":[]})", ""},
      {R"({"80/tcp":[{"HostIp":"::","HostPort":"1"},{"HostIp":"0.0.0.0","HostPort":"1"}]})",
       "0.0.0.0:1->80/tcp "},
      {R"({"80/tcp":[{"HostIp":"::","HostPort":"1"}]})", ":::1->80/tcp "},
      {R"({"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"1"},{"HostIp":"::1","HostPort":"1"}]})",
       "127.0.0.1:1->80/tcp "},
      {R"({"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"2"},{"HostIp":"::","HostPort":"1"}]})",
       ":::1->80/tcp 0.0.0.0:2->80/tcp "},
      {R"({"80/tcp":[{"HostIp":"10.0.0.1","HostPort":"1"},{"HostIp":"10.0.0.2","HostPort":"1"}]})",
       "10.0.0.1:1->80/tcp 10.0.0.2:1->80/tcp "},
      {R"({"90/tcp":[{"HostIp":"","HostPort":"3"}],"80/udp":[{"HostIp":"","HostPort":"1"}],
           "80/tcp":[{"HostIp":"","HostPort":"2"}]})",
       ":2->80/tcp :1->80/udp :3->90/tcp "},
      {R"({"80":[{"HostIp":"","HostPort":"1"}]})", ":1->80/tcp "},
      {R"({"x/tcp":[{"HostPort":"1"}],"0/tcp":[{"HostPort":"1"}],"70000/tcp":[{"HostPort":"1"}],
           "80/tcp":[{"HostPort":"0"},{"HostPort":"99999"},{"HostPort":80},5,null]})",
       ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.ports);
    Json json = inspected();
    json["NetworkSettings"]["Ports"] = Json::parse(c.ports);
    CHECK(shown(parsed(json).ports) == c.expected);
  }
}

TEST_CASE("a container's addresses come from its networks, not from the top level") {
  Json json = inspected();
  json["NetworkSettings"]["IPAddress"] = "172.17.0.9";  // Gone since API 1.52.
  json["NetworkSettings"]["Networks"] = {
      {"a", {{"IPAddress", ""}, {"GlobalIPv6Address", "fd00::2"}}}, {"b", nullptr}};
  CHECK(parsed(json).networks == std::map<std::string, std::string>{{"a", "fd00::2"}, {"b", ""}});
}

TEST_CASE("any member of any wrong type reads as its default and keeps the others") {
  const Json whole = inspected();
  const Json wrong[] = {nullptr,
                        5,
                        -1,
                        1e300,
                        true,
                        "x",
                        Json::array({1, nullptr, "y"}),
                        Json{{"a", Json::array()}},
                        UINT64_MAX};
  // Every path of the document, the id aside, takes every wrong value in turn.
  const Json flat = whole.flatten();
  for (const auto& [path, unused] : flat.items()) {
    std::vector<Json::json_pointer> pointers;
    for (Json::json_pointer p(path); !p.empty(); p = p.parent_pointer()) pointers.push_back(p);
    for (const Json::json_pointer& pointer : pointers) {
      if (pointer.to_string() == "/Id") continue;
      for (const Json& value : wrong) {
        Json json = whole;
        json[pointer] = value;
        CAPTURE(pointer.to_string());
        CAPTURE(value.dump());
        const auto container = parse_container(json.dump());
        REQUIRE(container);
        CHECK(container->id == kId);
        if (pointer.to_string().rfind("/State", 0) != 0) CHECK(container->running());
      }
    }
  }
  const Container bare = parsed({{"Id", kId}});
  CHECK(bare.status == ContainerStatus::created);
  CHECK(bare.name.empty());
  CHECK(bare.project().empty());
  CHECK(bare.config_files().empty());
}

TEST_CASE("null labels and labels that are no text") {
  Json json = inspected();
  json["Config"]["Labels"] = nullptr;
  CHECK(parsed(json).labels.empty());
  json["Config"]["Labels"] = {{"a", 1}, {"b", "2"}, {"c", nullptr}};
  CHECK(parsed(json).labels == std::map<std::string, std::string>{{"b", "2"}});
  Json many;
  for (int i = 0; i < 5000; ++i) many[std::to_string(i)] = "x";
  json["Config"]["Labels"] = many;
  CHECK(parsed(json).labels.size() == 1024);
}

TEST_CASE("one-off containers say so") {
  Json json = inspected();
  json["Config"]["Labels"]["com.docker.compose.oneoff"] = "True";
  CHECK(parsed(json).one_off());
}

TEST_CASE("what is no container is none") {
  for (const std::string text : {"", " ", "null", "[]", "5", "\"x\"", "{", "{}", "{\"Id\":5}",
                                 "{\"Id\":\"\"}", "<html>", "{\"Id\":\"a\"} {\"Id\":\"b\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_container(text));
  }
  CHECK_FALSE(parse_container("{\"Id\":\"" + std::string(4096, 'a') + "\"}"));
}

TEST_CASE("bytes that are no UTF-8 do not lose the container") {
  const auto container = parse_container(
      "{\"Id\":\"abc\",\"Name\":\"/we\xFF"
      "b\",\"State\":{\"Error\":\"\xC3\"}}");
  REQUIRE(container);
  CHECK(container->name ==
        "we\xEF\xBF\xBD"
        "b");
  CHECK(is_valid_utf8(container->error));
}

TEST_CASE("depth does not end the program") {
  const std::size_t depth = 400'000;
  const std::string deep = std::string(depth, '[') + std::string(depth, ']');
  const auto container = parse_container("{\"Id\":\"abc\",\"State\":" + deep + "}");
  REQUIRE(container);
  CHECK(container->id == "abc");
  CHECK_FALSE(parse_container(std::string(depth, '[')));
  CHECK(parse_container_list(deep));
}

TEST_CASE("a list is read row by row") {
  const auto list = parse_container_list(R"([
    {"Id":"a","Names":["/shop-web-1"],"Labels":{"x":"y"},"State":"running"},
    {"Id":"b","Names":["/other/alias","/shop-db-1"],"Labels":null,"State":"exited"},
    {"Id":"c","Names":["/other/alias"],"State":"stopped"},
    {"Id":"d","Names":null},
    {"Id":7},{"Names":["/no-id"]},null,5,"x",[]
  ])");
  REQUIRE(list);
  REQUIRE(list->size() == 4);
  CHECK((*list)[0].name == "shop-web-1");
  CHECK((*list)[0].labels.at("x") == "y");
  CHECK((*list)[0].status == ContainerStatus::running);
  CHECK((*list)[1].name == "shop-db-1");
  CHECK((*list)[1].status == ContainerStatus::exited);
  CHECK((*list)[2].name == "other/alias");
  CHECK((*list)[2].status == ContainerStatus::exited);
  CHECK((*list)[3].name.empty());
  CHECK((*list)[3].status == ContainerStatus::created);
}

TEST_CASE("what is no list is none") {
  for (const char* text : {"", "{}", "null", "[", "<html></html>", "{\"message\":\"x\"}"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_container_list(text));
  }
  REQUIRE(parse_container_list("[]"));
  CHECK(parse_container_list("[]")->empty());
}

}  // namespace dockhand::engine
