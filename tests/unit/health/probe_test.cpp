#include "health/probe.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/unicode.h"

using namespace dockhand;
using namespace std::chrono_literals;
using compose::XDev;
using health::ProbeTarget;

namespace {

std::string judged(int status, const std::string& body, std::vector<int> expect = {}) {
  ProbeTarget target;
  target.expect = std::move(expect);
  const health::ProbeResult result = health::judge_http(target, status, body);
  const std::string verdict = result.verdict == health::Verdict::good ? "good " : "bad ";
  return verdict + result.word + (result.detail.empty() ? "" : ", " + result.detail);
}

topology::ServiceUrl url(const std::string& scheme, std::uint16_t port, std::uint16_t inner,
                         const std::string& base = {}, const std::string& host = "localhost") {
  return {scheme + "://" + host + ":" + std::to_string(port) + base, scheme, host, port, inner};
}

const std::vector<topology::ServiceUrl> kWeb = {url("http", 8080, 80, "/api"),
                                                url("postgres", 5433, 5432)};

// The probe as `GET url` or `TCP host:port`, with `!` when it decides.
std::string chosen(const std::optional<XDev::Health>& health,
                   const std::vector<topology::ServiceUrl>& urls,
                   const std::string& host = "localhost", health::ProbePolicy policy = {}) {
  compose::Service service;
  service.x_dev.health = health;
  const auto target = health::choose_probe(service, urls, host, policy);
  if (!target) return "none";
  const std::string mark = target->decides ? " !" : "";
  if (target->kind == ProbeTarget::Kind::http) return "GET " + target->url + mark;
  return "TCP " + target->host + ":" + std::to_string(target->port) + mark;
}

XDev::Health of_kind(XDev::Health::Kind kind) {
  XDev::Health health;
  health.kind = kind;
  return health;
}

XDev::Health path(const std::string& text) {
  XDev::Health health = of_kind(XDev::Health::Kind::http);
  health.url = text;
  return health;
}

XDev::Health tcp(std::uint16_t port) {
  XDev::Health health = of_kind(XDev::Health::Kind::tcp);
  health.port = port;
  return health;
}

}  // namespace

TEST_CASE("a status says whether the answer is good") {
  CHECK(judged(200, "") == "good 200");
  CHECK(judged(204, "") == "good 204");
  CHECK(judged(302, "") == "good 302");
  CHECK(judged(404, "") == "bad 404");
  CHECK(judged(401, "", {401}) == "good 401");
  CHECK(judged(500, "") == "bad 500");
  CHECK(judged(101, "") == "bad 101");
}

TEST_CASE("health reports in JSON give their word and the parts that are not well") {
  CHECK(judged(200, R"({"status":"UP"})") == "good UP");
  CHECK(judged(200, R"({"status":"ok"})") == "good ok");
  CHECK(judged(200, R"({"status":"UNKNOWN"})") == "good UNKNOWN");
  CHECK(judged(503, R"({"status":"DOWN"})") == "bad 503, DOWN");
  CHECK(judged(200, R"({"status":"DOWN"})") == "bad DOWN");
  CHECK(judged(503, R"({"status":"DOWN","components":{
      "db":{"status":"DOWN"},"disk":{"status":"UP"},"mail":{"status":"OUT_OF_SERVICE"}}})") ==
        "bad 503, db: DOWN, mail: OUT_OF_SERVICE");
  CHECK(judged(503, R"({"status":"DOWN","details":{"db":{"status":"DOWN"}}})") ==
        "bad 503, db: DOWN");
  CHECK(judged(503, R"({"status":"DOWN","components":{"db":{"status":"DOWN","details":{"error":
      "org.postgresql.util.PSQLException: Connection to db:5432 refused"}}}})") ==
        "bad 503, db: Connection to db:5432 refused");
  CHECK(judged(503, R"({"status":"DOWN","components":{"db":{"status":"DOWN","components":{
      "main":{"status":"UP"},"copy":{"status":"DOWN"}}}}})") == "bad 503, db.copy: DOWN");
  CHECK(judged(503, R"({"status":"fail","checks":{"db:time":[{"status":"pass"},
      {"status":"fail","output":"too slow"}]}})") == "bad 503, db:time: too slow");
  CHECK(judged(503, R"({"db":"DOWN"})") == "bad 503, db: DOWN");
  CHECK(judged(503, R"({"error":"no database"})") == "bad 503, no database");
  CHECK(judged(503, R"({"status":"DOWN","components":{"a":{"status":"DOWN"},"b":{"status":"DOWN"},
      "c":{"status":"DOWN"},"d":{"status":"DOWN"},"e":{"status":"DOWN"}}})") ==
        "bad 503, a: DOWN, b: DOWN, c: DOWN +2");
  CHECK(judged(503, R"({"status":"DOWN"})", {503}) == "good 503");
}

TEST_CASE("JSON that is no health report is left alone") {
  CHECK(judged(200, R"({"status":"draft","db":"DOWN"})") == "good 200");
  CHECK(judged(200, R"({"status":7})") == "good 200");
  CHECK(judged(200, R"(["DOWN"])") == "good 200");
  CHECK(judged(200, "{") == "good 200");
}

