#include "io/connection.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "base/text.h"

namespace dockhand::io {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};

using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

// The newest entry of this thread's error queue, in words.
std::string openssl_reason() {
  const char* const words = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return words ? to_lower_ascii(words) : "unknown TLS error";
}

Error unusable(std::string what) {
  return {"http-tls", "cannot use " + std::move(what), openssl_reason()};
}

Bio bio_of(const std::string& pem) {
  constexpr auto kMost = static_cast<std::size_t>(std::numeric_limits<int>::max());
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), kMost))));
}

// Instead of OpenSSL's own, which would ask on the terminal.
int no_password(char*, int, int, void*) { return -1; }

// Gives `use` every certificate of the text; false when there is none or one is not usable.
template <class Use>
bool each_certificate(const std::string& pem, Use use) {
  const Bio bio = bio_of(pem);
  std::size_t count = 0;
  for (;; ++count) {
    const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_password, nullptr));
    if (!certificate) break;
    if (!use(certificate.get(), count)) return false;
  }
  // The end of the text is told as an error, too.
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (count > 0 && at_end) ERR_clear_error();
  return count > 0 && at_end;
}

bool trust(SSL_CTX* context, const std::string& ca) {
  if (ca.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
  X509_STORE* const store = SSL_CTX_get_cert_store(context);
  return each_certificate(
      ca, [store](X509* each, std::size_t) { return X509_STORE_add_cert(store, each) == 1; });
}

bool use_certificate(SSL_CTX* context, const std::string& certificate) {
  return each_certificate(certificate, [context](X509* each, std::size_t index) {
    return index == 0 ? SSL_CTX_use_certificate(context, each) == 1
                      : SSL_CTX_add1_chain_cert(context, each) == 1;
  });
}

bool use_key(SSL_CTX* context, const std::string& pem) {
  const Bio bio = bio_of(pem);
  const Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr));
  return key && SSL_CTX_use_PrivateKey(context, key.get()) == 1 &&
         SSL_CTX_check_private_key(context) == 1;
}

// The socket as OpenSSL sees it. Its own would raise SIGPIPE on a connection that is gone.
struct Wire {
  Descriptor socket;
  bool at_end = false;
  int error = 0;
};

int wire_read(BIO* bio, char* into, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const ssize_t count = recv(wire.socket.get(), into, static_cast<std::size_t>(size), 0);
  if (count == 0) wire.at_end = true;
  if (count >= 0) return static_cast<int>(count);
  if (errno == EAGAIN || errno == EINTR) {
    BIO_set_retry_read(bio);
  } else {
    wire.error = errno;
  }
  return -1;
}

int wire_write(BIO* bio, const char* bytes, int size) {
  auto& wire = *static_cast<Wire*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto length = static_cast<std::size_t>(size);
  const ssize_t count = send(wire.socket.get(), bytes, length, MSG_NOSIGNAL);
  if (count >= 0) return static_cast<int>(count);
  if (errno == EAGAIN || errno == EINTR) {
    BIO_set_retry_write(bio);
  } else {
    wire.error = errno;
  }
  return -1;
}

long wire_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* wire_method() {
  // Lives as long as the process, as OpenSSL's own methods do.
  static BIO_METHOD* const kMethod = [] {
    BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
    BIO_meth_set_read(method, wire_read);
    BIO_meth_set_write(method, wire_write);
    BIO_meth_set_ctrl(method, wire_control);
    return method;
  }();
  return kMethod;
}

