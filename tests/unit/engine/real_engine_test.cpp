// Against real Engines, those that DOCKHAND_TEST_ENGINES names (their docker hosts, with spaces
// between). Everything made there carries this process's id and is removed again.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/text.h"
#include "engine/engine.h"
#include "engine/ping.h"
#include "engine/scripted_server.h"
#include "io/http.h"
#include "io/process.h"

namespace dockhand::engine {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using std::chrono::milliseconds;

// Stays until SIGTERM; is healthy until SIGUSR1.
constexpr const char* kProgram = R"(
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
static void sicken(int number) { (void)number; close(creat("/sick", 0600)); }
static void end(int number) { (void)number; _exit(7); }
int main(int count, char** words) {
  if (count > 1 && strcmp(words[1], "check") == 0) {
    int sick = access("/sick", F_OK) == 0;
    (void)!write(1, sick ? "sick\n" : "fine\n", 5);
    return sick;
  }
  signal(SIGUSR1, sicken);
  signal(SIGTERM, end);
  for (;;) pause();
}
)";

std::string compiled_program() {
  std::string directory = "/tmp/dockhand-test-cc-XXXXXX";
  REQUIRE(mkdtemp(directory.data()) != nullptr);
  std::ofstream(directory + "/probe.c") << kProgram;
  io::ProcessRequest request;
  request.argv = {"cc", "-O1", "-static", "-s", "-o", directory + "/probe", directory + "/probe.c"};
  request.environment = io::Environment::of_process();
  const auto result = io::RealProcessRunner().run(request);
  REQUIRE_MESSAGE(result, "this test needs a C compiler");
  REQUIRE_MESSAGE(result->exit_code == 0, result->errors);
  std::ostringstream program;
  program << std::ifstream(directory + "/probe", std::ios::binary).rdbuf();
  fs::remove_all(directory);
  return program.str();
}

// A tar archive (POSIX.1-1988, ustar) with this one program in it.
std::string tar_of(const std::string& name, const std::string& content) {
  constexpr std::size_t kBlock = 512;
  std::string header(kBlock, '\0');
  const auto put = [&](std::size_t at, const std::string& text) {
    header.replace(at, text.size(), text);
  };
  put(0, name);
  put(100, "0000755");
  put(108, "0000000");
  put(116, "0000000");
  put(124, fmt::format("{:011o}", content.size()));
  put(136, "00000000000");
  put(148, std::string(8, ' '));
  put(156, "0");
  put(257, std::string("ustar\0"
                       "00",
                       8));
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, fmt::format("{:06o}", sum) + std::string("\0 ", 2));
  const std::size_t padding = (kBlock - content.size() % kBlock) % kBlock;
  return header + content + std::string(padding + 2 * kBlock, '\0');
}

// The program's archive, made once for all tests of this run.
const std::string& archive() {
  static const std::string tar = tar_of("probe", compiled_program());
  return tar;
}

std::vector<std::string> hosts() {
  const io::Environment environment = io::Environment::of_process();
  std::vector<std::string> hosts;
  for (const std::string_view word : split(environment.get("DOCKHAND_TEST_ENGINES"), ' ')) {
    if (!word.empty()) hosts.emplace_back(word);
  }
  REQUIRE_MESSAGE(!hosts.empty(),
                  "set DOCKHAND_TEST_ENGINES to the docker hosts of Engines that tests may use, "
                  "such as unix:///var/run/docker.sock");
  return hosts;
}

