#pragma once

#include <poll.h>

#include <optional>
#include <span>
#include <stop_token>

#include "base/clock.h"
#include "io/descriptor.h"

namespace dockhand::io {

// How waiting ended.
enum class Waited { ready, timeout, stopped };

// A descriptor that is readable once it has been raised, from any thread or a signal handler.
class Flag {
 public:
  Flag();
  void raise() const;
  int fd() const { return fd_.get(); }

 private:
  Descriptor fd_;
};

// How long one call may still take, and whether somebody wants it to end: every blocking wait of
// core/io goes through one of these, so that none outlives its deadline or its stop token. It
// sleeps in poll(2) without wake-ups. Used from the calling thread alone; the stop token may be
// stopped from any.
class Patience {
 public:
  // Without a deadline it waits for ever.
  Patience(std::optional<Instant> deadline, const std::stop_token& stop);

  bool stopped() const { return stop_.stop_requested(); }
  std::optional<Instant> deadline() const { return deadline_; }
  void set_deadline(std::optional<Instant> deadline) { deadline_ = deadline; }
  // This one's deadline or `limit` from now, whichever comes first.
  Instant earlier_of(Duration limit) const;

  // Whether anything is over already, without waiting: `ready` when not.
  Waited state() const;

  // Until one of `fds` (at most kMaxFds) has something to tell in its revents.
  static constexpr std::size_t kMaxFds = 7;
  Waited wait(std::span<pollfd> fds) const { return wait(fds, deadline_); }
  Waited wait(std::span<pollfd> fds, std::optional<Instant> until) const;
  Waited wait(int fd, short events) const { return wait(fd, events, deadline_); }
  Waited wait(int fd, short events, std::optional<Instant> until) const;

 private:
  struct Raise {
    const Flag* flag;
    void operator()() const { flag->raise(); }
  };

  std::optional<Instant> deadline_;
  std::stop_token stop_;
  std::optional<Flag> flag_;
  std::optional<std::stop_callback<Raise>> callback_;
};

// What poll(2) is to be given to wait until then: rounded up, so that it never returns just before
// the time and is called again in a busy loop. -1 for ever.
int poll_timeout(const std::optional<Instant>& until);

// An Instant that far from now; none when that is beyond what the clock can hold.
std::optional<Instant> instant_after(Duration duration);

}  // namespace dockhand::io
