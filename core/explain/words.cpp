#include "explain/words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "explain/report.h"

namespace dockhand::explain {
namespace {

constexpr std::size_t kLineWidth = 160;   // Columns of a reason.
constexpr std::size_t kBriefWidth = 60;   // Columns of its short form.
constexpr std::size_t kMaxOutput = 4096;  // What the Engine keeps of one check.

using Words = std::pair<int, std::string_view>;
constexpr std::array<Words, 17> kExitWords = {{
    {125, "the Engine could not start it"},
    {126, "the command cannot be run"},
    {127, "command not found"},
    {129, "ended by SIGHUP"},
    {130, "interrupted (SIGINT)"},
    {131, "quit (SIGQUIT)"},
    {132, "crashed: illegal instruction (SIGILL)"},
    {133, "stopped at a breakpoint (SIGTRAP)"},
    {134, "aborted (SIGABRT)"},
    {135, "crashed: bus error (SIGBUS)"},
    {136, "crashed: arithmetic error (SIGFPE)"},
    {137, "killed (SIGKILL)"},
    {138, "ended by SIGUSR1"},
    {139, "crashed: invalid memory access (SIGSEGV)"},
    {140, "ended by SIGUSR2"},
    {141, "ended by SIGPIPE"},
    {143, "ended by SIGTERM"},
}};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

// What curl and wget tell before they tell what went wrong.
bool is_progress(std::string_view line) {
  if (contains(line, "% Total") || contains(line, "Dload  Upload")) return true;
  if (line.starts_with("Connecting to ") || line.starts_with("--20")) return true;
  return contains(line, "--:--:--") &&
         line.find_first_not_of(" 0123456789.:-kMG\r") == std::string_view::npos;
}

// `curl: (7) Failed …` without the name and number of curl's error.
std::string_view without_tool(std::string_view line) {
  if (line.starts_with("curl: (")) {
    const std::size_t end = line.find(") ");
    if (end != std::string_view::npos) return line.substr(end + 2);
  }
  if (line.starts_with("wget: ")) return line.substr(6);
  return line;
}

// The text between the first `before` and the `after` that follows it, or nothing.
std::optional<std::string_view> between(std::string_view text, std::string_view before,
                                        std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(begin + before.size());
  const std::size_t end = rest.find(after);
  if (end == std::string_view::npos) return std::nullopt;
  return rest.substr(0, end);
}

// The number after the last colon of `0.0.0.0:8080` or `[::]:8080`.
std::string_view port_of(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return {};
  std::string_view port = address.substr(colon + 1);
  port = port.substr(0, std::min(port.find_first_not_of("0123456789"), port.size()));
  return port;
}

// The host port that a message about a port in use names. The Engine has worded it in several ways:
//   Bind for 0.0.0.0:8080 failed: port is already allocated
//   failed to bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use
//   failed to bind host port 0.0.0.0:8080/tcp: address already in use
//   listen tcp4 0.0.0.0:8080: bind: address already in use
std::string_view port_in_use(std::string_view text) {
  if (!contains(text, "already allocated") && !contains(text, "already in use")) return {};
  if (const auto address = between(text, "Bind for ", " failed")) return port_of(*address);
  for (const std::string_view before : {"host port for ", "host port ", "listen tcp4 ",
                                        "listen tcp6 ", "listen tcp ", "listen udp "}) {
    const std::size_t begin = text.find(before);
    if (begin == std::string_view::npos) continue;
    std::string_view address = text.substr(begin + before.size());
    address = address.substr(0, std::min(address.find_first_of(" /"), address.size()));
    if (address.starts_with('[')) {
      const std::size_t end = address.find(']');
      return end == std::string_view::npos ? ""
                                           : port_of(address.substr(0, address.find(':', end + 2)));
    }
    const std::size_t colon = address.find(':');
    if (colon == std::string_view::npos) continue;
    return port_of(address.substr(0, address.find(':', colon + 1)));
  }
  return {};
}

// The layers through which a start error has come, each of which puts its name in front.
constexpr std::array<std::string_view, 12> kWrappings = {
    "Error response from daemon: ",
    "failed to create task for container: ",
    "failed to create shim task: ",
    "failed to start shim: ",
    "OCI runtime create failed: ",
    "OCI runtime start failed: ",
    "OCI runtime exec failed: ",
    "runc create failed: ",
    "exec failed: ",
    "unable to start container process: ",
    "error during container init: ",
    "failed to set up container networking: ",
};

std::string_view unwrap(std::string_view text) {
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view wrapping : kWrappings) {
      if (!text.starts_with(wrapping)) continue;
      text.remove_prefix(wrapping.size());
      again = true;
    }
    // runc names the line of its own source: `container_linux.go:380: starting container …`.
    const std::size_t source = text.find(".go:");
    const std::size_t space = text.find(": ", source == std::string_view::npos ? 0 : source + 4);
    if (source < text.find(' ') && space != std::string_view::npos) {
      text.remove_prefix(space + 2);
      again = true;
    }
  }
  if (text.ends_with(": unknown")) text.remove_suffix(9);
  if (text.ends_with(": unknown.")) text.remove_suffix(10);
  return trim(text);
}

