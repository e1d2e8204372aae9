#include <doctest/doctest.h>

#include <vector>

#include "io/http.h"

namespace dockhand::io {
namespace {

TEST_CASE("everything but the unreserved is encoded") {
  CHECK(url_encode("azAZ09-._~") == "azAZ09-._~");
  CHECK(url_encode("a b/c?d&e=f%") == "a%20b%2Fc%3Fd%26e%3Df%25");
  CHECK(url_encode("\u00e4\n") == "%C3%A4%0A");
  CHECK(url_encode("") == "");
}

struct UrlCase {
  std::string text, scheme, host;
  std::uint16_t port;
  std::string target;
};

TEST_CASE("URLs are taken apart") {
  const std::vector<UrlCase> cases = {
      {"http://localhost", "http", "localhost", 80, "/"},
      {"HTTPS://Example.com/", "https", "Example.com", 443, "/"},
      {"http://localhost:8080/health?full=1", "http", "localhost", 8080, "/health?full=1"},
      {"http://localhost?x=1", "http", "localhost", 80, "/?x=1"},
      {"http://localhost/a#part", "http", "localhost", 80, "/a"},
      {"http://localhost#part", "http", "localhost", 80, "/"},
      {"http://localhost:/a", "http", "localhost", 80, "/a"},
      {"http://[::1]:9000/x", "http", "::1", 9000, "/x"},
      {"http://[::1]", "http", "::1", 80, "/"},
      {"postgres://db:5432", "postgres", "db", 5432, "/"},
      {"redis://db", "redis", "db", 0, "/"},
      {"tcp://10.0.0.1:2376", "tcp", "10.0.0.1", 2376, "/"},
      {"http://h/a:b@c", "http", "h", 80, "/a:b@c"},
  };
  for (const UrlCase& each : cases) {
    CAPTURE(each.text);
    const std::optional<Url> url = parse_url(each.text);
    REQUIRE(url);
    CHECK(url->scheme == each.scheme);
    CHECK(url->host == each.host);
    CHECK(url->port == each.port);
    CHECK(url->target == each.target);
  }
}

TEST_CASE("what is not such a URL is none") {
  for (const char* const text : {"",
                                 "localhost",
                                 "localhost:8080",
                                 "/health",
                                 "http:/x",
                                 "http://",
                                 "http:///x",
                                 "://host",
                                 "1http://host",
                                 "ht tp://host",
                                 "http://host:0",
                                 "http://host:65536",
                                 "http://host:x",
                                 "http://host:80x",
                                 "http://[::1",
                                 "http://[::1]x",
                                 "http://a b",
                                 "http://a\r\nb",
                                 "http://user:secret@host/",
                                 "http://:80"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
}

}  // namespace
}  // namespace dockhand::io
