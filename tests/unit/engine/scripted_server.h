#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

namespace dockhand::test {

// A server on a Unix socket of its own or a free port of 127.0.0.1, for tests of whoever speaks to
// one: each connection has a thread, which reads requests and lets a script answer them however
// badly it likes. Requests are recorded. Everything ends with the object.
class ScriptedServer {
 public:
  struct Request {
    std::string method, target;
    std::map<std::string, std::string> headers;  // Names in lower case.
  };

  // One connection, as the script sees it.
  class Connection {
   public:
    Connection(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

    // False once the other side is gone.
    bool write(std::string_view bytes) {
      while (!bytes.empty()) {
        const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
      }
      return true;
    }

    // A whole answer that keeps the connection.
    bool answer(int status, std::string_view body, std::string_view headers = {}) {
      return write(fmt::format("HTTP/1.1 {} Some\r\nContent-Length: {}\r\n{}\r\n{}", status,
                               body.size(), headers, body));
    }

    // Sends a little at a time until the other side goes, the text ends, or the server does.
    void drip(std::string_view bytes, std::chrono::milliseconds pause) {
      for (const char c : bytes) {
        if (!write({&c, 1}) || !wait(pause)) return;
      }
    }

    // False when the other side went or the server ends meanwhile.
    bool wait(std::chrono::milliseconds pause) {
      const auto until = std::chrono::steady_clock::now() + pause;
      while (std::chrono::steady_clock::now() < until) {
        if (stopping_ || is_gone()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      return true;
    }
    void wait_for_end() {
      while (wait(std::chrono::seconds(1))) continue;
    }

    void close() { shutdown(fd_, SHUT_RDWR); }

    // The head of the next request; nothing at the end of the connection.
    std::optional<std::string> read_head() {
      for (;;) {
        const std::size_t end = read_.find("\r\n\r\n");
        if (end != std::string::npos) {
          std::string head = read_.substr(0, end);
          read_.erase(0, end + 4);
          return head;
        }
        char buffer[4096];
        const ssize_t count = recv(fd_, buffer, sizeof buffer, 0);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        read_.append(buffer, static_cast<std::size_t>(count));
      }
    }

   private:
    bool is_gone() const {
      char byte;
      const ssize_t count = recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
      return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    }

    int fd_;
    const std::atomic<bool>& stopping_;
    std::string read_;
  };

  // Called for each request; the connection stays open until it is closed here or over there.
  using Script = std::function<void(Connection&, const Request&)>;
  // Called for each connection before anything is read.
  using Greeting = std::function<void(Connection&)>;

  enum class On { unix_socket, tcp };

  // `path` names the socket; empty puts it into a directory of its own.
  ScriptedServer(On on, Script script, std::string path = {}, Greeting greeting = {})
      : script_(std::move(script)), greeting_(std::move(greeting)), path_(std::move(path)) {
    if (on == On::tcp) {
      listen_on_port();
    } else {
      listen_on_path();
    }
    if (listen(listener_, 64) != 0) throw std::runtime_error("cannot listen");
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~ScriptedServer() {
    stopping_ = true;
    acceptor_.join();
    for (Client& client : clients_) shutdown(client.fd, SHUT_RDWR);
    for (Client& client : clients_) {
      client.thread.join();
      ::close(client.fd);
    }
    ::close(listener_);
    if (!path_.empty()) unlink(path_.c_str());
    if (!directory_.empty()) rmdir(directory_.c_str());
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  const std::string& path() const { return path_; }
  std::uint16_t port() const { return port_; }
  std::string docker_host() const {
    return path_.empty() ? fmt::format("tcp://127.0.0.1:{}", port_) : "unix://" + path_;
  }

  std::vector<Request> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::vector<std::string> lines() const {  // `GET /_ping`
    std::vector<std::string> lines;
    for (const Request& request : requests()) {
      lines.push_back(request.method + ' ' + request.target);
    }
    return lines;
  }
  int connections() const { return connections_; }

 private:
  struct Client {
    int fd;
    std::thread thread;
  };

  void listen_on_port() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot bind a port");
    }
    port_ = ntohs(address.sin_port);
  }

  void listen_on_path() {
    if (path_.empty()) {
      directory_ = "/tmp/dockhand-test-XXXXXX";
      if (mkdtemp(directory_.data()) == nullptr)
        throw std::runtime_error("cannot make a directory");
      path_ = directory_ + "/socket";
    }
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot bind " + path_);
    }
  }

  void accept_all() {
    while (!stopping_) {
      pollfd fd{listener_, POLLIN, 0};
      if (poll(&fd, 1, 10) <= 0) continue;
      const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (accepted < 0) continue;
      ++connections_;
      clients_.push_back({accepted, std::thread([this, accepted] { serve(accepted); })});
    }
  }

  void serve(int fd) {
    Connection connection(fd, stopping_);
    if (greeting_) greeting_(connection);
    while (const auto head = connection.read_head()) {
      const Request request = parse(*head);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      script_(connection, request);
    }
    shutdown(fd, SHUT_RDWR);
  }

  static Request parse(const std::string& head) {
    Request request;
    const std::vector<std::string_view> lines = split_lines(head);
    if (lines.empty()) return request;
    const std::vector<std::string_view> words = split(lines[0], ' ');
    request.method = words[0];
    if (words.size() > 1) request.target = words[1];
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t colon = lines[i].find(':');
      if (colon == std::string_view::npos) continue;
      request.headers[to_lower_ascii(lines[i].substr(0, colon))] = trim(lines[i].substr(colon + 1));
    }
    return request;
  }

  const Script script_;
  const Greeting greeting_;
  std::string path_, directory_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::list<Client> clients_;  // Of the acceptor until it has ended.
  mutable std::mutex mutex_;
  std::vector<Request> requests_;
  std::thread acceptor_;
};

}  // namespace dockhand::test
