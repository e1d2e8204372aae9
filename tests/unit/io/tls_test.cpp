#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <signal.h>

#include <memory>

#include "io/http.h"
#include "io/test_server.h"

namespace dockhand::io {
namespace {

using namespace std::chrono_literals;

template <auto free>
struct Free {
  template <class T>
  void operator()(T* pointer) const {
    free(pointer);
  }
};

using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;

// A certificate with its key.
struct Identity {
  Key key;
  Certificate certificate;
};

void add_extension(X509* certificate, int nid, const char* value) {
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by `issuer`, or by itself: then it may sign others.
Identity make_identity(const char* name, const char* alternative_names,
                       const Identity* issuer = nullptr, long valid_seconds = 3600) {
  Identity made{Key(EVP_EC_gen("P-256")), Certificate(X509_new())};
  X509* const certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), issuer ? 2 : 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -7200);
  X509_gmtime_adj(X509_getm_notAfter(certificate), valid_seconds);
  X509_set_pubkey(certificate, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  const X509* const signer = issuer ? issuer->certificate.get() : certificate;
  X509_set_issuer_name(certificate, X509_get_subject_name(signer));
  if (!issuer) add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  if (*alternative_names) add_extension(certificate, NID_subject_alt_name, alternative_names);
  X509_sign(certificate, issuer ? issuer->key.get() : made.key.get(), EVP_sha256());
  return made;
}

std::string text_of(BIO* bio) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio, &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

std::string pem_of(const Certificate& certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate.get());
  return text_of(bio.get());
}

std::string pem_of(const Key& key, const char* password = nullptr) {
  const Bio bio(BIO_new(BIO_s_mem()));
  const auto* const secret = reinterpret_cast<const unsigned char*>(password);
  const int size = password ? static_cast<int>(std::string_view(password).size()) : 0;
  PEM_write_bio_PrivateKey(bio.get(), key.get(), password ? EVP_aes_128_cbc() : nullptr, secret,
                           size, nullptr, nullptr);
  return text_of(bio.get());
}

Context server_context(const Identity& identity, const Identity* client_ca = nullptr) {
  Context context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_use_certificate(context.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), identity.key.get());
  if (client_ca) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), client_ca->certificate.get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

// Speaks TLS and answers every request with `ok`.
TestServer::Handler speak_tls(SSL_CTX* context) {
  return [context](const Peer& peer) {
    // OpenSSL writes to sockets that the client has closed.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    const std::unique_ptr<SSL, Free<SSL_free>> ssl(SSL_new(context));
    SSL_set_fd(ssl.get(), peer.fd());
    // To close on what the client still sends would reset the connection, and the reason with it.
    if (SSL_accept(ssl.get()) != 1) {
      shutdown(peer.fd(), SHUT_WR);
      return peer.hear_out();
    }
    std::string heard;
    char byte = 0;
    while (SSL_read(ssl.get(), &byte, 1) == 1) {
      heard += byte;
      if (!heard.ends_with("\r\n\r\n")) continue;
      constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      SSL_write(ssl.get(), kAnswer.data(), static_cast<int>(kAnswer.size()));
    }
  };
}

HttpAddress address_of(const TestServer& server, std::string host, TlsFiles files) {
  HttpAddress address;
  address.kind = HttpAddress::Kind::tls;
  address.host = std::move(host);
  address.port = server.port();
  address.tls = std::move(files);
  return address;
}

std::string outcome(HttpClient& client, Duration timeout = 10s) {
  const Result<HttpResponse> response = client.send({.timeout = timeout});
  return response ? response->body : response.error().code + ": " + response.error().why;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a server is believed when a trusted authority vouches for its name") {
  const Identity authority = make_identity("authority", "");
  const Identity stranger = make_identity("stranger", "");
  const Identity server_identity =
      make_identity("server", "DNS:localhost,IP:127.0.0.1", &authority);
  const Identity other_identity = make_identity("other", "DNS:elsewhere.example", &authority);
  const Identity old_identity = make_identity("old", "DNS:localhost", &authority, -3600);
  const Context right = server_context(server_identity), wrong = server_context(other_identity),
                expired = server_context(old_identity);
  const std::string ca = pem_of(authority.certificate);
  const std::string other_ca = pem_of(stranger.certificate);
  struct Case {
    SSL_CTX* server;
    std::string host;
    TlsFiles files;
    std::string expected;
  };
  const std::vector<Case> cases = {
      {right.get(), "localhost", {.ca = ca}, "ok"},
      {right.get(), "127.0.0.1", {.ca = ca}, "ok"},
      {right.get(), "localhost", {.ca = other_ca + ca}, "ok"},
      {right.get(), "localhost", {.verify = false}, "ok"},
      {wrong.get(), "localhost", {.ca = ca, .verify = false}, "ok"},
      {right.get(), "localhost", {.ca = other_ca}, "http-tls: unable to get local issuer"},
      {right.get(), "localhost", {}, "http-tls: unable to get local issuer"},
      {wrong.get(), "localhost", {.ca = ca}, "http-tls: hostname mismatch"},
      {wrong.get(), "127.0.0.1", {.ca = ca}, "http-tls: ip address mismatch"},
      {expired.get(), "localhost", {.ca = ca}, "http-tls: certificate has expired"},
      {right.get(), "localhost", {.ca = "no certificate"}, "http-tls: no start line"},
      {right.get(), "localhost", {.ca = ca + ca.substr(0, 200)}, "http-tls: "},
  };
  for (const Case& each : cases) {
    CAPTURE(each.expected);
    TestServer server(speak_tls(each.server));
    const auto client = make_http_client(address_of(server, each.host, each.files));
    const std::string result = outcome(*client);
    CAPTURE(result);
    CHECK(holds(result, each.expected));
  }
}

