#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "engine/engine.h"
#include "engine/scripted_server.h"

namespace dockhand::engine {
namespace {

using test::ScriptedServer;
using On = ScriptedServer::On;
using Connection = ScriptedServer::Connection;
using Request = ScriptedServer::Request;
using Script = ScriptedServer::Script;
using std::chrono::milliseconds;

constexpr Duration kShort = milliseconds(500);  // For what is to end by its timeout.
constexpr Duration kLong = std::chrono::seconds(20);
const std::string kNoise(200, '\x07');

// An endpoint as resolve_endpoint() gives it.
Endpoint to(const ScriptedServer& server, const std::string& base_path = {}) {
  GlobalFlags flags;
  flags.host = server.docker_host() + base_path;
  const auto endpoint = resolve_endpoint(flags, {}, {}, io::MemoryFileSystem());
  REQUIRE(endpoint);
  return *endpoint;
}

std::unique_ptr<Engine> engine_at(const ScriptedServer& server, Duration timeout = kLong) {
  return make_engine(to(server), {.timeout = timeout});
}

std::string ping_headers(const std::string& api) {
  return fmt::format("Api-Version: {}\r\nServer: Docker/28.5.2+x (linux)\r\nOstype: linux\r\n",
                     api);
}

bool is_ping(const Request& request) {
  return request.target.size() >= 6 && request.target.substr(request.target.size() - 6) == "/_ping";
}

// Answers pings like an Engine, and leaves the rest to `script`.
Script engine_script(const std::string& api, Script script) {
  return [=](Connection& connection, const Request& request) {
    if (is_ping(request)) {
      connection.answer(200, "", ping_headers(api));
    } else {
      script(connection, request);
    }
  };
}

std::string container_json(const std::string& id) {
  return fmt::format(R"({{"Id":"{}","Name":"/web","State":{{"Status":"running"}}}})", id);
}

const char* const kDie =
    R"({"Type":"container","Action":"die","Actor":{"ID":"ab","Attributes":{"exitCode":"137"}},)"
    R"("timeNano":1763717671482915077})"
    "\n";

Error error_of(const Result<void>& result) { return result ? Error{"fine", ""} : result.error(); }

// How each of the calls fails; events() with the kind of error that it returns.
std::vector<Error> failures(Engine& engine) {
  std::vector<Error> errors;
  const auto list = engine.list({});
  errors.push_back(list ? Error{"fine", ""} : list.error());
  const auto inspected = engine.inspect("ab");
  errors.push_back(inspected ? Error{"fine", ""} : inspected.error());
  errors.push_back(error_of(engine.events({}, nullptr, [](const Event&) {}, {})));
  return errors;
}

void check_helpful(const Error& error) {
  CAPTURE(error.code);
  CHECK_FALSE(error.what.empty());
  CHECK_FALSE(error.why.empty());
  CHECK_FALSE(error.fix.empty());
  for (const std::string* text : {&error.what, &error.why, &error.fix}) {
    CHECK(text->find('\x1b') == std::string::npos);
    CHECK(text->find('\x07') == std::string::npos);
    CHECK(text->size() < 600);
  }
}

}  // namespace

TEST_CASE("negotiation takes the lower version of both sides") {
  struct Case {
    const char *theirs, *agreed;
  };
  for (const Case& c : {Case{"1.40", "1.40"}, Case{"1.41", "1.41"}, Case{"1.51", "1.51"},
                        Case{"1.56", "1.51"}, Case{"2.0", "1.51"}}) {
    CAPTURE(c.theirs);
    for (const On on : {On::unix_socket, On::tcp}) {
      ScriptedServer server(on, engine_script(c.theirs, [](Connection& connection, const Request&) {
                              connection.answer(200, "[]");
                            }));
      const auto engine = engine_at(server);
      const auto info = engine->info();
      REQUIRE(info);
      CHECK(info->api == c.agreed);
      CHECK(info->version == "28.5.2+x");
      CHECK(info->os == "linux");
      CHECK(engine->list({.project = {}, .compose_only = false}));
      CHECK(engine->info());
      CHECK(server.lines() ==
            std::vector<std::string>{"HEAD /_ping",
                                     fmt::format("GET /v{}/containers/json?all=1", c.agreed)});
      CHECK(server.connections() == 1);
    }
  }
}

TEST_CASE("an Engine older than we can read is too old, and both versions are named") {
  for (const char* api : {"1.39", "1.24", "0.9"}) {
    ScriptedServer server(On::unix_socket, engine_script(api, nullptr));
    const auto engine = engine_at(server);
    const Error error = engine->info().error();
    CHECK(error.code == "engine-too-old");
    CHECK(error.why.find(api) != std::string::npos);
    CHECK(error.why.find(kOldestApi) != std::string::npos);
    check_helpful(error);
    CHECK(engine->list({}).error().code == "engine-too-old");
  }
}

TEST_CASE("GET is tried where HEAD is not known") {
  const Script heads[] = {
      [](Connection& connection, const Request&) { connection.answer(405, ""); },
      [](Connection& connection, const Request&) {
        connection.answer(501, "", "Api-Version: 1.44\r\n");
      },
      [](Connection& connection, const Request&) { connection.close(); },
      [](Connection& connection, const Request&) {
        connection.write("what?\r\n\r\n");
        connection.close();
      },
  };
  for (const Script& head : heads) {
    ScriptedServer server(On::unix_socket, [&](Connection& connection, const Request& request) {
      if (request.method == "HEAD") return head(connection, request);
      connection.answer(200, "OK", ping_headers("1.43"));
    });
    const auto info = engine_at(server)->info();
    REQUIRE(info);
    CHECK(info->api == "1.43");
    CHECK(server.lines() == std::vector<std::string>{"HEAD /_ping", "GET /_ping"});
  }
}

TEST_CASE("a version that is pinned is used as it stands, without asking") {
  for (const char* pinned : {"1.30", "v1.30"}) {
    ScriptedServer server(On::unix_socket,
                          engine_script("1.51", [](Connection& connection, const Request&) {
                            connection.answer(200, "[]");
                          }));
    const auto engine = make_engine(to(server), {.timeout = kLong, .api_version = pinned});
    CHECK(engine->list({.project = {}, .compose_only = false}));
    CHECK(server.lines() == std::vector<std::string>{"GET /v1.30/containers/json?all=1"});
    CHECK(engine->info()->api == "1.30");
  }
}

TEST_CASE("a refusal of the version: asked again once, then told") {
  std::atomic<bool> upgraded{false};
  ScriptedServer server(On::unix_socket, [&](Connection& connection, const Request& request) {
    if (is_ping(request)) {
      connection.answer(200, "", ping_headers(upgraded ? "1.44" : "1.51"));
      upgraded = true;
    } else if (request.target.rfind("/v1.44/", 0) == 0) {
      connection.answer(200, "[]");
    } else {
      connection.answer(400, R"({"message":"client version 1.51 is too new. Maximum supported )"
                             R"(API version is 1.44"})");
    }
  });
  CHECK(engine_at(server)->list({}));

  // A stream does not ask twice, but has the next call negotiate.
  upgraded = false;
  const auto streaming = engine_at(server);
  CHECK(error_of(streaming->events({}, nullptr, [](const Event&) {}, {})).code == "engine-too-old");
  CHECK(streaming->info()->api == "1.44");

  struct Case {
    const char *message, *code, *pinned;
  };
  const Case cases[] = {
      {R"({"message":"client version 1.51 is too new. Maximum supported API version is 1.44"})",
       "engine-too-old", ""},
      {"client version 1.51 is too old. Minimum supported API version is 1.60, please upgrade your "
       "client to a newer version",
       "engine-too-new", ""},
      {R"({"message":"client version 1.24 is too old. Minimum supported API version is 1.44"})",
       "engine-too-new", "1.24"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.message);
    ScriptedServer refusing(On::unix_socket,
                            engine_script("1.51", [&](Connection& connection, const Request&) {
                              connection.answer(400, c.message);
                            }));
    const auto engine = make_engine(to(refusing), {.timeout = kLong, .api_version = c.pinned});
    for (const Error& error : failures(*engine)) {
      CHECK(error.code == c.code);
      CHECK(error.why.find("API version is 1.") != std::string::npos);
      CHECK((error.fix == "unset DOCKER_API_VERSION") == (*c.pinned != '\0'));
      check_helpful(error);
    }
  }
}

