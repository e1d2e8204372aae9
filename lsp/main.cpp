#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/engine.h"
#include "health/prober.h"
#include "io/environment.h"
#include "io/file_system.h"
#include "io/process.h"
#include "io/stdio.h"
#include "io/watch.h"
#include "lsp/check.h"
#include "lsp/options.h"
#include "lsp/server.h"
#include "lsp/world.h"

namespace {

using namespace dockhand;

constexpr std::size_t kReadSize = std::size_t{64} << 10;

int serve(const lsp::World& world) {
  lsp::Server server(
      world, [](std::string_view bytes) { return static_cast<bool>(io::write_stdout(bytes)); });
  return server.run([](const std::stop_token& stop) { return io::read_stdin(kReadSize, stop); });
}

int say(std::string_view text) { return io::write_stdout(text) ? 0 : 1; }

}  // namespace

int main(int argc, char** argv) {
  const auto options = lsp::parse_options({argv + 1, argv + argc});
  if (!options) {
    (void)io::write_stderr(
        fmt::format("dockhand-lsp: {}\n  {}\n", options.error().what, options.error().fix));
    return 2;
  }
  if (options->help) return say(lsp::help_text());
  if (options->version) return say("dockhand-lsp " DOCKHAND_VERSION "\n");

  const io::RealFileSystem files;
  io::RealProcessRunner processes;
  lsp::World world;
  world.files = &files;
  world.processes = &processes;
  world.environment = io::Environment::of_process();
  world.flags = options->flags;
  world.clock = std::make_shared<SystemClock>();
  world.prober = std::make_shared<health::NetworkProber>(*world.clock);
  world.make_engine = [](engine::Endpoint endpoint, engine::EngineOptions engine_options) {
    return std::shared_ptr<engine::Engine>(
        engine::make_engine(std::move(endpoint), std::move(engine_options)));
  };
  world.wait_for_process_end = io::wait_for_process_end;
  world.log = Logger(options->log, io::stderr_sink());
  if (!options->check.empty()) return lsp::check(options->check, world, say);
  return serve(world);
}
