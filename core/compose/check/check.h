#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "compose/loader.h"

// Everything that is wrong with a project's files, at once. Each family of rules is one file in
// this folder and one row in rules.cpp.
namespace dockhand::check {

// A port of this machine that something else holds already.
struct UsedPort {
  std::string host_ip;  // Empty: all addresses.
  std::uint16_t port = 0;
  compose::Protocol protocol = compose::Protocol::tcp;
  std::string holder;  // For people: `the container blog-web-1`.
};

struct Options {
  // What the user made of a code: another severity, or nothing to be told of it.
  std::map<std::string, std::optional<Severity>, std::less<>> severities;
  std::vector<UsedPort> used_ports;
};

// `code=severity` pairs as settings hold them: `latest-tag=off, unused-volume=warning`. What cannot
// be read is left out and named in `problems`.
std::map<std::string, std::optional<Severity>, std::less<>> parse_severities(
    std::string_view text, std::vector<std::string>& problems);

// What load() finds and all that the rules find, in the project's files, in the order of their
// places. `# dockhand: ignore CODE…` at the end of a line, or on a line of its own above it, takes
// findings of that line away (all of them when no code is named).
// Errors: those of compose::load().
Result<compose::Project> load(const compose::LoadOptions& options, const io::FileSystem& files,
                              const Options& wishes);

// One code that findings may carry; the documentation and `--list` come from these rows.
struct Code {
  std::string_view name;
  Severity severity;
  std::string_view help;  // One sentence: what it is about.
};
const std::vector<Code>& codes();

}  // namespace dockhand::check
