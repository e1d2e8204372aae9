#include "lsp/server.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support.h"

// The whole server in this process, with an Engine, files and programs in memory.
namespace dockhand::lsp {
namespace {

using test::container;
using test::kPath;
using test::kUri;

constexpr const char* kText = "services:\n  web: {image: a, depends_on: [db]}\n  db: {image: b}\n";
constexpr const char* kConfigured = R"({"workspace": {"configuration": true}})";
constexpr const char* kModern = R"({
  "workspace": {"inlayHint": {"refreshSupport": true}},
  "window": {"workDoneProgress": true},
  "textDocument": {"codeAction": {"codeActionLiteralSupport": {}}}})";

struct NoProber final : health::Prober {
  health::ProbeResult probe(const health::ProbeTarget&, Duration, std::stop_token) override {
    ++asked;
    return {};
  }
  std::atomic<int> asked = 0;
};

// A server and the editor that talks to it. Every wait is bounded.
class Editor {
 public:
  Editor() {
    files.write(kPath, kText);
    world_.files = &files;
    world_.processes = &processes;
    world_.environment.set("DOCKER_HOST", "unix:///test.sock");
    world_.clock = std::make_shared<SystemClock>();
    world_.prober = prober;
    world_.make_engine = [this](engine::Endpoint, engine::EngineOptions) { return engine; };
    server_ =
        std::make_unique<Server>(world_, [this](std::string_view bytes) { return take(bytes); });
    thread_ = std::thread([this] {
      exit_code = server_->run([this](const std::stop_token& stop) { return read(stop); });
    });
  }

  ~Editor() {
    send({{"jsonrpc", "2.0"}, {"method", "exit"}});
    thread_.join();
  }

  void send(const json& message) {
    const std::lock_guard lock(mutex_);
    to_server_ += frame(message);
    changed_.notify_all();
  }
  void notify(const std::string& method, json params) {
    send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }
  json request(const std::string& method, json params) { return answer(ask(method, params)); }
  int ask(const std::string& method, json params) {
    const int id = ++ids_;
    send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
    return id;
  }
  json answer(int id) {
    return wait(
        [&](const json& m) { return m.value("id", json()) == id && !m.contains("method"); });
  }

  // The first message after the `since`th that `wanted` accepts; null after a while.
  template <class Wanted>
  json wait(const Wanted& wanted, std::size_t since = 0) {
    std::unique_lock lock(mutex_);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    for (std::size_t seen = since;;) {
      for (; seen < messages.size(); ++seen) {
        if (wanted(messages[seen])) return messages[seen];
      }
      if (!changed_.wait_until(lock, end, [&] { return messages.size() > seen; })) return {};
    }
  }
  json wait_for(const std::string& method, std::size_t since = 0) {
    return wait([&](const json& m) { return m.value("method", "") == method; }, since);
  }
  std::size_t received() {
    const std::lock_guard lock(mutex_);
    return messages.size();
  }
  std::size_t count(const std::string& method) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(messages.begin(), messages.end(),
                      [&](const json& m) { return m.value("method", "") == method; }));
  }

  void initialize(const char* capabilities = kModern) {
    REQUIRE(
        request("initialize", {{"capabilities", json::parse(capabilities)}}).contains("result"));
    notify("initialized", json::object());
  }
  void open(const std::string& uri = kUri, const std::string& text = kText) {
    notify(
        "textDocument/didOpen",
        {{"textDocument", {{"uri", uri}, {"languageId", "yaml"}, {"version", 1}, {"text", text}}}});
  }
  std::string hint(int line, const std::string& uri = kUri) {
    const json range = {{"start", {{"line", line}, {"character", 0}}},
                        {"end", {{"line", line}, {"character", 99}}}};
    const json hints = request("textDocument/inlayHint",
                               {{"textDocument", {{"uri", uri}}}, {"range", range}})["result"];
    return hints.empty() ? "" : hints[0]["label"].get<std::string>();
  }
  // The hint once it is as expected, else what it was at last.
  std::string hint_becoming(int line, const std::string& expected, const std::string& uri = kUri) {
    std::string label;
    for (int i = 0; i < 500 && (label = hint(line, uri)) != expected; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return label;
  }
  json act(const std::string& command, const std::string& service) {
    return request("workspace/executeCommand", {{"command", command},
                                                {"arguments",
                                                 {{{"project", "shop"},
                                                   {"directory", "/srv/shop"},
                                                   {"files", {kPath}},
                                                   {"service", service}}}}});
  }

  io::MemoryFileSystem files;
  std::shared_ptr<engine::MemoryEngine> engine = std::make_shared<engine::MemoryEngine>();
  std::shared_ptr<NoProber> prober = std::make_shared<NoProber>();
  io::ProcessResult outcome;
  io::ScriptedProcessRunner processes{
      [this](const io::ProcessRequest& request) -> Result<io::ProcessResult> {
        if (request.on_line) request.on_line(" Container shop-db-1  Started");
        return outcome;
      }};
  int exit_code = -1;
  std::vector<json> messages;

 private:
  std::string read(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !to_server_.empty(); });
    return std::exchange(to_server_, {});
  }
  bool take(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    frames_.feed(bytes);
    while (const auto body = frames_.next()) messages.push_back(json::parse(**body));
    changed_.notify_all();
    return true;
  }

  World world_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string to_server_;
  FrameReader frames_;
  int ids_ = 0;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

