#include "io/process.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <list>
#include <span>
#include <thread>

#include "base/text.h"
#include "io/file_system.h"
#include "io/launch.h"
#include "io/wait.h"

namespace dockhand::io {
namespace {

constexpr std::size_t kTail = std::size_t{4} << 10;  // Of stderr, as much as is kept.
constexpr std::size_t kMaxDials = 64;                // Children at once; further connections wait.
constexpr int kBacklog = 64;
constexpr Duration kGrace = std::chrono::seconds(3);  // For a child whose connection was closed.
constexpr Duration kFarewell = std::chrono::milliseconds(500);  // For all of them at the end.

// A directory of our own with a socket in it. Both go when it is destroyed.
class PrivateSocket {
 public:
  static Result<PrivateSocket> make(const Environment& environment) {
    const RealFileSystem files;
    Error error{"process-failed", "cannot make a private socket", {}};
    for (const char* const name : {"XDG_RUNTIME_DIR", "TMPDIR", ""}) {
      const std::string base = *name ? environment.get(name) : "/tmp";
      // The whole path of a socket must fit into 107 bytes.
      if (base.empty() || base.size() > 80 || !files.is_directory(base)) continue;
      std::string directory = join_path(base, "dockhand-XXXXXX");
      if (!mkdtemp(directory.data())) {
        error.why = directory + ": " + system_reason(errno);
        continue;
      }
      PrivateSocket made(directory);
      if (made.listen_there()) return made;
      error.why = made.path() + ": " + system_reason(errno);
    }
    return error;
  }

  PrivateSocket(PrivateSocket&& other) noexcept
      : directory_(std::exchange(other.directory_, {})),
        path_(std::move(other.path_)),
        listener_(std::move(other.listener_)) {}
  PrivateSocket& operator=(PrivateSocket&&) = delete;
  ~PrivateSocket() {
    if (directory_.empty()) return;
    unlink(path_.c_str());
    rmdir(directory_.c_str());
  }

  const std::string& path() const { return path_; }
  const Descriptor& listener() const { return listener_; }

 private:
  explicit PrivateSocket(std::string directory)
      : directory_(std::move(directory)), path_(directory_ + "/socket") {}

  bool listen_there() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    listener_ = Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    return listener_ &&
           bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
               0 &&
           listen(listener_.get(), kBacklog) == 0;
  }

  std::string directory_, path_;
  Descriptor listener_;
};

// One connection and the child that it is carried to. The child has the connection itself as its
// stdin and stdout, so that not a byte passes through here.
struct Dial {
  Child child;
  // Ours to see the client go. Closed only after the child's failure has been noted: so the client
  // does not see the end before last_failure() can tell the reason.
  Descriptor socket;
  Descriptor errors;
  std::string tail = {};
  bool is_wanted = true;  // Until the client goes: what the child does then is no failure.
  std::optional<Instant> kill_at = {};

