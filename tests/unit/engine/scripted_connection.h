#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"

// What a ScriptedServer hands to its script.
namespace dockhand::test {

// What was asked.
struct ScriptedRequest {
  std::string method, target;
  std::map<std::string, std::string> headers;  // Names in lower case.
};

// One connection, as the script sees it.
class ScriptedConnection {
 public:
  ScriptedConnection(int fd, const std::atomic<bool>& stopping) : fd_(fd), stopping_(stopping) {}

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

inline ScriptedRequest parse_request(const std::string& head) {
  ScriptedRequest request;
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

}  // namespace dockhand::test