// One real Engine, asked past our own code, and an image on it.
class Real {
 public:
  explicit Real(const std::string& host) {
    GlobalFlags flags;
    flags.host = host;
    const auto resolved = resolve_endpoint(flags, {}, {}, io::RealFileSystem());
    REQUIRE(resolved);
    endpoint = *resolved;
    io::HttpAddress address;
    address.kind = endpoint.transport == Transport::unix_socket ? io::HttpAddress::Kind::unix_socket
                                                                : io::HttpAddress::Kind::tcp;
    address.path = endpoint.path;
    address.host = endpoint.host;
    address.port = endpoint.port;
    client_ = io::make_http_client(address);
    ask("POST", "/images/create?fromSrc=-&repo=" + image, archive(), 200);
  }
  // What cannot be removed is left: the test has failed already.
  ~Real() {
    for (const std::string& name : made_) {
      (void)try_ask("DELETE", "/containers/" + name + "?force=1", "");
    }
    (void)try_ask("DELETE", "/networks/" + project, "");
    (void)try_ask("DELETE", "/images/" + image + "?force=1", "");
  }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;

  std::string ask(const std::string& method, const std::string& path, const std::string& body,
                  int status) {
    const auto answer = try_ask(method, path, body);
    REQUIRE_MESSAGE(answer, answer.error().why);
    REQUIRE_MESSAGE(answer->status == status, answer->body);
    return answer->body;
  }

  // A network of our own: the default bridge may be another Engine's on the same machine.
  void create_network() {
    ask("POST", "/networks/create", Json{{"Name", project}, {"CheckDuplicate", true}}.dump(), 201);
  }

  std::string create(const std::string& service, const Json& more) {
    const std::string name = fmt::format("{}-{}-1", project, service);
    Json config = {{"Image", image},
                   {"Cmd", Json::array({"/probe"})},
                   {"Labels",
                    {{std::string(label::kProject), project},
                     {std::string(label::kService), service},
                     {std::string(label::kOneOff), "False"}}}};
    config.update(more);
    made_.push_back(name);
    const std::string made = ask("POST", "/containers/create?name=" + name, config.dump(), 201);
    return Json::parse(made)["Id"];
  }
  void act(const std::string& id, const std::string& action) {
    ask("POST", "/containers/" + id + "/" + action, "", 204);
  }

  const std::string project = fmt::format("dockhandtest{}", getpid());
  const std::string image = project;
  Endpoint endpoint;

 private:
  Result<io::HttpResponse> try_ask(const std::string& method, const std::string& path,
                                   const std::string& body) {
    io::HttpRequest request;
    request.method = method;
    request.target = path;
    request.body = body;
    request.headers["Content-Type"] =
        path.rfind("/images", 0) == 0 ? "application/x-tar" : "application/json";
    request.timeout = std::chrono::seconds(60);
    return client_->send(request);
  }

  std::unique_ptr<io::HttpClient> client_;
  std::vector<std::string> made_;
};

// Notes the events of one container on a thread of its own.
class Watcher {
 public:
  Watcher(Engine& engine, std::string id, std::optional<Time> since)
      : id_(std::move(id)), thread_([this, &engine, since](std::stop_token stop) {
          const auto result = engine.events(
              since, [this] { opened_ = true; }, [this](const Event& event) { note(event); }, stop);
          if (!result) note_failure(result.error());
        }) {
    REQUIRE(eventually([this] { return opened_.load(); }));
  }

  template <class Condition>
  static bool eventually(Condition condition) {
    for (int i = 0; i < 6000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(milliseconds(5));
    }
    return false;
  }

  bool sees(const std::string& what) {
    return eventually([&] {
      const std::lock_guard lock(mutex_);
      return std::find(words_.begin(), words_.end(), what) != words_.end();
    });
  }
  std::vector<std::string> words() const {
    const std::lock_guard lock(mutex_);
    return words_;
  }
  std::vector<Event> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }
  // How long the stream takes to end after it was told to.
  Duration stop() {
    const auto begin = std::chrono::steady_clock::now();
    thread_.request_stop();
    thread_.join();
    return std::chrono::steady_clock::now() - begin;
  }

 private:
  void note(const Event& event) {
    if (event.id != id_) return;
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    words_.push_back(event.detail.empty() ? event.action : event.action + " " + event.detail);
  }
  void note_failure(const Error& error) {
    const std::lock_guard lock(mutex_);
    words_.push_back(error.code + ": " + error.why);
  }

  const std::string id_;
  std::atomic<bool> opened_{false};
  mutable std::mutex mutex_;
  std::vector<std::string> words_;
  std::vector<Event> events_;
  std::jthread thread_;
};

