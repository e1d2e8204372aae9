#include "io/stdio.h"

#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>

#include <array>
#include <thread>

#include "io/wait.h"

namespace dockhand::io {
namespace {

constexpr std::array kStopSignals = {SIGINT, SIGTERM, SIGHUP};
constexpr int kStopsUntilExit = 3;
constexpr int kExitCode = 130;

// Those of ours that whoever started us has not told us to ignore: nohup(1) ignores SIGHUP, and a
// shell SIGINT for what runs in its background.
sigset_t wanted_signals(bool of_terminal) {
  sigset_t set;
  sigemptyset(&set);
  const auto add_unless_ignored = [&set](int signal) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&set, signal);
    }
  };
  for (const int signal : kStopSignals) add_unless_ignored(signal);
  if (of_terminal) {
    sigaddset(&set, SIGWINCH);
    add_unless_ignored(SIGTSTP);
  }
  return set;
}

}  // namespace

// Signals are blocked in every thread, because threads inherit the mask of the one that made them,
// and read by one thread as bytes: their handlers may then do anything.
struct Signals::State {
  State(std::function<void(int)> on_stop, std::function<void(TerminalEvent)> on_terminal)
      : on_stop(std::move(on_stop)), on_terminal(std::move(on_terminal)) {
    const sigset_t set = wanted_signals(this->on_terminal != nullptr);
    pthread_sigmask(SIG_BLOCK, &set, &mask_before);
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &ignore, &sigpipe_before);
    signals = Descriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  ~State() {
    thread.request_stop();
    thread.join();
    sigaction(SIGPIPE, &sigpipe_before, nullptr);
    pthread_sigmask(SIG_SETMASK, &mask_before, nullptr);
  }

  void run(const std::stop_token& stop) {
    const Patience patience(std::nullopt, stop);
    while (patience.wait(signals.get(), POLLIN) == Waited::ready) {
      signalfd_siginfo info{};
      if (::read(signals.get(), &info, sizeof info) != sizeof info) continue;
      handle(static_cast<int>(info.ssi_signo));
    }
  }

  void handle(int signal) {
    if (signal == SIGWINCH) return on_terminal(TerminalEvent::resized);
    if (signal == SIGTSTP) return on_terminal(TerminalEvent::suspend);
    if (++stops >= kStopsUntilExit) _exit(kExitCode);
    if (on_stop) on_stop(signal);
  }

  std::function<void(int)> on_stop;
  std::function<void(TerminalEvent)> on_terminal;
  sigset_t mask_before{};
  struct sigaction sigpipe_before {};
  Descriptor signals;
  int stops = 0;  // Of the thread alone.
  std::jthread thread;
};

Signals::Signals(std::function<void(int signal)> on_stop,
                 std::function<void(TerminalEvent)> on_terminal)
    : state_(std::make_unique<State>(std::move(on_stop), std::move(on_terminal))) {}

Signals::~Signals() = default;

// The signal's own effect, taken in this thread alone: the kernel knows whether there is job
// control.
void suspend_process() {
  sigset_t set, before;
  sigemptyset(&set);
  sigaddset(&set, SIGTSTP);
  ::raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &set, &before);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace dockhand::io
