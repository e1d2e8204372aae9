#pragma once

#include <string>
#include <utility>
#include <vector>

#include "explain/report.h"

// Hand-made reports, for renderers.
namespace reports {

using dockhand::explain::ProjectReport;
using dockhand::explain::ServiceReport;
using dockhand::explain::Tone;
using dockhand::live::State;

inline ServiceReport service(std::string name, State state, std::string word, Tone tone,
                             std::pair<std::string_view, std::string_view> symbol) {
  ServiceReport report;
  report.name = std::move(name);
  report.state = state;
  report.state_word = std::move(word);
  report.tone = tone;
  report.symbol = {symbol.first, symbol.second};
  report.containers = 1;
  return report;
}

inline ServiceReport good(std::string name, std::string health, std::string up, std::string url) {
  ServiceReport report =
      service(std::move(name), State::healthy, "healthy", Tone::good, {"●", "*"});
  report.health = std::move(health);
  report.up = std::move(up);
  if (!url.empty()) report.urls.push_back({url, "http", "localhost", 8080, 8080});
  return report;
}

// The stack of the sketches: something of everything.
inline ProjectReport shop() {
  ProjectReport project;
  project.name = "shop";
  project.files = "compose.yaml + compose.override.yaml";
  project.summary = "8 services: 4 ok, 1 unhealthy, 1 exited, 1 restarting, 1 not created";
  project.all_good = false;
  ServiceReport web = good("web", "200 in 4 ms", "2h 14m", "http://localhost:8080");
  web.latency = dockhand::health::Percentiles{
      std::chrono::milliseconds(3), std::chrono::milliseconds(11), std::chrono::milliseconds(240)};
  ServiceReport payments =
      service("payments", State::unhealthy, "unhealthy", Tone::bad, {"▲", "!"});
  payments.health = "503 in 2 ms";
  payments.up = "12m";
  payments.reason = "db: connection refused at 127.0.0.1:5432, 3 checks in a row";
  payments.urls.push_back({"http://localhost:8083", "http", "localhost", 8083, 8080});
  ServiceReport mailer = service("mailer", State::exited, "exited 137", Tone::bad, {"✕", "x"});
  mailer.up = "4m ago";
  mailer.reason =
      "out of memory at its 64 MiB limit, restarted 3 times; the last thing it said was: FATAL: "
      "could "
      "not resize the shared memory segment from 67108864 bytes to 134217728 bytes — give it more, "
      "or "
      "let it use less, and start it again";
  mailer.restarts = 3;
  ServiceReport queue = service("queue", State::restarting, "restarting 4×", Tone::bad, {"↻", "@"});
  queue.up = "2s ago";
  queue.reason = "command not found: exit code 127";
  queue.restarts = 4;
  ServiceReport worker = good("worker", "", "3d 5h", "");
  worker.containers = 3;
  worker.state_word = "running";
  ServiceReport absent =
      service("注文サービス", State::not_created, "not created", Tone::idle, {"○", "o"});
  absent.containers = 0;
  project.services = {
      web,      good("catalog", "UP in 3 ms", "2h 14m", "http://localhost:8081/products"),
      payments, good("db", "open in 1 ms", "2h 14m", "postgres://localhost:5432"),
      mailer,   queue,
      worker,   absent};
  return project;
}

}  // namespace reports
