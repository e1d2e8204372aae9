#include "plugin/cli/invocation.h"

#include <array>

namespace dockhand::plugin {
namespace {

constexpr std::array<Flag, 11> kDockerFlags = {{
    {"config", 0, FlagKind::text, "Location of client config files", Values::directories},
    {"context", 'c', FlagKind::text, "Name of the context to use to connect to the daemon"},
    {"debug", 'D', FlagKind::boolean, "Enable debug mode"},
    {"host", 'H', FlagKind::list, "Daemon socket to connect to"},
    {"log-level", 'l', FlagKind::text, "Set the logging level", Values::words,
     "debug info warn error fatal"},
    {"tls", 0, FlagKind::boolean, "Use TLS; implied by --tlsverify"},
    {"tlscacert", 0, FlagKind::text, "Trust certs signed only by this CA", Values::files},
    {"tlscert", 0, FlagKind::text, "Path to TLS certificate file", Values::files},
    {"tlskey", 0, FlagKind::text, "Path to TLS key file", Values::files},
    {"tlsverify", 0, FlagKind::boolean, "Use TLS and verify the remote"},
    {"version", 'v', FlagKind::boolean, "Print version information and quit"},
}};

constexpr std::array<Flag, 5> kProjectFlags = {{
    {"env-file", 0, FlagKind::list, "Specify an alternate environment file", Values::files},
    {"file", 'f', FlagKind::list, "Compose configuration files", Values::compose_files},
    {"profile", 0, FlagKind::list, "Specify a profile to enable", Values::profiles},
    {"project-directory", 0, FlagKind::text,
     "Specify an alternate working directory (default: the path of the first Compose file)",
     Values::directories},
    {"project-name", 'p', FlagKind::text, "Project name", Values::projects},
}};

Result<engine::GlobalFlags> globals_of(const FlagValues& flags) {
  if (flags.list("host").size() > 1) return Error{"flag-error", "specify only one -H"};
  engine::GlobalFlags globals;
  globals.config = flags.optional("config");
  globals.context = flags.optional("context");
  globals.host = flags.optional("host");
  globals.debug = flags.flag("debug");
  globals.log_level = flags.optional("log-level");
  globals.tls = flags.flag("tls");
  if (flags.has("tlsverify")) globals.tls_verify = flags.flag("tlsverify");
  globals.tls_ca = flags.optional("tlscacert");
  globals.tls_cert = flags.optional("tlscert");
  globals.tls_key = flags.optional("tlskey");
  return globals;
}

void drop_name(std::vector<std::string>& words) {
  if (!words.empty() && words.front() == kPluginName) words.erase(words.begin());
}

}  // namespace

std::span<const Flag> docker_flags() { return kDockerFlags; }
std::span<const Flag> project_flags() { return kProjectFlags; }

Result<Invocation> read_invocation(std::span<const std::string> arguments,
                                   const io::Environment& environment) {
  Invocation made;
  made.by_docker = !environment.get("DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND").empty();

  std::vector<Flag> known(kDockerFlags.begin(), kDockerFlags.end());
  if (!made.by_docker) known.insert(known.end(), kProjectFlags.begin(), kProjectFlags.end());
  Result<Parsed> parsed = parse_flags(known, arguments, Order::known_flags_first);
  if (!parsed) return parsed.error();
  Result<engine::GlobalFlags> globals = globals_of(parsed->flags);
  if (!globals) return globals.error();
  made.globals = std::move(*globals);
  for (const Flag& flag : kProjectFlags) {
    for (std::string& value : parsed->flags.list(flag.name)) {
      made.project_flags.add(flag.name, std::move(value));
    }
  }

  std::vector<std::string>& words = parsed->words;
  const std::string first = words.empty() ? std::string() : words.front();
  if (first == "__complete" || first == "__completeNoDesc") {
    made.kind = first == "__complete" ? Invocation::Kind::complete
                                      : Invocation::Kind::complete_without_descriptions;
    words.erase(words.begin());
    // Docker's own completion names us; the script of distributions does not. A single word is the
    // one being completed.
    if (words.size() > 1) drop_name(words);
    made.arguments = std::move(words);
    return made;
  }
  if (first == kPluginName) made.by_docker = true;
  const bool asks_help =
      parsed->help ||
      (first == "help" && (words.size() < 2 || words[1] == kPluginName || !made.by_docker));
  if (asks_help) {
    made.kind = Invocation::Kind::help;
    if (first == "help") words.erase(words.begin());
    if (!words.empty() && words.front() == kPluginName) made.by_docker = true;
    drop_name(words);
    made.arguments = std::move(words);
    return made;
  }
  if (parsed->flags.flag("version")) made.kind = Invocation::Kind::version;
  drop_name(words);
  made.arguments = std::move(words);
  return made;
}

}  // namespace dockhand::plugin
