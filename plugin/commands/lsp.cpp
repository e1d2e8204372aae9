#include <fmt/format.h>

#include "base/text.h"
#include "plugin/cli/metadata.h"
#include "plugin/commands/language_server.h"
#include "plugin/commands/verbs.h"

namespace dockhand::plugin {
namespace {

constexpr std::string_view kProgram = "dockhand-lsp";

// The language server has no flags of Docker: it learns from the environment which Engine is meant.
io::Environment same_engine(const Context& context) {
  io::Environment environment = context.world().environment;
  const engine::GlobalFlags& globals = context.invocation().globals;
  if (globals.config) environment.set("DOCKER_CONFIG", *globals.config);
  if (globals.host) environment.set("DOCKER_HOST", *globals.host);
  if (globals.context) {
    environment.set("DOCKER_CONTEXT", *globals.context);
    environment.unset("DOCKER_HOST");
  }
  if (globals.tls) environment.set("DOCKER_TLS", "1");
  if (globals.tls_verify.value_or(false)) environment.set("DOCKER_TLS_VERIFY", "1");
  return environment;
}

int run(Context& context, const Parsed& given) {
  const std::string path = find_language_server(context);
  if (path.empty()) {
    return context.fail(
        {"lsp-missing", "cannot find dockhand-lsp",
         fmt::format("it is neither beside {} nor in PATH", context.world().program_path),
         "install it beside the plugin, or put its folder into PATH"});
  }
  const std::optional<std::string> other = language_server_version(context, path);
  if (other && *other != version()) {
    // On stderr: stdout belongs to the protocol.
    context.err().line(fmt::format("{}: {} is version {}, this plugin is {}",
                                   context.invocation().program(), path, *other, version()));
  }
  std::vector<std::string> argv = {path};
  argv.insert(argv.end(), given.words.begin(), given.words.end());
  io::Environment environment = same_engine(context);
  // It outlives no docker that called us, but is not cancelled by it either: its editor ends it.
  environment.unset("DOCKER_CLI_PLUGIN_SOCKET");
  return context.fail(context.world().become(argv, environment));
}

}  // namespace

const Command kLspCommand = {
    .name = "lsp",
    .summary = "Run the language server for Compose files on stdin and stdout",
    .usage = "[ARG...]",
    .description = "Editors start it; arguments are handed on to dockhand-lsp.",
    .examples = "",
    .flags = {},
    .words = Words::passed_on,
    .about_project = false,
    .run = run,
};

std::string find_language_server(Context& context) {
  const World& world = context.world();
  const std::string beside = io::join_path(io::parent_path(world.program_path), kProgram);
  if (world.files->is_file(beside)) return beside;
  return io::find_program(kProgram, world.environment);
}

std::optional<std::string> language_server_version(Context& context, const std::string& path) {
  io::ProcessRequest request;
  request.argv = {path, "--version"};
  request.environment = context.world().environment;
  request.timeout = std::chrono::seconds(2);
  const Result<io::ProcessResult> result = context.world().processes->run(request, context.stop());
  if (!result || result->exit_code != 0) return std::nullopt;
  // `dockhand-lsp 0.1.0`: the last word of the first line.
  const std::string line = first_line(result->output, 100);
  const std::size_t space = line.rfind(' ');
  return space == std::string::npos ? line : line.substr(space + 1);
}

}  // namespace dockhand::plugin
