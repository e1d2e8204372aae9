#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "check/check.h"
#include "io/file_system.h"

// check_bench FILE: how long a project takes to load, and to load with all checks, in ms, on one
// line: the medians of as many runs, taken in turn. rows_model.py holds the difference against its
// budget.
namespace {

using dockhand::Result;
using dockhand::compose::LoadOptions;
using dockhand::compose::Project;

constexpr int kRuns = 41;

template <class Function>
double milliseconds(Function function) {
  const auto began = std::chrono::steady_clock::now();
  const Result<Project> project = function();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - began;
  return project ? taken.count() : 1e9;  // A file that cannot be read must not pass for a fast one.
}

double median(std::vector<double>& samples) {
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: check_bench FILE\n");
    return 2;
  }
  const dockhand::io::RealFileSystem files;
  const LoadOptions options{.working_directory = "/", .files = {argv[1]}};
  std::vector<double> loads, checks;
  for (int i = 0; i < kRuns; ++i) {
    loads.push_back(milliseconds([&] { return dockhand::compose::load(options, files); }));
    checks.push_back(milliseconds([&] { return dockhand::check::load(options, files); }));
  }
  fmt::print("{:.3f} {:.3f}\n", median(loads), median(checks));
}