// A port that was free a moment ago.
std::uint16_t free_port() {
  return test::ScriptedServer(test::ScriptedServer::On::tcp, nullptr).port();
}

Json with_health_check() {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return {{"HostConfig", {{"NetworkMode", "none"}}},
          {"Healthcheck",
           {{"Test", {"CMD", "/probe", "check"}}, {"Interval", kSecond}, {"Retries", 1}}}};
}

}  // namespace

TEST_SUITE_BEGIN("real engine");

TEST_CASE("a real Engine says what it is") {
  for (const std::string& host : hosts()) {
    CAPTURE(host);
    const Real real(host);
    const auto engine = make_engine(real.endpoint, {});
    const auto info = engine->info();
    REQUIRE_MESSAGE(info, info.error().why);
    CHECK_FALSE(info->version.empty());
    CHECK(info->os == "linux");
    const auto version = parse_api_version(info->api);
    REQUIRE(version);
    CHECK(*version >= *parse_api_version(kOldestApi));
    CHECK(*version <= *parse_api_version(kNewestApi));
    CHECK(engine->inspect("dockhand-no-such-container").error().code == "container-missing");
    CHECK(make_engine(real.endpoint, {.api_version = "1.99"})->list({}).error().code ==
          "engine-too-old");
    CHECK(make_engine(real.endpoint, {.api_version = "1.1"})->list({}).error().code ==
          "engine-too-new");
  }
}

TEST_CASE("a real Engine's containers are listed and inspected") {
  for (const std::string& host : hosts()) {
    CAPTURE(host);
    Real real(host);
    const auto engine = make_engine(real.endpoint, {});
    const std::uint16_t port = free_port();
    real.create_network();
    const Json config = {
        {"ExposedPorts", {{"80/tcp", Json::object()}, {"81/udp", Json::object()}}},
        {"HostConfig",
         {{"NetworkMode", real.project},
          {"Memory", 64 << 20},
          {"RestartPolicy", {{"Name", "on-failure"}}},
          {"PortBindings",
           {{"80/tcp", Json::array({Json{{"HostPort", std::to_string(port)}}})}}}}}};
    const std::string web = real.create("web", config);
    const std::string job = real.create(
        "job",
        {{"Cmd", {"/probe", "check"}}, {"Tty", true}, {"HostConfig", {{"NetworkMode", "none"}}}});
    const Container created = *engine->inspect(web);
    CHECK(created.status == ContainerStatus::created);
    CHECK_FALSE(created.started_at);
    CHECK_FALSE(created.finished_at);
    real.act(web, "start");
    real.act(job, "start");
    REQUIRE(Watcher::eventually(
        [&] { return engine->inspect(job)->status == ContainerStatus::exited; }));

    const auto list = engine->list({.project = real.project});
    REQUIRE(list);
    CHECK(list->size() == 2);
    const auto all = engine->list({});
    REQUIRE(all);
    CHECK(std::count_if(all->begin(), all->end(),
                        [&](const ContainerSummary& row) { return row.id == web; }) == 1);

    const Container running = *engine->inspect(web);
    CHECK(running.id == web);
    CHECK(running.name == real.project + "-web-1");
    CHECK(running.project() == real.project);
    CHECK(running.service() == "web");
    CHECK(running.image == real.image);
    CHECK(running.image_id.rfind("sha256:", 0) == 0);
    CHECK(running.running());
    CHECK(running.started_at);
    CHECK(*running.started_at >= *running.created_at);
    CHECK_FALSE(running.health);
    CHECK(running.memory_limit == 64u << 20);
    CHECK(running.restart_policy == "on-failure");
    CHECK(running.command == std::vector<std::string>{"/probe"});
    CHECK(running.networks.count(real.project) == 1);
    CHECK_FALSE(running.networks.at(real.project).empty());
    REQUIRE(running.ports.size() == 1);
    CHECK(running.ports[0] == PublishedPort{"0.0.0.0", port, 80, "tcp"});

    const Container ended = *engine->inspect(job);
    CHECK(ended.exit_code == 0);
    CHECK(ended.tty);
    CHECK(ended.finished_at);
    real.act(web, "pause");
    CHECK(engine->inspect(web)->status == ContainerStatus::paused);
    real.act(web, "unpause");
    real.act(web, "kill");
    CHECK(engine->inspect(web)->exit_code == 137);
  }
}