class TlsConnection final : public Connection {
 public:
  TlsConnection(Descriptor socket, Ssl ssl) : ssl_(std::move(ssl)) {
    wire_.socket = std::move(socket);
    BIO* const bio = BIO_new(wire_method());
    BIO_set_data(bio, &wire_);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio);
  }

  bool shake_hands(const Patience& patience) {
    return repeat(patience, [this] { return SSL_connect(ssl_.get()); }) > 0;
  }

  ssize_t read(char* into, std::size_t size, const Patience& patience) override {
    const int most = clamp(size);
    return repeat(patience, [&] { return SSL_read(ssl_.get(), into, most); });
  }

  bool write(std::string_view bytes, const Patience& patience) override {
    while (!bytes.empty()) {
      const int most = clamp(bytes.size());
      const int count = repeat(patience, [&] { return SSL_write(ssl_.get(), bytes.data(), most); });
      if (count <= 0) return broken() != Broken::no ? false : fail(Broken::lost, "closed");
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  // Not silence on the wire: session tickets may come at any time, and mean nothing.
  bool is_quiet() override {
    char byte = 0;
    ERR_clear_error();
    const int count = SSL_peek(ssl_.get(), &byte, 1);
    return count <= 0 && SSL_get_error(ssl_.get(), count) == SSL_ERROR_WANT_READ;
  }

 private:
  static int clamp(std::size_t size) {
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
  }

  // Repeats an operation until it is done or cannot be: more than 0, 0 at the end, -1.
  template <class Operation>
  int repeat(const Patience& patience, Operation operation) {
    while (may_go_on(patience)) {
      ERR_clear_error();
      const int result = operation();
      if (result > 0) return result;
      const int error = SSL_get_error(ssl_.get(), result);
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) {
        const short events = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
        if (!wait(wire_.socket.get(), events, patience)) return -1;
        continue;
      }
      // Many servers end without the farewell that TLS asks for.
      if (wire_.at_end && ERR_peek_error() == 0) return 0;
      record_failure();
      return -1;
    }
    return -1;
  }

  void record_failure() {
    const long verdict = SSL_get_verify_result(ssl_.get());
    if (wire_.error != 0) {
      fail(Broken::lost, system_reason(wire_.error));
    } else if (SSL_get_verify_mode(ssl_.get()) != SSL_VERIFY_NONE && verdict != X509_V_OK) {
      fail(Broken::tls, to_lower_ascii(X509_verify_cert_error_string(verdict)));
    } else if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_WRONG_VERSION_NUMBER) {
      fail(Broken::tls, "the server does not speak TLS");
    } else {
      fail(Broken::tls, openssl_reason());
    }
  }

  Wire wire_;  // Outlives ssl_, whose BIO points to it.
  Ssl ssl_;
};

bool is_address(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

// Tells the server whom we mean, and OpenSSL whom it has to prove to be.
bool name_server(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const verify = SSL_get0_param(ssl);
  if (is_address(host)) return X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 &&
         X509_VERIFY_PARAM_set1_host(verify, host.data(), host.size()) == 1;
}

std::string code_of(Broken broken) {
  switch (broken) {
    case Broken::timeout:
      return "http-timeout";
    case Broken::stopped:
      return "cancelled";
    case Broken::no:
    case Broken::lost:
    case Broken::tls:
      break;
  }
  return "http-tls";
}

}  // namespace

Result<TlsContext> TlsContext::make(const TlsFiles& files) {
  ERR_clear_error();
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  if (!context) return unusable("TLS");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), files.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  if (files.verify && !trust(context.get(), files.ca)) return unusable("the CA certificates");
  if (!files.certificate.empty() && !use_certificate(context.get(), files.certificate)) {
    return unusable("the client certificate");
  }
  if (!files.key.empty() && !use_key(context.get(), files.key)) {
    return unusable("the client certificate's key");
  }
  return TlsContext(std::move(context));
}

Result<std::unique_ptr<Connection>> TlsContext::connect(Descriptor socket, const std::string& host,
                                                        const Patience& patience) const {
  ERR_clear_error();
  const std::string what = "cannot speak TLS with " + host;
  Ssl ssl(SSL_new(context_.get()));
  if (!ssl || !name_server(ssl.get(), host)) return Error{"http-tls", what, openssl_reason()};
  auto connection = std::make_unique<TlsConnection>(std::move(socket), std::move(ssl));
  if (!connection->shake_hands(patience)) {
    const bool closed = connection->broken() == Broken::no;
    return Error{code_of(connection->broken()), what,
                 closed ? "the server closed the connection" : connection->reason()};
  }
  return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace dockhand::io