engine::Container exited_db() {
  return *container("db", [](engine::Container& one) {
    one.status = engine::ContainerStatus::exited;
    one.exit_code = 3;
    one.finished_at = test::kNow;
  });
}

TEST_CASE("an event of the Engine changes the hint, and the editor is told once") {
  Editor editor;
  editor.engine->put(*container("db"), "");
  editor.initialize();
  editor.open();
  CHECK(editor.hint_becoming(2, "● running · ↑ web") == "● running · ↑ web");
  CHECK(editor.hint_becoming(1, "○ not created") == "○ not created");
  const std::size_t before = editor.received();
  editor.engine->put(exited_db(), "die");
  CHECK_FALSE(editor.wait_for("workspace/inlayHint/refresh", before).is_null());
  CHECK(editor.hint_becoming(2, "✕ exited 3 · ↑ web") == "✕ exited 3 · ↑ web");
  const json red = editor.wait(
      [](const json& m) {
        if (m.value("method", "") != "textDocument/publishDiagnostics") return false;
        const json& all = m["params"]["diagnostics"];
        return std::any_of(all.begin(), all.end(),
                           [](const json& one) { return one["code"] == "exited"; });
      },
      before);
  CHECK_FALSE(red.is_null());
}

TEST_CASE("what changes nothing on the screen is not told") {
  Editor editor;
  editor.engine->put(*container("db"), "");
  editor.initialize();
  editor.open();
  REQUIRE(editor.hint_becoming(2, "● running · ↑ web") == "● running · ↑ web");
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  const std::size_t refreshes = editor.count("workspace/inlayHint/refresh");
  const std::size_t before = editor.received();
  for (int i = 0; i < 5; ++i) editor.engine->put(*container("db"), "rename");
  // A change that does show comes after them.
  editor.engine->put(exited_db(), "die");
  REQUIRE(editor.hint_becoming(2, "✕ exited 3 · ↑ web") == "✕ exited 3 · ↑ web");
  CHECK_FALSE(editor.wait_for("workspace/inlayHint/refresh", before).is_null());
  std::this_thread::sleep_for(std::chrono::milliseconds(400));
  CHECK(editor.count("workspace/inlayHint/refresh") == refreshes + 1);
}

TEST_CASE("two documents of two projects share one stream") {
  Editor editor;
  editor.files.write("/srv/other/compose.yaml", "services:\n  cache: {image: c}\n");
  editor.initialize();
  editor.open();
  editor.open("file:///srv/other/compose.yaml", "services:\n  cache: {image: c}\n");
  CHECK(editor.hint_becoming(2, "○ not created · ↑ web") == "○ not created · ↑ web");
  CHECK(editor.hint_becoming(1, "○ not created", "file:///srv/other/compose.yaml") ==
        "○ not created");
  CHECK(editor.engine->calls().events == 1);
}

TEST_CASE("nothing is asked of the Engine before the editor's settings are known") {
  Editor editor;
  editor.initialize(kConfigured);
  const json asked = editor.wait_for("workspace/configuration");
  editor.open();
  REQUIRE_FALSE(editor.wait_for("textDocument/publishDiagnostics").is_null());
  CHECK(editor.engine->calls() == engine::MemoryEngine::Calls{});
  editor.send(
      {{"jsonrpc", "2.0"}, {"id", asked["id"]}, {"result", {{{"hints", {{"parts", {"state"}}}}}}}});
  CHECK(editor.hint_becoming(2, "○ not created") == "○ not created");
}

TEST_CASE("an editor that never answers is not waited for") {
  Editor editor;
  editor.initialize(kConfigured);
  editor.open();
  CHECK(editor.hint_becoming(2, "○ not created · ↑ web") == "○ not created · ↑ web");
}

TEST_CASE("the running project that names the file is the one that is shown") {
  Editor editor;
  editor.engine->put(*container("db",
                                [](engine::Container& one) {
                                  one.labels["com.docker.compose.project"] = "renamed";
                                  one.labels["com.docker.compose.project.config_files"] = kPath;
                                }),
                     "");
  editor.initialize();
  editor.open();
  CHECK(editor.hint_becoming(2, "● running · ↑ web") == "● running · ↑ web");
}

