#pragma once

#include <unistd.h>

#include <string>
#include <utility>

namespace dockhand::io {

// Owns one file descriptor of the system. Used inside core/io only.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

// What an errno means, in words that continue a sentence: `permission denied`.
std::string system_reason(int error);

// Keeps SIGPIPE from this thread for as long as it lives: a write to a pipe that nobody reads
// fails with EPIPE instead of ending the process, whatever the process does about the signal.
class WithoutSigpipe {
 public:
  WithoutSigpipe();
  ~WithoutSigpipe();
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;

 private:
  bool blocked_ = false;  // By this object, so that it has to undo it.
};

}  // namespace dockhand::io