// `exec: "nginx": executable file not found in $PATH` and its kin, in words.
std::string program_error(std::string_view text) {
  const auto program = between(text, "exec: \"", "\"");
  const std::string quoted = program ? fmt::format("\"{}\"", *program) : "its command";
  if (contains(text, "executable file not found")) return quoted + " is not in the image's PATH";
  if (!program && !contains(text, "exec ")) return {};
  if (contains(text, "no such file or directory")) return quoted + " is not in the image";
  if (contains(text, "permission denied")) return quoted + " may not be executed";
  if (contains(text, "is a directory")) return quoted + " is a directory";
  if (contains(text, "exec format error")) return quoted + " is for another CPU architecture";
  return {};
}

}  // namespace

std::string exit_code_meaning(int exit_code, bool oom) {
  if (oom) return "out of memory";
  const auto found = std::find_if(kExitWords.begin(), kExitWords.end(),
                                  [&](const Words& row) { return row.first == exit_code; });
  if (found != kExitWords.end()) return std::string(found->second);
  const bool other_signal = exit_code > 128 && exit_code <= 128 + 64;
  return other_signal ? fmt::format("ended by signal {}", exit_code - 128) : std::string();
}

bool ended_on_request(int exit_code) {
  return exit_code == 0 || exit_code == 130 || exit_code == 143;
}

std::string telling_line(std::string_view output) {
  const std::string_view text = trim(output.substr(0, kMaxOutput));
  if (text.starts_with('{')) {
    const health::ProbeResult report = health::judge_http({}, 503, text);
    if (!report.detail.empty()) return report.detail;
  }
  if (contains(text, "OCI runtime exec failed")) {
    const std::string program = program_error(text);
    return first_line(
        "the check cannot run: " + (program.empty() ? std::string(unwrap(text)) : program),
        kLineWidth);
  }
  for (const std::string_view line : split_lines(text)) {
    const std::string_view words = trim(line);
    if (!words.empty() && !is_progress(words)) return first_line(without_tool(words), kLineWidth);
  }
  return first_line(text, kLineWidth);
}

std::string start_error(std::string_view message) {
  const std::string_view text = trim(message.substr(0, kMaxOutput));
  if (const std::string_view port = port_in_use(text); !port.empty()) {
    return first_line(fmt::format("port {} is already in use", port), kLineWidth);
  }
  if (const std::string program = program_error(text); !program.empty()) {
    return first_line(program, kLineWidth);
  }
  constexpr std::string_view kNoSource = "bind source path does not exist: ";
  if (const std::size_t found = text.find(kNoSource); found != std::string_view::npos) {
    const std::string_view path = text.substr(found + kNoSource.size());
    return first_line(fmt::format("{} does not exist on the host", path), kLineWidth);
  }
  return first_line(unwrap(text), kLineWidth);
}

std::string shorten(std::string_view reason) {
  const std::size_t at = reason.rfind(" at ");
  if (at != std::string_view::npos && at > 0) {
    const std::string_view place = reason.substr(at + 4);
    const bool address =
        !place.empty() && (is_digit(place[0]) || place[0] == '[' || place.starts_with("localhost"));
    if (address && place.find(' ') == std::string_view::npos) reason = reason.substr(0, at);
  }
  return first_line(reason, kBriefWidth);
}

std::string times_restarted(int count) {
  return count == 1 ? "restarted once" : fmt::format("restarted {} times", count);
}

}  // namespace dockhand::explain
