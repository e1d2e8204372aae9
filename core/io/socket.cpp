#include "io/socket.h"

#include <sys/socket.h>

#include <cerrno>
#include <thread>

#include "io/connect.h"
#include "io/wait.h"

namespace dockhand::io {
namespace {

std::string code_of(ConnectProblem problem) {
  switch (problem) {
    case ConnectProblem::refused:
      return "tcp-refused";
    case ConnectProblem::timeout:
      return "tcp-timeout";
    case ConnectProblem::stopped:
      return "cancelled";
    case ConnectProblem::missing:
    case ConnectProblem::denied:
    case ConnectProblem::unreachable:
      break;
  }
  return "tcp-unreachable";
}

}  // namespace

Result<Duration> probe_tcp(const std::string& host, std::uint16_t port, Duration timeout,
                           Duration settle, std::stop_token stop) {
  const std::string what = "cannot connect to " + host + ":" + std::to_string(port);
  const Patience patience(instant_after(timeout), stop);
  const Instant start = std::chrono::steady_clock::now();
  const Connected connected = connect_tcp(host, port, patience);
  const Duration latency = std::chrono::steady_clock::now() - start;
  if (!connected.socket) return Error{code_of(connected.problem), what, connected.reason};
  const int fd = connected.socket.get();
  const Waited settled = patience.wait(fd, POLLIN, patience.earlier_of(settle));
  if (settled == Waited::stopped) return Error{"cancelled", what, "cancelled"};
  if (settled == Waited::timeout) return latency;
  char byte = 0;
  if (recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0) return latency;
  return Error{"tcp-refused", what, "the connection was closed at once: nobody listens behind it"};
}

// Shared with the thread, because the callback may destroy the CancellationSocket.
struct CancellationSocket::State {
  explicit State(std::function<void()> callback) : on_cancel(std::move(callback)) {}

  std::function<void()> on_cancel;
  Descriptor socket;
  std::jthread thread;

  // Docker says nothing on this socket: only its end counts, and an error is not an end.
  void run(const std::stop_token& stop) const {
    const Patience patience(std::nullopt, stop);
    while (patience.wait(socket.get(), POLLIN) == Waited::ready) {
      char byte = 0;
      const ssize_t count = recv(socket.get(), &byte, 1, MSG_DONTWAIT);
      if (count == 0) return on_cancel();
      if (count < 0 && errno != EAGAIN && errno != EINTR) return;
    }
  }
};

CancellationSocket::CancellationSocket(const std::string& address, std::function<void()> on_cancel)
    : state_(std::make_shared<State>(std::move(on_cancel))) {
  constexpr Duration kPatience = std::chrono::seconds(1);
  if (address.empty()) return;
  Connected connected = connect_unix(address, Patience(instant_after(kPatience), {}));
  if (!connected.socket) return;
  state_->socket = std::move(connected.socket);
  state_->thread =
      std::jthread([state = state_](const std::stop_token& stop) { state->run(stop); });
}

CancellationSocket::~CancellationSocket() {
  std::jthread& thread = state_->thread;
  if (!thread.joinable()) return;
  thread.request_stop();
  // A callback's own thread cannot wait for itself: it ends soon, and takes the state with it.
  if (thread.get_id() == std::this_thread::get_id()) {
    thread.detach();
  } else {
    thread.join();
  }
}

}  // namespace dockhand::io