TEST_CASE("what is asked for is asked for in the Engine's own words") {
  ScriptedServer server(
      On::tcp, engine_script("1.41", [](Connection& connection, const Request& request) {
        if (request.target.find("/events") == std::string::npos) {
          connection.answer(
              200, request.target.find("/ab") == std::string::npos ? "[]" : container_json("ab"));
        } else {
          connection.answer(200, "");
        }
      }));
  Endpoint endpoint = to(server, "/base/a%20b/");
  endpoint.headers = {{"X-Token", "abc"}, {"user-agent", "liar"}, {"Content-Length", "5"}};
  const auto engine = make_engine(endpoint, {.timeout = kLong});
  CHECK(engine->list({.project = "my shop"}));
  CHECK(engine->list({}));
  CHECK(engine->inspect("ab/../ab?x"));
  CHECK_FALSE(
      engine->events(Time(Duration(1'763'717'671'000'000'042)), nullptr, [](const Event&) {}, {}));
  CHECK_FALSE(engine->events({}, nullptr, [](const Event&) {}, {}));

  const std::vector<Request> requests = server.requests();
  REQUIRE(requests.size() == 7);  // The ended stream made us negotiate again.
  const std::string events =
      "/base/a%20b/v1.41/events?filters=%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B"
      "%22create%22%2C%22destroy%22%2C%22die%22%2C%22health_status%22%2C%22kill%22%2C%22oom%22%2C"
      "%22pause%22%2C%22rename%22%2C%22restart%22%2C%22start%22%2C%22stop%22%2C%22unpause%22%2C"
      "%22update%22%5D%7D";
  const std::vector<std::string> expected = {
      "HEAD /base/a%20b/_ping",
      "GET /base/a%20b/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker."
      "compose.project%3Dmy%20shop%22%5D%7D",
      "GET /base/a%20b/v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22com.docker."
      "compose.project%22%5D%7D",
      "GET /base/a%20b/v1.41/containers/ab%2F..%2Fab%3Fx/json",
      "GET " + events + "&since=1763717671.000000042",
      "HEAD /base/a%20b/_ping",
      "GET " + events,
  };
  CHECK(server.lines() == expected);
  for (const Request& request : requests) {
    CHECK(request.headers.at("user-agent").rfind("dockhand/", 0) == 0);
    CHECK(request.headers.at("x-token") == "abc");
    CHECK(request.headers.at("host") == fmt::format("127.0.0.1:{}", server.port()));
    CHECK(request.headers.count("content-length") == 0);
  }
}