TEST_CASE("starting creates what has no container, and starts what has") {
  Editor editor;
  editor.engine->put(exited_db(), "");
  editor.initialize();
  editor.open();
  REQUIRE(editor.hint_becoming(2, "✕ exited 3 · ↑ web") == "✕ exited 3 · ↑ web");
  CHECK(editor.act("dockhand.start", "db")["result"].is_null());
  CHECK(editor.act("dockhand.start", "web")["result"].is_null());
  const auto asked = editor.processes.requests();
  REQUIRE(asked.size() == 2);
  const std::vector<std::string> head = {
      "docker", "compose", "-p", "shop", "-f", kPath, "--project-directory", "/srv/shop"};
  for (const io::ProcessRequest& request : asked) {
    REQUIRE(request.argv.size() > head.size());
    CHECK(std::equal(head.begin(), head.end(), request.argv.begin()));
  }
  CHECK(asked[0].argv[head.size()] == "start");
  CHECK(asked[0].argv.back() == "db");
  CHECK(asked[1].argv[head.size()] == "up");
  CHECK(asked[1].argv.back() == "web");
  CHECK(editor.count("window/workDoneProgress/create") == 2);
  CHECK(editor.count("window/showMessage") == 0);
}

TEST_CASE("a failed action says why, once") {
  Editor editor;
  editor.outcome.exit_code = 1;
  editor.outcome.errors = "Error response from daemon: no such image: a\n";
  editor.initialize();
  CHECK(editor.act("dockhand.restart", "web")["result"].is_null());
  const json said = editor.wait_for("window/showMessage");
  CHECK(said["params"]["type"] == 1);
  CHECK(said["params"]["message"].get<std::string>().starts_with("cannot restart web: "));
  CHECK(editor.count("window/showMessage") == 1);
  const json end = editor.wait([](const json& m) {
    return m.value("method", "") == "$/progress" && m["params"]["value"]["kind"] == "end";
  });
  CHECK(end["params"]["value"]["message"] == "Failed");
}

TEST_CASE("commands that nobody knows, or with arguments that do not fit, are refused") {
  Editor editor;
  editor.initialize();
  CHECK(editor.act("dockhand.explode", "web")["error"]["code"] == -32602);
  CHECK(editor.act("dockhand.stop", "--all")["error"]["message"] ==
        "at params.arguments[0].service: expected a service's name");
  CHECK(editor.request("workspace/executeCommand",
                       {{"command", "dockhand.stop"}})["error"]["code"] == -32602);
  CHECK(editor.processes.requests().empty());
}

TEST_CASE("a lost Engine is said once, and its return too is seen") {
  Editor editor;
  editor.engine->put(*container("db"), "");
  editor.initialize();
  editor.open();
  REQUIRE(editor.hint_becoming(2, "● running · ↑ web") == "● running · ↑ web");
  const Error down{"engine-down", "cannot reach the Docker Engine", "connection refused"};
  editor.engine->fail(down);
  editor.engine->break_streams(down);
  CHECK(editor.hint_becoming(2, "? was running · ↑ web") == "? was running · ↑ web");
  CHECK(editor.hint(0) == "? cannot reach the Docker Engine");
  CHECK_FALSE(editor.wait_for("window/logMessage").is_null());
  std::this_thread::sleep_for(std::chrono::seconds(1));
  CHECK(editor.count("window/logMessage") == 1);
  CHECK(editor.count("window/showMessage") == 0);
  editor.engine->fail(std::nullopt);
  CHECK(editor.hint_becoming(2, "● running · ↑ web") == "● running · ↑ web");
  CHECK(editor.hint(0).empty());
}

TEST_CASE("a closed document is forgotten, and its Engine left alone") {
  Editor editor;
  editor.engine->put(exited_db(), "");
  editor.initialize();
  editor.open();
  REQUIRE(editor.hint_becoming(2, "✕ exited 3 · ↑ web") == "✕ exited 3 · ↑ web");
  const std::size_t before = editor.received();
  editor.notify("textDocument/didClose", {{"textDocument", {{"uri", kUri}}}});
  const json cleared = editor.wait_for("textDocument/publishDiagnostics", before);
  CHECK(cleared["params"]["diagnostics"].empty());
  editor.engine->forget_calls();
  editor.engine->put(*container("db"), "start");
  CHECK(editor.hint(2).empty());
  CHECK(editor.engine->calls().inspect == 0);
}

}  // namespace
}  // namespace dockhand::lsp