TEST_CASE("a TLS connection is kept alive, session tickets or not") {
  const Identity authority = make_identity("authority", "");
  const Identity identity = make_identity("server", "DNS:localhost", &authority);
  const Context context = server_context(identity);
  TestServer server(speak_tls(context.get()));
  const auto client =
      make_http_client(address_of(server, "localhost", {.ca = pem_of(authority.certificate)}));
  for (int i = 0; i < 5; ++i) {
    CHECK(outcome(*client) == "ok");
    std::this_thread::sleep_for(5ms);
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a server that asks for a client's certificate gets it") {
  const Identity authority = make_identity("authority", "");
  const Identity identity = make_identity("server", "DNS:localhost", &authority);
  const Identity user = make_identity("user", "", &authority);
  const Identity impostor = make_identity("impostor", "");
  const Context context = server_context(identity, &authority);
  const std::string ca = pem_of(authority.certificate);
  struct Case {
    std::string certificate, key, expected;
  };
  const std::vector<Case> cases = {
      {pem_of(user.certificate), pem_of(user.key), "ok"},
      {pem_of(user.certificate) + ca, pem_of(user.key), "ok"},
      {"", "", "http-tls: "},
      {pem_of(impostor.certificate), pem_of(impostor.key), "http-tls: "},
      {pem_of(user.certificate), pem_of(impostor.key), "http-tls: key values mismatch"},
      {pem_of(user.certificate), "", "http-tls: "},
      {pem_of(user.certificate), "no key", "http-tls: "},
      {"no certificate", pem_of(user.key), "http-tls: no start line"},
      // Nobody is asked for the password.
      {pem_of(user.certificate), pem_of(user.key, "secret"), "http-tls: "},
  };
  for (const Case& each : cases) {
    CAPTURE(each.expected);
    TestServer server(speak_tls(context.get()));
    const auto client = make_http_client(address_of(
        server, "localhost", {.ca = ca, .certificate = each.certificate, .key = each.key}));
    const std::string result = outcome(*client);
    CAPTURE(result);
    CHECK(holds(result, each.expected));
  }
}

TEST_CASE("a server that does not speak TLS is told as such") {
  TestServer plain([](const Peer& peer) {
    peer.hear(5);
    peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  });
  CHECK(outcome(*make_http_client(address_of(plain, "localhost", {}))) ==
        "http-tls: the server does not speak TLS");
  TestServer closing([](const Peer& peer) { peer.hear(5); });
  CHECK(outcome(*make_http_client(address_of(closing, "localhost", {}))).starts_with("http-tls: "));
}

TEST_CASE("a TLS server is told as such when it is asked in the clear") {
  const Identity identity = make_identity("server", "DNS:localhost");
  const Context context = server_context(identity);
  TestServer server(speak_tls(context.get()));
  HttpAddress address = address_of(server, "localhost", {});
  address.kind = HttpAddress::Kind::tcp;
  const std::string result = outcome(*make_http_client(address));
  CHECK(result.starts_with("http-"));
  CHECK_FALSE(result.starts_with("http-timeout"));
}

TEST_CASE("a handshake that does not come ends with the deadline and with a stop") {
  TestServer server([](const Peer& peer) { peer.hear_out(); });
  const auto client = make_http_client(address_of(server, "localhost", {}));
  CHECK(outcome(*client, 200ms).starts_with("http-timeout"));
  std::stop_source stop;
  std::thread stopper([&] {
    std::this_thread::sleep_for(50ms);
    stop.request_stop();
  });
  const Result<HttpResponse> response = client->send({.timeout = 60s}, stop.get_token());
  stopper.join();
  CHECK(response.error().code == "cancelled");
}

TEST_CASE("large bodies go both ways through TLS") {
  const Identity authority = make_identity("authority", "");
  const Identity identity = make_identity("server", "DNS:localhost", &authority);
  const Context context = server_context(identity);
  std::size_t heard = 0;
  const std::string body(2'000'000, 'b');
  TestServer server([&](const Peer& peer) {
    const std::unique_ptr<SSL, Free<SSL_free>> ssl(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), peer.fd());
    if (SSL_accept(ssl.get()) != 1) return;
    std::string bytes(16384, '\0');
    while (heard < body.size()) {
      const int count = SSL_read(ssl.get(), bytes.data(), static_cast<int>(bytes.size()));
      if (count <= 0) return;
      heard += static_cast<std::size_t>(count);
    }
    // Without a length and without TLS's farewell, as many servers end.
    const std::string answer = "HTTP/1.1 200 OK\r\n\r\n" + body;
    SSL_write(ssl.get(), answer.data(), static_cast<int>(answer.size()));
  });
  const auto client =
      make_http_client(address_of(server, "localhost", {.ca = pem_of(authority.certificate)}));
  const Result<HttpResponse> response = client->send({.method = "POST", .body = body});
  REQUIRE(response);
  CHECK(response->body == body);
}

}  // namespace
}  // namespace dockhand::io