TEST_CASE("other bodies give their first line") {
  CHECK(judged(503, "database is down\nmore") == "bad 503, database is down");
  CHECK(judged(503, "<html><body>503</body></html>") == "bad 503");
  CHECK(judged(500, "\x1b[31mboom\x07") == "bad 500, \\x1b[31mboom\\x07");
}

TEST_CASE("hostile bodies neither crash nor flood") {
  const std::string deep(200'000, '[');
  std::string nested, end;
  for (int i = 0; i < 5'000; ++i) {
    nested += R"({"status":"DOWN","components":{"a":)";
    end += "}}";
  }
  std::string wide = R"({"status":"DOWN","components":{)";
  for (int i = 0; i < 5'000; ++i) {
    wide += (i > 0 ? ",\"n" : "\"n") + std::to_string(i) + R"(":{"status":"DOWN"})";
  }
  wide += "}}";
  std::string binary;
  for (int i = 0; i < 10'000; ++i) binary += static_cast<char>(i * 31);
  for (const std::string& body :
       {deep, "{\"a\":" + deep, nested + "1" + end, wide, binary, std::string(1 << 20, 'x')}) {
    const health::ProbeResult result = health::judge_http({}, 503, body);
    CHECK(result.verdict == health::Verdict::bad);
    CHECK(display_width(result.detail) <= 320);
    CHECK(is_valid_utf8(result.detail));
  }
}

TEST_CASE("x-dev says what is probed, and then it decides") {
  CHECK(chosen(path("/actuator/health"), kWeb) == "GET http://localhost:8080/actuator/health !");
  CHECK(chosen(path("health"), kWeb) == "GET http://localhost:8080/api/health !");
  CHECK(chosen(path("http://localhost:9/x"), kWeb) == "GET http://localhost:9/x !");
  CHECK(chosen(path("/health"), {kWeb[1]}) == "none");
  CHECK(chosen(tcp(5432), kWeb) == "TCP localhost:5433 !");
  CHECK(chosen(tcp(5433), kWeb) == "TCP localhost:5433 !");
  CHECK(chosen(tcp(1), kWeb) == "none");
  CHECK(chosen(of_kind(XDev::Health::Kind::docker), kWeb) == "none");
  CHECK(chosen(of_kind(XDev::Health::Kind::exec), kWeb) == "none");
}

TEST_CASE("otherwise the first HTTP port is asked, else the first port is tried") {
  CHECK(chosen({}, kWeb) == "GET http://localhost:8080/api");
  CHECK(chosen({}, {kWeb[1]}) == "TCP localhost:5433");
  CHECK(chosen({}, {}) == "none");
  CHECK(chosen({}, kWeb, "localhost", {.enabled = false}) == "none");
}

TEST_CASE("hosts other than the endpoint's are asked only when that is allowed") {
  const health::ProbePolicy open{.foreign_hosts = true};
  for (const char* foreign : {"http://evil.example/", "http://169.254.169.254/latest",
                              "http://localhost.evil.example/", "http://localhost@evil.example/"}) {
    CAPTURE(foreign);
    CHECK(chosen(path(foreign), kWeb) == "none");
  }
  CHECK(chosen(path("http://evil.example/"), kWeb, "localhost", open) ==
        "GET http://evil.example/ !");
  CHECK(chosen(path("http://127.0.0.1:8080/x"), kWeb) == "GET http://127.0.0.1:8080/x !");
  CHECK(chosen(path("http://localhost/x"), kWeb, "prod.example") == "none");
  CHECK(chosen({}, {url("http", 80, 80, "", "prod.example")}, "prod.example") ==
        "GET http://prod.example:80");
  CHECK(chosen({}, {url("http", 80, 80, "", "10.0.0.7")}) == "none");
  CHECK(chosen({}, {url("redis", 80, 80, "", "10.0.0.7")}) == "none");
  CHECK(chosen(path("file:///etc/passwd"), kWeb, "localhost", open) == "none");
  CHECK(chosen(path("gopher://localhost/"), kWeb, "localhost", open) == "none");
}

TEST_CASE("what is known of a probe grows with its results") {
  health::ProbeStatus status;
  const auto add = [&](bool good, const std::string& word, const std::string& detail, int second) {
    health::ProbeResult result;
    result.time = Time(std::chrono::seconds(second));
    result.verdict = good ? health::Verdict::good : health::Verdict::bad;
    result.latency = 5ms;
    result.word = word;
    result.detail = detail;
    status.add(std::move(result));
  };
  add(true, "200", "", 1);
  add(false, "503", "db: DOWN", 2);
  add(false, "refused", "", 3);
  CHECK(status.bad_streak == 2);
  CHECK(status.latencies.size() == 1);
  CHECK(status.last_good == Time(1s));
  REQUIRE(status.trail.size() == 2);
  CHECK(status.trail[0].cause == "503, db: DOWN");
  CHECK(status.trail[1].cause == "refused");
  for (int i = 4; i < 40; ++i) add(false, std::to_string(i), "", i);
  CHECK(status.trail.size() == health::ProbeStatus::kTrailLength);
  CHECK(status.trail.back().cause == "39");
  add(true, "200", "", 40);
  CHECK(status.bad_streak == 0);
  CHECK(status.last_good == Time(40s));
}