TEST_CASE("a real Engine's events are heard, and heard again from a moment on") {
  for (const std::string& host : hosts()) {
    CAPTURE(host);
    Real real(host);
    const auto engine = make_engine(real.endpoint, {});
    const std::string id = real.create("web", with_health_check());
    Watcher watcher(*engine, id, {});
    real.act(id, "start");
    CHECK(watcher.sees("start"));
    CHECK(watcher.sees("health_status healthy"));
    CHECK(engine->inspect(id)->believed_health()->status == HealthStatus::healthy);
    real.act(id, "kill?signal=USR1");
    CHECK(watcher.sees("kill"));
    CHECK(watcher.sees("health_status unhealthy"));
    const auto health = engine->inspect(id)->believed_health();
    REQUIRE(health);
    CHECK(health->status == HealthStatus::unhealthy);
    CHECK(health->failing_streak >= 1);
    REQUIRE_FALSE(health->log.empty());
    CHECK(health->log.back().output == "sick\n");
    CHECK(health->log.back().exit_code == 1);
    CHECK(health->log.back().end >= health->log.back().start);
    real.act(id, "stop");
    CHECK(watcher.sees("die"));
    CHECK(watcher.sees("stop"));
    CHECK(engine->inspect(id)->health);
    CHECK_FALSE(engine->inspect(id)->believed_health());

    const std::vector<Event> events = watcher.events();
    const auto died = std::find_if(events.begin(), events.end(),
                                   [](const Event& event) { return event.action == "die"; });
    REQUIRE(died != events.end());
    CHECK(died->type == "container");
    CHECK(died->attributes.at("exitCode") == "7");
    CHECK(died->attributes.at(std::string(label::kService)) == "web");
    // Every health check is an exec, and none of them comes through.
    for (const Event& event : events) CHECK(event.action.rfind("exec", 0) == std::string::npos);
    CHECK(std::is_sorted(events.begin(), events.end(),
                         [](const Event& a, const Event& b) { return a.time < b.time; }));

    // The moment itself included, nothing before it. `stop` comes on either side of `die`.
    Watcher again(*engine, id, died->time);
    const auto later = static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(),
                      [&](const Event& event) { return event.time >= died->time; }));
    CHECK(Watcher::eventually([&] { return again.words().size() == later; }));
    CHECK(again.events().front().time == died->time);
    real.ask("DELETE", "/containers/" + id, "", 204);
    CHECK(watcher.sees("destroy"));
    CHECK(again.sees("destroy"));
    for (const std::string& word : watcher.words()) CHECK(word.rfind("engine-", 0) != 0);
  }
}

TEST_CASE("a real Engine's stream ends as soon as it is told to") {
  for (const std::string& host : hosts()) {
    CAPTURE(host);
    const Real real(host);
    const auto engine = make_engine(real.endpoint, {});
    // The machine may be busy with something else for once; it is not for five times.
    Duration best = std::chrono::seconds(60);
    for (int i = 0; i < 5; ++i) best = std::min(best, Watcher(*engine, {}, {}).stop());
    CHECK(best < milliseconds(50));
  }
}

TEST_SUITE_END();

}  // namespace dockhand::engine
