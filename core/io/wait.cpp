#include "io/wait.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <system_error>

#include "base/text.h"

namespace dockhand::io {
namespace {

constexpr Duration kLookAgain = std::chrono::milliseconds(50);

sigset_t only_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

}  // namespace

std::string system_reason(int error) {
  std::string words = std::generic_category().message(error);
  const bool starts_as_a_word = words.size() > 1 && words[1] >= 'a' && words[1] <= 'z';
  if (starts_as_a_word) words[0] = to_lower_ascii(words.substr(0, 1))[0];
  return words;
}

WithoutSigpipe::WithoutSigpipe() {
  sigset_t before;
  const sigset_t set = only_sigpipe();
  blocked_ = pthread_sigmask(SIG_BLOCK, &set, &before) == 0 && sigismember(&before, SIGPIPE) == 0;
}

WithoutSigpipe::~WithoutSigpipe() {
  if (!blocked_) return;
  const sigset_t set = only_sigpipe();
  constexpr timespec kNoTime{};
  while (sigtimedwait(&set, nullptr, &kNoTime) == -1 && errno == EINTR) continue;
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Flag::Flag() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Flag::raise() const {
  constexpr std::uint64_t kOne = 1;
  // Fails only when the counter is full, and then the flag is up already.
  [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &kOne, sizeof kOne);
}

int poll_timeout(const std::optional<Instant>& until) {
  if (!until) return -1;
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
  return static_cast<int>(
      std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

std::optional<Instant> instant_after(Duration duration) {
  const Instant now = std::chrono::steady_clock::now();
  if (duration > Instant::max() - now) return std::nullopt;
  return now + duration;
}

Patience::Patience(std::optional<Instant> deadline, const std::stop_token& stop)
    : deadline_(deadline), stop_(stop) {
  if (!stop_.stop_possible()) return;
  flag_.emplace();
  callback_.emplace(stop_, Raise{&*flag_});
}

Instant Patience::earlier_of(Duration limit) const {
  const Instant then = instant_after(limit).value_or(Instant::max());
  return deadline_ ? std::min(*deadline_, then) : then;
}

Waited Patience::state() const {
  if (stopped()) return Waited::stopped;
  const bool over = deadline_ && std::chrono::steady_clock::now() >= *deadline_;
  return over ? Waited::timeout : Waited::ready;
}

Waited Patience::wait(int fd, short events, std::optional<Instant> until) const {
  pollfd one{fd, events, 0};
  return wait(std::span(&one, 1), until);
}

Waited Patience::wait(std::span<pollfd> fds, std::optional<Instant> until) const {
  std::array<pollfd, kMaxFds + 1> all{};
  const std::size_t count = std::min(fds.size(), kMaxFds);
  std::copy_n(fds.begin(), count, all.begin());
  all[count] = {flag_ ? flag_->fd() : -1, POLLIN, 0};
  // With no descriptor to spare there is no flag that could wake us: then we look now and again.
  const bool is_deaf = flag_ && flag_->fd() < 0;
  for (;;) {
    if (stopped()) return Waited::stopped;
    const std::optional<Instant> soon = instant_after(kLookAgain);
    const int timeout = poll_timeout(is_deaf && (!until || *soon < *until) ? soon : until);
    const int ready = poll(all.data(), count + 1, timeout);
    const int error = errno;
    if (stopped()) return Waited::stopped;
    std::copy_n(all.begin(), count, fds.begin());
    if (ready > 0) return Waited::ready;
    if (ready < 0 && error != EINTR) return Waited::timeout;
    if (until && std::chrono::steady_clock::now() >= *until) return Waited::timeout;
  }
}

}  // namespace dockhand::io