TEST_CASE("containers are listed and inspected") {
  for (const On on : {On::unix_socket, On::tcp}) {
    ScriptedServer server(on,
                          engine_script("1.51", [](Connection& connection, const Request& request) {
                            if (request.target.find("/containers/json") != std::string::npos) {
                              connection.answer(200, R"([{"Id":"ab","Names":["/web"]}])");
                            } else if (request.target.find("/ab/") != std::string::npos) {
                              connection.answer(200, container_json("ab"));
                            } else {
                              connection.answer(404, R"({"message":"No such container: cd"})");
                            }
                          }));
    const auto engine = engine_at(server);
    const auto list = engine->list({});
    REQUIRE(list);
    CHECK(list->at(0).name == "web");
    CHECK(engine->inspect("ab")->running());
    const Error missing = engine->inspect("cd").error();
    CHECK(missing.code == "container-missing");
    CHECK(missing.why == "No such container: cd (status 404)");
  }
}

TEST_CASE("events come as they happen, however they are cut") {
  for (const On on : {On::unix_socket, On::tcp}) {
    ScriptedServer server(on, engine_script("1.51", [](Connection& connection, const Request&) {
                            connection.write(
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                "Transfer-Encoding: chunked\r\n\r\n");
                            const std::string body = std::string(kDie) + kDie;
                            for (std::size_t i = 0; i < body.size(); i += 7) {
                              const std::string part = body.substr(i, 7);
                              connection.write(fmt::format("{:x}\r\n{}\r\n", part.size(), part));
                            }
                            connection.wait_for_end();
                          }));
    const auto engine = engine_at(server, kShort);
    std::stop_source stop;
    int opened = 0, count = 0;
    // Longer than the timeout, which is for the head alone.
    std::jthread later([&](std::stop_token) {
      std::this_thread::sleep_for(kShort * 2);
      stop.request_stop();
    });
    const Result<void> result = engine->events(
        {}, [&] { ++opened; },
        [&](const Event& event) {
          CHECK(event.action == "die");
          CHECK(event.attributes.at("exitCode") == "137");
          ++count;
        },
        stop.get_token());
    CHECK(result);
    CHECK(opened == 1);
    CHECK(count == 2);
  }
}

