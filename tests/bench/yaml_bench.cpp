#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

#include "yaml/tree.h"

// How fast a compose file of 330 KB becomes a tree, against libyaml's event parser in the same run,
// which makes no tree. Ends with the ratio and the tree's memory, against their budgets.
namespace {

using dockhand::Range;
using dockhand::yaml::Tree;

constexpr std::size_t kSize = 330'000;

std::string compose_file() {
  std::string text =
      "name: bench\nx-common: &common\n  restart: unless-stopped\n  logging:\n    driver: "
      "json-file\n\nservices:\n";
  for (int i = 0; text.size() < kSize; ++i) {
    text += fmt::format(
        "  # Service {0} of many.\n  service-{0}:\n    <<: *common\n    image: "
        "\"registry.example.org/team/service-{0}:1.{0}\"\n    environment:\n      LOG_LEVEL: "
        "info\n "
        "     DATABASE_URL: 'postgres://user@db-{0}:5432/app'\n      GREETING: grüße\n    ports:\n "
        "     "
        "- \"{1}:8080\"\n    depends_on: [db, cache]\n    healthcheck:\n      test: [\"CMD\", "
        "\"curl\", \"-f\", \"http://localhost:8080/health\"]\n      interval: 10s\n    command: "
        ">-\n "
        "     run --port 8080\n      --name service-{0}\n",
        i, 20000 + i % 10000);
  }
  return text;
}

std::size_t count_events(const std::string& text) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) break;
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return count;
}

void set_bytes(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void libyaml_events(benchmark::State& state) {
  const std::string text = compose_file();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(count_events(text));
  set_bytes(state, text);
}
BENCHMARK(libyaml_events)->Unit(benchmark::kMicrosecond);

void parse(benchmark::State& state) {
  const std::string text = compose_file();
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(Tree::parse(text));
  set_bytes(state, text);
}
BENCHMARK(parse)->Unit(benchmark::kMicrosecond);

// A letter typed into one service.
void edit(benchmark::State& state) {
  const Tree tree = Tree::parse(compose_file());
  const auto at = static_cast<std::uint32_t>(tree.text().find("info", kSize / 2));
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(tree.edit({Range{at, at}, "x"}));
  }
}
BENCHMARK(edit)->Unit(benchmark::kMicrosecond);

void findings(benchmark::State& state) {
  const Tree tree = Tree::parse(compose_file());
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(tree.findings());
}
BENCHMARK(findings)->Unit(benchmark::kMicrosecond);

// The best of several runs by turns, in seconds: what other processes add is left out.
template <class Run>
double best_of(const Run& run, double best) {
  const auto begin = std::chrono::steady_clock::now();
  run();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return std::min(best, took.count());
}

void compare() {
  const std::string text = compose_file();
  double ours = 1e9;
  double libyaml = 1e9;
  for (int i = 0; i < 100; ++i) {
    ours = best_of([&] { benchmark::DoNotOptimize(Tree::parse(text)); }, ours);
    libyaml = best_of([&] { benchmark::DoNotOptimize(count_events(text)); }, libyaml);
  }
  const double megabytes = static_cast<double>(text.size()) / 1e6;
  constexpr double kMebibyte = 1024 * 1024;
  fmt::print(
      "\n{} bytes: tree {:.0f} MB/s, libyaml's events {:.0f} MB/s, ratio {:.2f} (budget: 1.5)\n"
      "memory of the tree: {:.2f} MiB (budget: 8)\n",
      text.size(), megabytes / ours, megabytes / libyaml, libyaml / ours,
      static_cast<double>(Tree::parse(text).memory()) / kMebibyte);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  compare();
}
