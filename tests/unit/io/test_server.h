#pragma once

#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <netinet/in.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace dockhand::io {

// A directory that is removed with everything in it.
class TempDirectory {
 public:
  TempDirectory() {
    std::string pattern = "/tmp/dockhand-test-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  ~TempDirectory() { std::filesystem::remove_all(path_); }
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Waits for what another thread or process does soon: five seconds at most.
inline bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 500 && !condition(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return condition();
}

// True as long as a process runs: one that has ended and was not reaped does not.
inline bool is_alive(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  const std::string text((std::istreambuf_iterator<char>(status)), {});
  const std::size_t state = text.rfind(") ");
  return state != std::string::npos && text[state + 2] != 'Z';
}

// One accepted connection, as bytes: a test decides what is said on it, however wrong. It is closed
// when the handler returns.
class Peer {
 public:
  Peer(int fd, int number) : fd_(fd), number_(number) {}

  int fd() const { return fd_; }
  int number() const { return number_; }  // 1 for a server's first connection.

  bool say(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // A request's head, with its empty line; empty when the client closed instead.
  std::string hear_head() const {
    std::string head;
    char byte = 0;
    while (!head.ends_with("\r\n\r\n") && recv(fd_, &byte, 1, 0) == 1) head += byte;
    return head.ends_with("\r\n\r\n") ? head : "";
  }

  std::string hear(std::size_t size) const {
    std::string bytes(size, '\0');
    const ssize_t count = recv(fd_, bytes.data(), size, MSG_WAITALL);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  // Until the client closes.
  void hear_out() const {
    char bytes[4096];
    while (recv(fd_, bytes, sizeof bytes, 0) > 0) continue;
  }

 private:
  int fd_;
  int number_;
};

// A server on a free port of 127.0.0.1, or on a Unix socket, each of whose connections is given to
// a thread that runs the handler.
class TestServer {
 public:
  using Handler = std::function<void(const Peer&)>;

  explicit TestServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    start(reinterpret_cast<sockaddr*>(&address), size);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }

  TestServer(const std::string& path, Handler handler) : handler_(std::move(handler)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size();
    if (path[0] == '@') address.sun_path[0] = '\0';
    start(reinterpret_cast<sockaddr*>(&address), static_cast<socklen_t>(size));
  }

  ~TestServer() {
    stop();
    close(listener_);
  }

  // Closes every connection and takes no new one.
  void stop() {
    if (stopped_.exchange(true)) return;
    shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int fd : open_) shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
  }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }
  int most_at_once() const { return most_; }

 private:
  void start(const sockaddr* address, socklen_t size) {
    if (bind(listener_, address, size) != 0 || listen(listener_, 128) != 0) {
      throw std::runtime_error("cannot listen");
    }
    acceptor_ = std::thread([this] { accept_all(); });
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const int number = ++connections_;
      const std::lock_guard lock(mutex_);
      open_.push_back(fd);
      most_ = std::max(most_.load(), static_cast<int>(open_.size()));
      threads_.emplace_back([this, fd, number] {
        handler_(Peer(fd, number));
        const std::lock_guard inner(mutex_);
        std::erase(open_, fd);
        close(fd);
      });
    }
  }

  Handler handler_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
  std::atomic<int> connections_{0}, most_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace dockhand::io