TEST_CASE("a stream that was stopped hands on nothing more") {
  ScriptedServer server(On::unix_socket,
                        engine_script("1.51", [](Connection& connection, const Request&) {
                          connection.write("HTTP/1.1 200 OK\r\n\r\n");
                          for (int i = 0; i < 1000; ++i) connection.write(kDie);
                          connection.wait_for_end();
                        }));
  std::stop_source stop;
  int count = 0;
  CHECK(engine_at(server)->events(
      {}, nullptr,
      [&](const Event&) {
        if (++count == 3) stop.request_stop();
      },
      stop.get_token()));
  CHECK(count == 3);
}

TEST_CASE("what is no Engine is told from one that is silent, slow or gone") {
  struct Case {
    const char* name;
    const char* code;
    Script script;
  };
  const Script page = [](Connection& connection, const Request&) {
    connection.answer(200, "<!DOCTYPE html><html><body>\x1b[2JIt works!</body></html>",
                      "Content-Type: text/html\r\n");
  };
  const Case cases[] = {
      {"garbage", "engine-garbage",
       [](Connection& connection, const Request&) {
         connection.write(kNoise + "\r\n\r\n" + kNoise);
         connection.close();
       }},
      {"endless garbage", "engine-garbage",
       [](Connection& connection, const Request&) {
         while (connection.write(kNoise)) continue;
       }},
      {"another protocol", "engine-garbage",
       [](Connection& connection, const Request&) {
         connection.write("SSH-2.0-OpenSSH_9.2\r\n");
         connection.wait_for_end();
       }},
      {"a page", "engine-garbage", page},
      {"a page with a status", "engine-garbage",
       [](Connection& connection, const Request&) {
         connection.answer(502, "<html>\x1b]0;x\x07 Bad Gateway</html>");
       }},
      {"an empty answer", "engine-garbage",
       [](Connection& connection, const Request&) { connection.answer(200, ""); }},
      {"half a body", "engine-closed",
       [](Connection& connection, const Request&) {
         connection.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"a\":");
         connection.close();
       }},
      {"half a head", "engine-closed",
       [](Connection& connection, const Request&) {
         connection.write("HTTP/1.1 200 OK\r\nContent-Le");
         connection.close();
       }},
      {"closed at once", "engine-closed",
       [](Connection& connection, const Request&) { connection.close(); }},
      {"a byte now and then", "engine-timeout",
       [](Connection& connection, const Request&) {
         connection.drip("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, ' '),
                         milliseconds(20));
       }},
      {"silence", "engine-timeout",
       [](Connection& connection, const Request&) { connection.wait_for_end(); }},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    const std::string code = c.code;
    const Duration patience = code == "engine-timeout" ? Duration(milliseconds(150)) : kLong;
    for (const On on : {On::unix_socket, On::tcp}) {
      // From the first request on.
      ScriptedServer first(on, [&](Connection& connection, const Request& request) {
        c.script(connection, request);
      });
      const auto engine = engine_at(first, patience);
      const auto info = engine->info();
      REQUIRE_FALSE(info);
      CHECK(info.error().code == code);
      CHECK(info.error().what.find(first.docker_host()) != std::string::npos);
      check_helpful(info.error());
      for (const Error& error : failures(*engine)) CHECK(error.code == code);

      // From an Engine that pings well, or is not asked to.
      ScriptedServer later(on, engine_script("1.51", c.script));
      const auto agreed = make_engine(to(later), {.timeout = patience, .api_version = "1.51"});
      const std::vector<Error> errors = failures(*agreed);
      CHECK(errors[0].code == code);
      CHECK(errors[1].code == code);
      for (const Error& error : errors) check_helpful(error);
      // A stream that ends without a word is over rather than wrong; one that has begun may take
      // its time, and is ended by the other side here.
      if (std::string(c.name) == "an empty answer") {
        CHECK(errors[2].code == "engine-closed");
      } else if (std::string(c.name) != "a byte now and then") {
        CHECK(errors[2].code == code);
      }
    }
  }
}

