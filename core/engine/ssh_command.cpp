#include "engine/ssh_command.h"

#include <fmt/format.h>

#include <string_view>

#include "base/text.h"

namespace dockhand::engine {
namespace {

// As one word of a POSIX shell. Docker prefers single quotes, and double ones around single ones.
std::string quote(std::string_view word) {
  constexpr std::string_view kSpecial = ";\"'()$|&><` \t\r\n\\#{~*?[=";
  if (word.empty()) return "''";
  if (word.find_first_of(kSpecial) == std::string_view::npos) return std::string(word);
  if (word.find('\'') == std::string_view::npos) return fmt::format("'{}'", word);
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\' || c == '`' || c == '$') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::vector<std::string> up_to_host(const Endpoint& endpoint,
                                    const std::vector<std::string>& options) {
  std::vector<std::string> argv = {"ssh"};
  if (!endpoint.user.empty()) argv.insert(argv.end(), {"-l", quote(endpoint.user)});
  if (endpoint.port != 0) argv.insert(argv.end(), {"-p", std::to_string(endpoint.port)});
  argv.insert(argv.end(), options.begin(), options.end());
  // What follows `--` is no option, whatever it looks like.
  argv.insert(argv.end(), {"--", quote(endpoint.host)});
  return argv;
}

}  // namespace

std::vector<std::string> ssh_command(const Endpoint& endpoint) {
  // One word with a space in it, which ssh takes like two.
  std::vector<std::string> argv = up_to_host(endpoint, {"-o ConnectTimeout=30", "-T"});
  const std::string host =
      endpoint.path.empty() ? std::string() : quote("--host=unix://" + endpoint.path) + ' ';
  argv.push_back(fmt::format("docker {}system dial-stdio", host));
  return argv;
}

std::string ssh_check(const Endpoint& endpoint) {
  return printable(join(up_to_host(endpoint, {}), " ") + " docker version");
}

}  // namespace dockhand::engine
