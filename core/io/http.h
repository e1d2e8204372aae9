#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace dockhand::io {

// What PEM files hold, as text (not their paths); each may be empty.
struct TlsFiles {
  std::string ca = {}, certificate = {}, key = {};
  bool verify = true;
};

struct HttpAddress {
  enum class Kind { unix_socket, tcp, tls };
  Kind kind = Kind::tcp;
  std::string path = {};  // Of the socket.
  std::string host = {};
  std::uint16_t port = 0;
  TlsFiles tls = {};
  std::string host_header =
      "localhost";  // Never empty: dockerd answers 400 to the default of a socket.
};

struct HttpRequest {
  std::string method = "GET";
  std::string target = "/";  // Path and query, encoded already.
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  Duration connect_timeout = std::chrono::seconds(2);
  // Of the whole call: waiting for a free connection, connecting, and the answer to its last byte.
  Duration timeout = std::chrono::seconds(10);
  std::size_t max_body = std::size_t{64} << 20;
};

struct HttpResponse {
  int status = 0;
  std::map<std::string, std::string> headers = {};  // Names in lower case, repeated ones joined.
  std::string body = {};
  Duration latency = {};  // From the first byte sent to the end of the body.
};

// Codes of the errors that this interface gives: `http-refused`, `http-missing` (no such socket),
// `http-denied` (no permission on the socket), `http-unreachable` (name, route, connect timeout),
// `http-timeout`, `http-tls`, `http-closed` (ended early), `http-malformed`, `http-too-large`,
// `cancelled`. `why` is the system's own reason in words.
//
// One address, one client; nothing is asked of a proxy. Thread-safe: calls are made in parallel
// over at most `max_connections` kept-alive connections; each stream has a connection of its own.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // One request and its whole answer; any status is an answer, redirects included. A GET or HEAD is
  // sent a second time when a kept-alive connection turns out to have been closed by the server.
  virtual Result<HttpResponse> send(const HttpRequest& request, std::stop_token stop = {}) = 0;

  // One request whose answer is handed on as it comes, until it ends, `on_bytes` returns false or
  // `stop` is requested (`cancelled`). request.timeout bounds only the wait for the answer's head,
  // and request.max_body does not apply: a stream may be silent, and go on, for days. `on_head` is
  // called once before the bytes and may refuse by returning false. The bytes of an answer are
  // passed from the calling thread; neither callback may throw.
  virtual Result<HttpResponse> stream(const HttpRequest& request,
                                      const std::function<bool(const HttpResponse& head)>& on_head,
                                      const std::function<bool(std::string_view)>& on_bytes,
                                      std::stop_token stop = {}) = 0;
};

std::unique_ptr<HttpClient> make_http_client(HttpAddress address, std::size_t max_connections = 8);

// Percent-encodes everything but the unreserved characters of RFC 3986.
std::string url_encode(std::string_view text);

// `scheme://host[:port][/path][?query]` in its parts; nothing when it is not of that form.
struct Url {
  std::string scheme, host;
  std::uint16_t port = 0;  // The scheme's default where none is written.
  std::string target;      // Path and query, `/` at least.
};
std::optional<Url> parse_url(std::string_view text);

}  // namespace dockhand::io