TEST_CASE("refusals carry the Engine's own message, made harmless") {
  struct Case {
    int status;
    const char *body, *why;
  };
  const Case cases[] = {
      {500, R"({"message":"no space left on device"})", "no space left on device (status 500)"},
      {403, R"({"message":"authorization denied by plugin x"})",
       "authorization denied by plugin x (status 403)"},
      {401, "", "it answered with status 401"},
      {503, "upstream is away\nsecond line", "upstream is away (status 503)"},
      {500, "{\"message\":\"\\u001b[2Jboo\"}", "\\x1b[2Jboo (status 500)"},
      {500, R"({"message":5})", "{\"message\":5} (status 500)"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.body);
    ScriptedServer server(On::unix_socket,
                          engine_script("1.51", [&](Connection& connection, const Request&) {
                            connection.answer(c.status, c.body, "Content-Type: x\r\n");
                          }));
    const auto engine = engine_at(server);
    for (const Error& error : failures(*engine)) {
      CHECK(error.code == "engine-refused");
      CHECK(error.why == c.why);
      check_helpful(error);
    }
    CHECK(engine->info());  // A refusal is no loss.
    CHECK(server.lines().size() == 5);
  }
}

TEST_CASE("a refused stream whose refusal never ends is over all the same") {
  ScriptedServer server(On::unix_socket,
                        engine_script("1.51", [](Connection& connection, const Request&) {
                          connection.write("HTTP/1.1 500 No\r\nContent-Length: 50000\r\n\r\n");
                          connection.drip(std::string(50000, 'x'), milliseconds(10));
                        }));
  CHECK(error_of(engine_at(server, kShort)->events({}, nullptr, [](const Event&) {}, {})).code ==
        "engine-timeout");
}

TEST_CASE("an answer beyond all bounds is no Engine's") {
  ScriptedServer server(
      On::unix_socket, engine_script("1.51", [](Connection& connection, const Request&) {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
        connection.wait_for_end();
      }));
  const auto engine = engine_at(server);
  CHECK(engine->list({}).error().code == "engine-garbage");
  CHECK(engine->inspect("ab").error().code == "engine-garbage");
}

TEST_CASE("after a loss the Engine is asked anew for its version") {
  const std::string path = "/tmp/dockhand-test-engine-" + std::to_string(getpid());
  auto first = std::make_unique<ScriptedServer>(
      On::unix_socket,
      engine_script("1.51",
                    [](Connection& connection, const Request&) { connection.answer(200, "[]"); }),
      path);
  const auto engine = engine_at(*first);
  CHECK(engine->list({}));
  CHECK(engine->info()->api == "1.51");
  first.reset();
  const Error gone = engine->list({}).error();
  CHECK(gone.code == "engine-no-socket");
  check_helpful(gone);
  const ScriptedServer second(
      On::unix_socket,
      engine_script("1.41",
                    [](Connection& connection, const Request&) { connection.answer(200, "[]"); }),
      path);
  CHECK(engine->list({}));
  CHECK(engine->info()->api == "1.41");
  CHECK(second.lines().front() == "HEAD /_ping");
  CHECK(second.lines().back().rfind("GET /v1.41/", 0) == 0);
}

TEST_CASE("many callers at once negotiate once, and share a failure") {
  std::atomic<bool> silent{false};
  ScriptedServer server(On::unix_socket, [&](Connection& connection, const Request& request) {
    if (silent) return connection.wait_for_end();
    connection.wait(milliseconds(50));
    connection.answer(200, is_ping(request) ? "" : "[]", ping_headers("1.51"));
  });
  const auto in_parallel = [&](Engine& engine) {
    std::atomic<int> good{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        if (engine.list({})) ++good;
      });
    }
    threads.clear();
    return good.load();
  };
  const auto engine = engine_at(server, std::chrono::seconds(10));
  CHECK(in_parallel(*engine) == 8);
  int pings = 0;
  for (const std::string& line : server.lines()) pings += line == "HEAD /_ping" ? 1 : 0;
  CHECK(pings == 1);

  silent = true;
  const auto patient = engine_at(server, kShort * 3);
  CHECK(in_parallel(*patient) == 0);
  pings = 0;
  for (const std::string& line : server.lines()) pings += line == "HEAD /_ping" ? 1 : 0;
  CHECK(pings == 2);
}

