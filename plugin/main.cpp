#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "io/file_system.h"
#include "io/process.h"
#include "plugin/cli/app.h"
#include "plugin/cli/cancellation.h"
#include "plugin/cli/metadata.h"
#include "plugin/world.h"

int main(int argc, char** argv) {
  using namespace dockhand;
  // Docker asks this twice for every command of ours, and once for each `docker --help`: it comes
  // before any other work.
  if (argc == 2 && argv[1] == plugin::kMetadataCommand) {
    const std::string_view text = plugin::metadata();
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
  }
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const io::RealFileSystem files;
  io::RealProcessRunner processes;
  plugin::Cancellation cancellation(io::Environment::of_process());
  plugin::World world =
      plugin::real_world(files, processes, cancellation.token(), cancellation.terminal_events());
  // Not a return, which would end the handling of signals first: the same Ctrl-C may arrive once
  // more, from the terminal after docker's socket, and must not kill us on the way out.
  std::exit(plugin::run_app(world, arguments));
}
