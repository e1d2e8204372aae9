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
sigset_t wanted_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGWINCH);
  for (const int signal : kStopSignals) {
    struct sigaction action {};
    if (sigaction(signal, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      sigaddset(&set, signal);
    }
  }
  return set;
}

}  // namespace

// Signals are blocked in every thread, because threads inherit the mask of the one that made them,
// and read by one thread as bytes: their handlers may then do anything.
struct Signals::State {
  State(std::function<void(int)> on_stop, std::function<void()> on_resize)
      : on_stop(std::move(on_stop)), on_resize(std::move(on_resize)) {
    const sigset_t set = wanted_signals();
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
    if (signal == SIGWINCH) {
      if (on_resize) on_resize();
      return;
    }
    if (++stops >= kStopsUntilExit) _exit(kExitCode);
    if (on_stop) on_stop(signal);
  }

  std::function<void(int)> on_stop;
  std::function<void()> on_resize;
  sigset_t mask_before{};
  struct sigaction sigpipe_before {};
  Descriptor signals;
  int stops = 0;  // Of the thread alone.
  std::jthread thread;
};

Signals::Signals(std::function<void(int signal)> on_stop, std::function<void()> on_resize)
    : state_(std::make_unique<State>(std::move(on_stop), std::move(on_resize))) {}

Signals::~Signals() = default;

}  // namespace dockhand::io
