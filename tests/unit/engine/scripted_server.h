#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "engine/scripted_connection.h"

namespace dockhand::test {

// A server on a Unix socket of its own or a free port of 127.0.0.1, for tests of whoever speaks to
// one: each connection has a thread, which reads requests and lets a script answer them however
// badly it likes. Requests are recorded. Everything ends with the object.
class ScriptedServer {
 public:
  using Connection = ScriptedConnection;
  using Request = ScriptedRequest;

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
      const Request request = parse_request(*head);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
      }
      script_(connection, request);
    }
    shutdown(fd, SHUT_RDWR);
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
