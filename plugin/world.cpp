#include "plugin/world.h"

#include "compose/loader.h"
#include "io/become.h"
#include "io/replace.h"

namespace dockhand::plugin {
namespace {

// PWD when it names this directory, as Go and with it Compose do it: a project in a symbolic link
// is called after the link.
std::string working_directory(const io::FileSystem& files, const io::Environment& environment) {
  const std::string real = files.real_path("/proc/self/cwd");
  const std::string& named = environment.get("PWD");
  if (named.starts_with('/') && files.real_path(named) == real) return named;
  return real;
}

std::string read_all_of_stdin() {
  std::string text;
  while (text.size() <= compose::kMaxFileSize) {
    const std::string more = io::read_stdin(std::size_t{64} << 10);
    if (more.empty()) break;
    text += more;
  }
  return text;
}

}  // namespace

void TerminalEvents::listen(Listener listener) {
  const std::lock_guard lock(mutex_);
  listener_ = std::move(listener);
}

bool TerminalEvents::tell(io::TerminalEvent event) {
  const std::lock_guard lock(mutex_);
  if (listener_) listener_(event);
  return listener_ != nullptr;
}

World real_world(const io::FileSystem& files, io::ProcessRunner& processes, std::stop_token stop,
                 std::shared_ptr<TerminalEvents> events) {
  auto clock = std::make_shared<const SystemClock>();
  io::Environment environment = io::Environment::of_process();
  std::string directory = working_directory(files, environment);
  return World{
      .files = &files,
      .processes = &processes,
      .clock = clock,
      .environment = std::move(environment),
      .working_directory = std::move(directory),
      .program_path = files.real_path("/proc/self/exe"),
      .out_is_terminal = io::stdout_is_terminal(),
      .err_is_terminal = io::stderr_is_terminal(),
      .terminal_size = io::terminal_size,
      .out = Output(io::write_stdout),
      .err = Output(io::write_stderr),
      .stop = std::move(stop),
      .terminal_events = std::move(events),
      .suspend = io::suspend_process,
      .read_stdin = read_all_of_stdin,
      .make_engine =
          [](engine::Endpoint endpoint, engine::EngineOptions options) {
            return std::shared_ptr<engine::Engine>(
                engine::make_engine(std::move(endpoint), std::move(options)));
          },
      .make_prober = [clock] { return std::make_shared<health::NetworkProber>(*clock); },
      .replace_file = io::replace_file,
      .become = io::become,
  };
}

}  // namespace dockhand::plugin
