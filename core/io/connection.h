#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/descriptor.h"
#include "io/http.h"
#include "io/wait.h"

struct ssl_ctx_st;

namespace dockhand::io {

// What keeps a connection from going on.
enum class Broken { no, timeout, stopped, lost, tls };

// A connection that carries bytes both ways, in the clear or by TLS. Every wait ends with the
// patience it is given. Used inside core/io only, by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;

  // Waits for bytes: how many, 0 at the end of what the peer sends, -1 when broken() says why.
  virtual ssize_t read(char* into, std::size_t size, const Patience& patience) = 0;
  // Writes everything; false when broken() says why.
  virtual bool write(std::string_view bytes, const Patience& patience) = 0;
  // True as long as the peer has neither closed nor said a word that nobody asked for.
  virtual bool is_quiet() = 0;

  Broken broken() const { return broken_; }
  const std::string& reason() const { return reason_; }

 protected:
  bool fail(Broken broken, std::string reason);
  // Both record what ended the patience, and are true as long as nothing did. Bytes that never
  // cease need no waiting: may_go_on() is asked before every read.
  bool may_go_on(const Patience& patience) { return accept(patience.state()); }
  bool wait(int fd, short events, const Patience& patience) {
    return accept(patience.wait(fd, events));
  }

 private:
  bool accept(Waited waited);

  Broken broken_ = Broken::no;
  std::string reason_;
};

std::unique_ptr<Connection> make_plain_connection(Descriptor socket);

// What TLS needs, read once for many connections. Thread-safe once made.
class TlsContext {
 public:
  // Error `http-tls` for certificates and keys that cannot be used. Without a CA the system's are
  // trusted. A key that asks for a password is not usable: nobody is there to type it.
  static Result<TlsContext> make(const TlsFiles& files);

  // Errors `http-tls`, `http-timeout`, `cancelled`. The server must prove to be `host`, a name or
  // an address, where the files ask for verification.
  Result<std::unique_ptr<Connection>> connect(Descriptor socket, const std::string& host,
                                              const Patience& patience) const;

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}

  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace dockhand::io