TEST_CASE("any call can be cancelled while it waits") {
  for (const bool agreed : {false, true}) {
    std::atomic<bool> silent{!agreed};
    ScriptedServer server(On::unix_socket, [&](Connection& connection, const Request&) {
      if (silent) return connection.wait_for_end();
      connection.answer(200, "[]", ping_headers("1.51"));
    });
    const auto engine = engine_at(server, std::chrono::seconds(60));
    if (agreed) REQUIRE(engine->info());
    silent = true;
    std::stop_source stop;
    std::jthread later([&](std::stop_token) {
      std::this_thread::sleep_for(milliseconds(50));
      stop.request_stop();
    });
    CHECK(engine->list({}, stop.get_token()).error().code == "cancelled");
    CHECK(engine->inspect("ab", stop.get_token()).error().code == "cancelled");
    CHECK(engine->events(
        {}, nullptr, [](const Event&) {}, stop.get_token()));
    if (!agreed) CHECK(engine->info(stop.get_token()).error().code == "cancelled");
    silent = false;
    CHECK(engine->list({}));
  }
}

TEST_CASE("nobody there: no socket, no daemon, no host, no TLS") {
  const auto failing = [](const std::string& host) {
    GlobalFlags flags;
    flags.host = host;
    const auto endpoint = resolve_endpoint(flags, {}, {}, io::MemoryFileSystem());
    REQUIRE(endpoint);
    const Error error =
        make_engine(*endpoint, {.timeout = std::chrono::seconds(5)})->info().error();
    check_helpful(error);
    return error;
  };
  const Error missing = failing("unix:///no/such/docker.sock");
  CHECK(missing.code == "engine-no-socket");
  CHECK(missing.what == "cannot reach the Docker Engine at unix:///no/such/docker.sock");
  CHECK(missing.why == "there is no socket /no/such/docker.sock (--host says so)");
  CHECK(failing("unix:///etc/passwd").code == "engine-no-socket");
  CHECK(failing("unix:///etc/passwd").why == "/etc/passwd is no socket (--host says so)");
  CHECK(failing("tcp://nowhere.invalid:5").code == "engine-unreachable");

  // A socket file that its server has left behind, and a port that was free a moment ago.
  const std::string path = "/tmp/dockhand-test-left-" + std::to_string(getpid());
  std::uint16_t port = 0;
  {
    const ScriptedServer unix_server(On::unix_socket, nullptr), tcp_server(On::tcp, nullptr);
    REQUIRE(link(unix_server.path().c_str(), path.c_str()) == 0);
    port = tcp_server.port();
  }
  const Error down = failing("unix://" + path);
  unlink(path.c_str());
  CHECK(down.code == "engine-down");
  CHECK(down.fix == "sudo systemctl start docker");
  CHECK(failing(fmt::format("tcp://127.0.0.1:{}", port)).code == "engine-down");
}

TEST_CASE("TLS where there is none, and none where there should be") {
  // As servers do that take the beginning of TLS for a bad request.
  const ScriptedServer plain(On::tcp, nullptr, {}, [](Connection& connection) {
    connection.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.close();
  });
  Endpoint endpoint = to(plain);
  endpoint.tls = io::TlsFiles{};
  const Error error = make_engine(endpoint, {.timeout = std::chrono::seconds(5)})->info().error();
  CHECK(error.code == "engine-tls");
  check_helpful(error);

  ScriptedServer secure(On::tcp, [](Connection& connection, const Request&) {
    connection.write(
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS "
        "server.\n");
    connection.close();
  });
  const Error wanted = engine_at(secure)->info().error();
  CHECK(wanted.code == "engine-tls");
  CHECK(wanted.fix.find("DOCKER_TLS_VERIFY=1") != std::string::npos);
}

}  // namespace dockhand::engine