  void read_errors() {
    std::array<char, 4096> buffer;
    // Bounded: as much as a pipe holds.
    for (int reads = 0; errors && reads < 64; ++reads) {
      const ssize_t count = ::read(errors.get(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return;
      if (count <= 0) return errors.close();
      tail.append(buffer.data(), static_cast<std::size_t>(count));
      if (tail.size() > kTail) tail.erase(0, tail.size() - kTail);
    }
  }

  void ask_to_end(Duration grace) {
    is_wanted = false;
    socket.close();
    child.signal_group(SIGTERM);
    kill_at = std::chrono::steady_clock::now() + grace;
  }
};

class Dialer final : public DialStdio {
 public:
  Dialer(PrivateSocket socket, std::vector<std::string> argv, Environment environment)
      : socket_(std::move(socket)),
        argv_(std::move(argv)),
        environment_(std::move(environment)),
        thread_([this] { run(); }) {}

  ~Dialer() override {
    stop_.raise();
    thread_.join();
  }

  const std::string& socket_path() const override { return socket_.path(); }

  std::string last_failure() const override {
    const std::lock_guard lock(mutex_);
    return last_failure_;
  }

 private:
  // All of it happens in this thread, which sleeps until a connection comes or goes, a child ends
  // or complains, or one has outlived its grace.
  void run() {
    for (;;) {
      std::vector<pollfd> fds = {{stop_.fd(), POLLIN, 0}};
      fds.push_back({dials_.size() < kMaxDials ? socket_.listener().get() : -1, POLLIN, 0});
      for (const Dial& dial : dials_) {
        fds.push_back({dial.child.fd(), POLLIN, 0});
        fds.push_back({dial.errors.get(), POLLIN, 0});
        fds.push_back({dial.socket.get(), 0, 0});
      }
      poll(fds.data(), fds.size(), poll_timeout(next_kill()));
      if (fds[0].revents != 0) return end_all();
      attend(std::span<const pollfd>(fds).subspan(2));
      if (fds[1].revents != 0) take_connection();
    }
  }

  void attend(std::span<const pollfd> fds) {
    std::size_t index = 0;
    for (auto dial = dials_.begin(); dial != dials_.end(); index += 3) {
      if (fds[index + 1].revents != 0) dial->read_errors();
      if (fds[index + 2].revents != 0) dial->ask_to_end(kGrace);
      if (dial->kill_at && std::chrono::steady_clock::now() >= *dial->kill_at) {
        dial->child.signal_group(SIGKILL);
        dial->kill_at.reset();
      }
      if (fds[index].revents == 0) {
        ++dial;
        continue;
      }
      finish(*dial);
      dial = dials_.erase(dial);
    }
  }

  void finish(Dial& dial) {
    dial.read_errors();
    const int code = dial.child.reap().code;
    if (dial.is_wanted && code != 0) note("exit code " + std::to_string(code), dial.tail);
  }

  void take_connection() {
    Descriptor connection =
        above_stdio(Descriptor(accept4(socket_.listener().get(), nullptr, nullptr, SOCK_CLOEXEC)));
    if (!connection) {
      // Without descriptors to spare the connection stays where it is, and would wake us at once.
      if (errno == EMFILE || errno == ENFILE) poll(nullptr, 0, 50);
      return;
    }
    std::optional<Pipe> errors = make_pipe();
    if (!errors) return note("no pipe", system_reason(errno));
    const std::string here;
    Result<Child> child =
        Child::launch({argv_, here, environment_, connection.get(), connection.get(),
                       errors->write.get(), LaunchRequest::Leads::session});
    if (!child) return note(child.error().what, child.error().why);
    make_non_blocking(errors->read);
    dials_.push_back({std::move(*child), std::move(connection), std::move(errors->read)});
  }

  // Those that do not heed SIGTERM in time are killed by their destructors.
  void end_all() {
    for (Dial& dial : dials_) dial.ask_to_end(kFarewell);
    const Patience patience(instant_after(kFarewell), {});
    for (const Dial& dial : dials_) patience.wait(dial.child.fd(), POLLIN);
    dials_.clear();
  }

  std::optional<Instant> next_kill() const {
    std::optional<Instant> next;
    for (const Dial& dial : dials_) {
      if (dial.kill_at) next = std::min(next.value_or(*dial.kill_at), *dial.kill_at);
    }
    return next;
  }

  void note(const std::string& failure, std::string_view detail) {
    const std::lock_guard lock(mutex_);
    const std::string_view words = trim(detail);
    last_failure_ = words.empty() ? failure : failure + ": " + std::string(words);
  }

  const PrivateSocket socket_;
  const std::vector<std::string> argv_;
  const Environment environment_;
  const Flag stop_;
  std::list<Dial> dials_;  // Of the thread alone.
  mutable std::mutex mutex_;
  std::string last_failure_;
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace

Result<std::unique_ptr<DialStdio>> DialStdio::open(std::vector<std::string> argv,
                                                   Environment environment) {
  Result<PrivateSocket> socket = PrivateSocket::make(environment);
  if (!socket) return socket.error();
  return std::unique_ptr<DialStdio>(
      std::make_unique<Dialer>(std::move(*socket), std::move(argv), std::move(environment)));
}

}  // namespace dockhand::io
