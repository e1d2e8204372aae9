#pragma once

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "health/prober.h"
#include "io/file_system.h"
#include "io/process.h"
#include "plugin/cli/app.h"
#include "plugin/world.h"

// Every probe finds what it looks for.
class GoodProber final : public dockhand::health::Prober {
 public:
  dockhand::health::ProbeResult probe(const dockhand::health::ProbeTarget& target,
                                      dockhand::Duration, std::stop_token) override {
    dockhand::health::ProbeResult result;
    result.latency = std::chrono::milliseconds(4);
    const bool http = target.kind == dockhand::health::ProbeTarget::Kind::http;
    result.status = http ? 200 : 0;
    result.word = http ? "200" : "open";
    return result;
  }
};

// A world in memory, in which the whole program can be run. Containers, files and answers of
// programs are put there first; what was written is in `out` and `err`.
class FakeWorld {
 public:
  FakeWorld()
      : engine_(std::make_shared<dockhand::engine::MemoryEngine>()),
        clock_(std::make_shared<dockhand::ManualClock>(
            *dockhand::parse_rfc3339("2026-11-21T12:00:00Z"))) {}

  dockhand::engine::MemoryEngine& engine() { return *engine_; }
  std::vector<dockhand::io::ProcessRequest> programs() const { return processes_.requests(); }

  // Adds a running container of a service of the project `shop`, up for `age`.
  dockhand::engine::Container& add(const std::string& service,
                                   dockhand::Duration age = std::chrono::minutes(5)) {
    dockhand::engine::Container container;
    container.id = std::string(52, '0') + service +
                   std::string(12 - std::min<std::size_t>(12, service.size()), '0');
    container.name = "shop-" + service + "-1";
    container.labels = {{"com.docker.compose.project", "shop"},
                        {"com.docker.compose.service", service},
                        {"com.docker.compose.oneoff", "False"},
                        {"com.docker.compose.config-hash", "x"},
                        {"com.docker.compose.project.config_files", "/home/me/shop/compose.yaml"},
                        {"com.docker.compose.project.working_dir", "/home/me/shop"}};
    container.status = dockhand::engine::ContainerStatus::running;
    container.started_at = clock_->now() - age;
    return containers_[service] = container;
  }

  int run(std::vector<std::string> arguments) {
    for (const auto& [name, container] : containers_) engine_->put(container, "");
    out.clear();
    err.clear();
    dockhand::plugin::World world{
        .files = &files,
        .processes = &processes_,
        .clock = clock_,
        .environment = environment,
        .working_directory = working_directory,
        .program_path = "/opt/dockhand/docker-dockhand",
        .out_is_terminal = columns > 0,
        .err_is_terminal = false,
        .terminal_size = [this]() -> std::optional<dockhand::io::TerminalSize> {
          if (columns == 0) return std::nullopt;
          return dockhand::io::TerminalSize{columns, 24};
        },
        .out = dockhand::plugin::Output([this](std::string_view text) { return write(out, text); }),
        .err = dockhand::plugin::Output([this](std::string_view text) -> dockhand::Result<void> {
          err += text;
          return {};
        }),
        .stop = stop.get_token(),
        .terminal_events = std::make_shared<dockhand::plugin::TerminalEvents>(),
        .suspend = [] {},
        .read_stdin = [this] { return standard_input; },
        .make_engine = [this](auto, auto) { return engine_; },
        .make_prober = [] { return std::make_shared<GoodProber>(); },
        .replace_file = [this](const std::string& path,
                               std::string_view content) -> dockhand::Result<void> {
          files.write(path, std::string(content));
          return {};
        },
        .become =
            [this](const std::vector<std::string>& argv, const dockhand::io::Environment& given) {
              became = argv;
              became_in = given;
              return dockhand::Error{"exec-failed", "this is a test"};
            },
    };
    return dockhand::plugin::run_app(world, arguments);
  }

  dockhand::io::MemoryFileSystem files;
  dockhand::io::Environment environment{{{"LANG", "C.UTF-8"}, {"HOME", "/home/me"}}};
  std::string working_directory = "/home/me/shop";
  std::string standard_input;
  int columns = 0;  // 0: a pipe.
  std::stop_source stop;
  std::optional<dockhand::Error> write_failure;  // Of stdout.
  // What programs say, by the words of their command line.
  std::map<std::string, dockhand::io::ProcessResult> answers;

  std::string out, err;
  std::vector<std::string> became;
  dockhand::io::Environment became_in;

 private:
  dockhand::Result<void> write(std::string& to, std::string_view text) {
    if (write_failure) return *write_failure;
    to += text;
    return {};
  }

  dockhand::Result<dockhand::io::ProcessResult> answer(
      const dockhand::io::ProcessRequest& request) {
    std::string words;
    for (const std::string& word : request.argv) words += (words.empty() ? "" : " ") + word;
    const auto found = answers.find(words);
    if (found == answers.end())
      return dockhand::Error{"process-missing", "no such program: " + words};
    return found->second;
  }

  std::shared_ptr<dockhand::engine::MemoryEngine> engine_;
  std::shared_ptr<dockhand::ManualClock> clock_;
  dockhand::io::ScriptedProcessRunner processes_{
      [this](const dockhand::io::ProcessRequest& request) { return answer(request); }};
  std::map<std::string, dockhand::engine::Container> containers_;
};
