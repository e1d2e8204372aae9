#include "io/connection.h"

#include <sys/socket.h>

#include <cerrno>

namespace dockhand::io {
namespace {

class PlainConnection final : public Connection {
 public:
  explicit PlainConnection(Descriptor socket) : socket_(std::move(socket)) {}

  ssize_t read(char* into, std::size_t size, const Patience& patience) override {
    while (may_go_on(patience)) {
      const ssize_t count = recv(socket_.get(), into, size, 0);
      if (count >= 0) return count;
      if (errno == EAGAIN && !wait(socket_.get(), POLLIN, patience)) return -1;
      if (errno != EAGAIN && errno != EINTR) {
        fail(Broken::lost, system_reason(errno));
        return -1;
      }
    }
    return -1;
  }

  bool write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      const ssize_t count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
      } else if (errno == EAGAIN) {
        if (!wait(socket_.get(), POLLOUT, patience)) return false;
      } else if (errno != EINTR) {
        return fail(Broken::lost, system_reason(errno));
      }
    }
    return true;
  }

  bool is_quiet() override {
    char byte = 0;
    return recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == -1 && errno == EAGAIN;
  }

 private:
  Descriptor socket_;
};

}  // namespace

bool Connection::fail(Broken broken, std::string reason) {
  broken_ = broken;
  reason_ = std::move(reason);
  return false;
}

bool Connection::accept(Waited waited) {
  if (waited == Waited::stopped) return fail(Broken::stopped, "cancelled");
  if (waited == Waited::timeout) return fail(Broken::timeout, "no answer in time");
  return true;
}

std::unique_ptr<Connection> make_plain_connection(Descriptor socket) {
  return std::make_unique<PlainConnection>(std::move(socket));
}

}  // namespace dockhand::io
