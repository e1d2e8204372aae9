#include "lsp/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "base/human.h"
#include "base/text.h"
#include "base/unicode.h"
#include "compose/loader.h"
#include "lsp/protocol/jsonrpc.h"
#include "lsp/protocol/uri.h"
#include "lsp/server.h"

namespace dockhand::lsp {
namespace {

constexpr auto kPatience = std::chrono::seconds(30);

// Two queues between the server and the one who checks it, in place of stdin and stdout.
class Wire {
 public:
  void send(const json& message) {
    const std::lock_guard lock(mutex_);
    to_server_ += frame(message);
    changed_.notify_all();
  }

  std::string read(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, stop, [this] { return !to_server_.empty(); });
    return std::exchange(to_server_, {});
  }

  bool write(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    frames_.feed(bytes);
    while (const auto body = frames_.next()) {
      if (*body) messages_.push_back(json::parse(**body, nullptr, false));
    }
    changed_.notify_all();
    return true;
  }

  // The first message that `wanted` accepts; those before it are dropped. Nothing after kPatience.
  template <class Wanted>
  std::optional<json> wait_for(const Wanted& wanted) {
    std::unique_lock lock(mutex_);
    const Instant end = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
      while (!messages_.empty()) {
        json message = std::move(messages_.front());
        messages_.pop_front();
        if (wanted(message)) return message;
      }
      if (!changed_.wait_until(lock, end, [this] { return !messages_.empty(); })) return {};
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::string to_server_;
  FrameReader frames_;
  std::deque<json> messages_;
};

struct Tally {
  std::size_t requests = 0, failed = 0;
  Duration slowest{};
  std::string where;    // Of the slowest.
  std::string failure;  // The first.
};

class Checker {
 public:
  Checker(Wire& wire, std::string uri) : wire_(wire), uri_(std::move(uri)) {}

  bool open(const std::string& text) {
    // Everything that changes what a server answers is said to be there.
    const json capabilities = json::parse(R"({
      "general": {"positionEncodings": ["utf-8"]},
      "workspace": {"inlayHint": {"refreshSupport": true}},
      "textDocument": {"hover": {"contentFormat": ["markdown"]},
                       "codeAction": {"codeActionLiteralSupport": {}}}})");
    const bool ok = ask("initialize", {{"processId", nullptr}, {"capabilities", capabilities}}, "");
    notify("initialized", json::object());
    notify("textDocument/didOpen",
           {{"textDocument",
             {{"uri", uri_}, {"languageId", "dockercompose"}, {"version", 1}, {"text", text}}}});
    const auto published = wire_.wait_for([](const json& message) {
      return message.value("method", "") == "textDocument/publishDiagnostics";
    });
    if (published) diagnostics_ = (*published)["params"]["diagnostics"];
    return ok && published.has_value();
  }

  void try_position(std::uint32_t line, std::uint32_t column) {
    const json position = {{"line", line}, {"character", column}};
    const std::string where = fmt::format("{}:{}", line + 1, column + 1);
    ask("textDocument/hover", {{"textDocument", {{"uri", uri_}}}, {"position", position}}, where);
    ask("textDocument/codeAction",
        {{"textDocument", {{"uri", uri_}}},
         {"range", {{"start", position}, {"end", position}}},
         {"context", {{"diagnostics", diagnostics_}, {"triggerKind", 1}}}},
        where);
  }

  void try_lines(std::uint32_t begin, std::uint32_t end) {
    ask("textDocument/inlayHint",
        {{"textDocument", {{"uri", uri_}}},
         {"range",
          {{"start", {{"line", begin}, {"character", 0}}},
           {"end", {{"line", end}, {"character", 0}}}}}},
        fmt::format("{}:1", begin + 1));
  }

  void close() {
    ask("shutdown", nullptr, "");
    notify("exit", nullptr);
  }

  std::size_t diagnostics() const { return diagnostics_.size(); }
  const std::map<std::string, Tally>& tallies() const { return tallies_; }

 private:
  void notify(const char* method, json params) {
    wire_.send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
  }

  bool ask(const char* method, json params, const std::string& where) {
    const int id = ++ids_;
    const Instant begin = std::chrono::steady_clock::now();
    wire_.send({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}});
    const auto answer = wire_.wait_for([&](const json& message) {
      return message.value("id", json()) == id && !message.contains("method");
    });
    const Duration took = std::chrono::steady_clock::now() - begin;
    Tally& tally = tallies_[method];
    ++tally.requests;
    if (took > tally.slowest) {
      tally.slowest = took;
      tally.where = where;
    }
    if (answer && !answer->contains("error")) return true;
    if (tally.failed++ == 0) {
      const std::string why = answer ? (*answer)["error"].value("message", "") : "no answer";
      tally.failure = where + " " + why;
    }
    return false;
  }

  Wire& wire_;
  std::string uri_;
  int ids_ = 0;
  json diagnostics_ = json::array();
  std::map<std::string, Tally> tallies_;
};

// Every column of every line, the one behind the last included. Returns how many there were.
std::size_t try_everything(Checker& checker, const std::string& text) {
  std::size_t tried = 0;
  std::uint32_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    checker.try_lines(number, number + 50);
    for (std::uint32_t column = 0; column <= line.size(); ++column) {
      if (tried == kMaxCheckedPositions) return tried;
      checker.try_position(number, column);
      ++tried;
    }
    ++number;
  }
  return tried;
}

std::string report_of(const Checker& checker, const std::string& path, std::size_t positions) {
  std::string text = fmt::format("{}: {}, {}\n", path, human_count(positions, "position"),
                                 human_count(checker.diagnostics(), "diagnostic"));
  for (const auto& [method, tally] : checker.tallies()) {
    text += fmt::format("{:<28} {:>7} asked {:>5} failed   slowest {:>8}{}\n", method,
                        tally.requests, tally.failed, human_latency(tally.slowest),
                        tally.where.empty() ? "" : " at " + tally.where);
    if (tally.failed > 0) text += "  first failure: " + tally.failure + "\n";
  }
  return text;
}

}  // namespace

int check(const std::string& path, const World& world,
          const std::function<int(std::string_view)>& print) {
  const std::string whole = io::join_path(world.environment.get("PWD"), path);
  const Result<std::string> read = world.files->read(whole, compose::kMaxFileSize);
  if (!read) {
    print(fmt::format("{}: {}: {}\n", path, read.error().what, read.error().why));
    return 1;
  }
  // A client can send nothing but UTF-8.
  const std::string text = to_valid_utf8(*read);
  Wire wire;
  Server server(world, [&](std::string_view bytes) { return wire.write(bytes); });
  std::jthread serving(
      [&] { server.run([&](const std::stop_token& stop) { return wire.read(stop); }); });
  Checker checker(wire, uri_of_path(io::normalize_path(whole)));
  const bool opened = checker.open(text);
  const std::size_t positions = opened ? try_everything(checker, text) : 0;
  checker.close();
  serving.join();
  print(report_of(checker, path, positions));
  const bool failed = std::any_of(checker.tallies().begin(), checker.tallies().end(),
                                  [](const auto& entry) { return entry.second.failed > 0; });
  return opened && !failed ? 0 : 1;
}

}  // namespace dockhand::lsp
