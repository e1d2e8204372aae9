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
  std::vector<UsedPort> used_ports;
};

// What compose::load() finds and all that the rules find, in the project's files, in the order of
// their places. `# dockhand: ignore CODE…` at the end of a line, or on a line of its own above it,
// takes findings of that line away (all of them when no code is named).
// Errors: those of compose::load().
Result<compose::Project> load(const compose::LoadOptions& options, const io::FileSystem& files,
                              const Options& wishes = {});

// What the user made of a code: another severity, or nothing to be told of it.
using Severities = std::map<std::string, std::optional<Severity>, std::less<>>;

// `code=severity` pairs as settings hold them: `latest-tag=off, unused-volume=warning`. What cannot
// be read is left out and named in `problems`.
Severities parse_severities(std::string_view text, std::vector<std::string>& problems);

void apply(const Severities& severities, std::vector<Finding>& findings);

// One code that findings may carry; the documentation and `--list` come from these rows.
struct Code {
  enum class Kind : std::uint8_t { plain, unused, deprecated };  // As editors show them.
  enum class Fix : std::uint8_t {
    sure,  // Changes nothing but what the finding is about.
    guess  // What the user may have meant: only to be applied on request.
  };
  std::string_view name;
  Severity severity;           // In a service that runs; see find_code().
  std::string_view help;       // One sentence: what it is about.
  std::string_view page = {};  // See documentation().
  Kind kind = Kind::plain;
  Fix fix = Fix::sure;  // What the fixes of its findings are, where they have any.
};
// Sorted by name.
const std::vector<Code>& codes();
// Null for a code that is not there.
const Code* find_code(std::string_view name);

// The address of the public documentation of what the code is about.
std::string documentation(const Code& code);

std::string_view to_string(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

// A text with fixes applied, and the edits that did it, in the order of their places; none when
// there was nothing to apply.
struct Fixed {
  std::string text;
  std::vector<TextEdit> edits;
  std::size_t fixes = 0;  // Each may be several edits.
};
// Applies the sure fixes of these findings, each whole or not at all: where several overlap the one
// that comes first.
Fixed apply_fixes(std::string_view text, const std::vector<Finding>& findings);

}  // namespace dockhand::check
