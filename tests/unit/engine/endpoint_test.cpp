#include "engine/endpoint.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <span>
#include <string>

#include "base/text.h"
#include "engine/host_string.h"
#include "io/process.h"

namespace dockhand::engine {
namespace {

const std::string kConfig = "/home/me/.docker";
const std::string kPem = "-----BEGIN CERTIFICATE-----\n";

struct World {
  io::MemoryFileSystem files;
  io::Environment environment{{{"HOME", "/home/me"}, {"PWD", "/src"}}};
  GlobalFlags flags;

  Result<Endpoint> resolve() const {
    const DockerConfig config = read_docker_config(flags, environment, files);
    return resolve_endpoint(flags, config, environment, files);
  }
  void context(const std::string& meta) {
    files.write(kConfig + "/contexts/meta/" + id_of("prod") + "/meta.json", meta);
  }
  // Asks for the name's place by looking for it.
  std::string id_of(const std::string& name) const {
    World other;
    other.flags.context = name;
    const std::string why = other.resolve().error().why;
    const std::string mark = "/meta/";
    return why.substr(why.find(mark) + mark.size(), 64);
  }
};

std::string meta(const std::string& host, bool skip = false) {
  return fmt::format(
      R"({{"Name":"prod","Endpoints":{{"docker":{{"Host":"{}","SkipTLSVerify":{}}}}}}})", host,
      skip);
}

// What an endpoint says in one line, or how it failed.
std::string shown(const Result<Endpoint>& result) {
  if (!result) return fmt::format("{}: {}", result.error().code, result.error().what);
  const Endpoint& endpoint = *result;
  switch (endpoint.transport) {
    case Transport::unix_socket:
      return "unix " + endpoint.path;
    case Transport::tcp:
      return fmt::format("tcp {} {} {}{}", endpoint.host, endpoint.port, endpoint.path,
                         endpoint.tls ? (endpoint.tls->verify ? " tls" : " tls-unverified") : "");
    case Transport::ssh:
      return fmt::format("ssh {}@{} {} {}", endpoint.user, endpoint.host, endpoint.port,
                         endpoint.path);
  }
  return {};
}

struct HostCase {
  std::string written;
  const char* url;       // As `docker -H … context inspect default` shows it, or its error.
  const char* endpoint;  // What we make of it; empty when it fails.
};

// Compared with the docker command itself below.
const HostCase kHosts[] = {
    {"", "unix:///var/run/docker.sock", "unix /var/run/docker.sock"},
    {"  ", "unix:///var/run/docker.sock", "unix /var/run/docker.sock"},
    {"unix://", "unix:///var/run/docker.sock", "unix /var/run/docker.sock"},
    {"unix:///a/b", "unix:///a/b", "unix /a/b"},
    {" unix:///a/b ", "unix:///a/b", "unix /a/b"},
    {"unix://a", "unix://a", "unix a"},
    {"localhost", "tcp://localhost:2375", "tcp localhost 2375 "},
    {":1234", "tcp://localhost:1234", "tcp localhost 1234 "},
    {"tcp://", "tcp://localhost:2375", "tcp localhost 2375 "},
    {"tcp://h", "tcp://h:2375", "tcp h 2375 "},
    {"tcp://h:", "tcp://h:2375", "tcp h 2375 "},
    {"tcp://tcp://h", "tcp://h:2375", "tcp h 2375 "},
    {"unix://unix:///a", "unix:///a", "unix /a"},
    {"tcp://h:0", "tcp://h:0", "tcp h 0 "},
    {"tcp://h:99/base/x", "tcp://h:99/base/x", "tcp h 99 /base/x"},
    {"tcp://h:99/base/", "tcp://h:99/base/", "tcp h 99 /base"},
    {"tcp://h:80/a%20b", "tcp://h:80/a b", "tcp h 80 /a b"},
    {"tcp://h:80/a/../b", "tcp://h:80/a/../b", "tcp h 80 /b"},
    {"tcp://h:80?x=1", "tcp://h:80", "tcp h 80 "},
    {"tcp://h:80#f", "tcp://h:80", "tcp h 80 "},
    {"tcp://u@h:80", "tcp://h:80", "tcp h 80 "},
    {"foo/bar", "tcp://foo:2375/bar", "tcp foo 2375 /bar"},
    {"[::1]:5", "tcp://[::1]:5", "tcp ::1 5 "},
    {"::1", "tcp://[::1]:2375", "tcp ::1 2375 "},
    {"tcp://[::1]:", "tcp://[::1]:2375", "tcp ::1 2375 "},
    {"tcp://1:2:3", "tcp://[1:2:3]:2375", "tcp 1:2:3 2375 "},
    {"ssh://h", "ssh://h", "ssh @h 0 "},
    {"ssh://[::1]:22", "ssh://[::1]:22", "ssh @::1 22 "},
    {"ssh://-oProxyCommand=x@h", "ssh://-oProxyCommand=x@h", "ssh -oProxyCommand=x@h 0 "},
    {"tcp://[::1]", "invalid bind address format: [::1]", ""},
    {"tcp://[::1]/x", "invalid bind address format: [::1]/x", ""},
    {"http://x", "invalid bind address format: http://x", ""},
    {"UNIX:///x", "invalid bind address format: UNIX:///x", ""},
    {"unix://a://b", "invalid proto, expected unix: a://b", ""},
    {"tcp://ssh://h", "invalid proto, expected tcp: ssh://h", ""},
    {"tcp://h:abc", R"(parse "tcp://h:abc": invalid port ":abc" after host)", ""},
    {"tcp://h:-5", R"(parse "tcp://h:-5": invalid port ":-5" after host)", ""},
    {"tcp://ex ample", R"(parse "tcp://ex ample": invalid character " " in host name)", ""},
    {"tcp://H%41:5", R"(parse "tcp://H%41:5": invalid URL escape "%41")", ""},
    {"tcp://h/%zz", R"(parse "tcp://h/%zz": invalid URL escape "%zz")", ""},
    {"tcp://[::1", R"(parse "tcp://[::1": missing ']' in host)", ""},
};

// Docker knows paths over ssh since 23.0.
const HostCase kNewerHosts[] = {
    {"ssh://u@h:22/x", "ssh://u@h:22/x", "ssh u@h 22 /x"},
    {"ssh://h/", "ssh://h/", "ssh @h 0 "},
};

void check_hosts(std::span<const HostCase> cases) {
  for (const HostCase& c : cases) {
    CAPTURE(c.written);
    World world;
    world.flags.host = c.written;
    const Result<Endpoint> endpoint = world.resolve();
    if (*c.endpoint == '\0') {
      CHECK(shown(endpoint) ==
            fmt::format("endpoint-malformed: unable to resolve docker endpoint: {}", c.url));
      CHECK(endpoint.error().why == fmt::format("--host says `{}`", c.written));
      CHECK_FALSE(endpoint.error().fix.empty());
    } else {
      CHECK(shown(endpoint) == c.endpoint);
      CHECK(endpoint->url == c.url);
    }
  }
}

}  // namespace

TEST_CASE("host strings mean what they mean to Docker") {
  check_hosts(kHosts);
  check_hosts(kNewerHosts);
}

TEST_CASE("host strings mean what they mean to the docker command of this machine") {
  const std::string home = std::filesystem::temp_directory_path() / "dockhand-no-such-home";
  io::Environment environment;
  environment.set("HOME", home);
  environment.set("PATH", io::Environment::of_process().get("PATH"));
  io::RealProcessRunner runner;
  for (const HostCase& c : kHosts) {
    CAPTURE(c.written);
    io::ProcessRequest request;
    request.argv = {"docker",  "-H",      c.written,  "context",
                    "inspect", "default", "--format", "{{.Endpoints.docker.Host}}"};
    request.environment = environment;
    const Result<io::ProcessResult> result = runner.run(request);
    REQUIRE_MESSAGE(result, "this test needs the docker command in PATH");
    const std::string& answer = result->exit_code == 0 ? result->output : result->errors;
    // Older commands begin their messages with a capital.
    CHECK(to_lower_ascii(answer).find(to_lower_ascii(c.url)) != std::string::npos);
    CHECK((result->exit_code == 0) == (*c.endpoint != '\0'));
  }
}

TEST_CASE("ssh addresses that Docker refuses when it connects are refused") {
  const std::pair<const char*, const char*> cases[] = {
      {"ssh://u:secret@h", "plain-text password is not supported"},
      {"ssh://h?q=1", R"(query parameters are not allowed: "q=1")"},
      {"ssh://h#f", R"(fragments are not allowed: "f")"},
      {"ssh://", "hostname is empty"},
      {"ssh://u@:22", "hostname is empty"},
  };
  for (const auto& [written, why] : cases) {
    CAPTURE(written);
    World world;
    world.environment.set("DOCKER_HOST", written);
    const Error error = world.resolve().error();
    CHECK(error.code == "endpoint-malformed");
    CHECK(error.what == fmt::format("unable to resolve docker endpoint: ssh host connection is not "
                                    "valid: invalid SSH URL: {}",
                                    why));
    CHECK(error.what.find("secret") == std::string::npos);
    CHECK(error.why.find("secret") == std::string::npos);
    CHECK(error.fix.find("secret") == std::string::npos);
  }
  for (const char* written : {"ssh://h:a", "ssh://a b", "ssh://h:99999", "ssh://h\x1b[2J",
                              "ssh://h/%1b", "ssh://%00@h", "npipe://", "fd://x"}) {
    CAPTURE(written);
    World world;
    world.flags.host = written;
    const Error error = world.resolve().error();
    CHECK(error.code == "endpoint-malformed");
    CHECK(error.what.find('\x1b') == std::string::npos);
    CHECK(error.why.find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a password in an address is never shown") {
  for (const char* written : {"tcp://u:secret@h:x", "tcp://u:secret@ h", "http://u:secret@h",
                              "u:secret@h:x", "unix://u:secret@h://"}) {
    CAPTURE(written);
    World world;
    world.flags.host = written;
    const Error error = world.resolve().error();
    CHECK((error.what + error.why + error.fix).find("secret") == std::string::npos);
  }
  World world;
  world.context(meta("tcp://u:secret@h:5"));
  world.flags.context = "prod";
  CHECK(world.resolve()->url == "tcp://u:***@h:5");
  CHECK(without_password("tcp://h:1/a@b") == "tcp://h:***@b");  // Too much rather than too little.
  CHECK(without_password("ssh://u@h:22") == "ssh://u@h:22");
}

TEST_CASE("precedence: flags, DOCKER_HOST, DOCKER_CONTEXT, currentContext, default") {
  struct Case {
    const char *context, *host, *docker_host, *docker_context, *current;  // Null: not given.
    const char* expected;
    const char* origin;
  };
  const char* const none = nullptr;
  const Case cases[] = {
      {none, none, none, none, none, "unix /var/run/docker.sock", "the default socket"},
      {none, none, none, none, "prod", "unix /prod", "context prod"},
      {none, none, none, "prod", "gone", "unix /prod", "context prod"},
      {none, none, none, "", "prod", "unix /prod", "context prod"},
      {none, none, "unix:///env", "gone", "gone", "unix /env", "DOCKER_HOST"},
      {none, none, "", "prod", "gone", "unix /prod", "context prod"},
      {none, none, " ", "prod", "gone", "unix /var/run/docker.sock", "the default socket"},
      {none, "unix:///flag", "unix:///env", "gone", "gone", "unix /flag", "--host"},
      {none, "", "unix:///env", "gone", "gone", "unix /var/run/docker.sock", "--host"},
      {"", "unix:///flag", "unix:///env", "gone", "gone", "unix /flag", "--host"},
      {"prod", none, "unix:///env", "gone", "gone", "unix /prod", "context prod"},
      {"default", none, "unix:///env", "gone", "gone", "unix /env", "DOCKER_HOST"},
      {none, none, none, "default", "gone", "unix /var/run/docker.sock", "the default socket"},
  };
  for (const Case& c : cases) {
    World world;
    world.context(meta("unix:///prod"));
    if (c.context != none) world.flags.context = c.context;
    if (c.host != none) world.flags.host = c.host;
    if (c.docker_host != none) world.environment.set("DOCKER_HOST", c.docker_host);
    if (c.docker_context != none) world.environment.set("DOCKER_CONTEXT", c.docker_context);
    if (c.current != none) {
      world.files.write(kConfig + "/config.json",
                        fmt::format(R"({{"currentContext":"{}"}})", c.current));
    }
    CAPTURE(c.expected);
    const Result<Endpoint> endpoint = world.resolve();
    CHECK(shown(endpoint) == c.expected);
    REQUIRE(endpoint);
    CHECK(endpoint->origin == c.origin);
    CHECK(endpoint->context == (std::string(c.origin) == "context prod" ? "prod" : "default"));
    CHECK(endpoint->config_directory == kConfig);
  }
}

TEST_CASE("both --host and --context are a conflict, in Docker's words") {
  for (const char* host : {"", "unix:///x"}) {
    World world;
    world.flags.host = host;
    world.flags.context = "prod";
    CHECK(shown(world.resolve()) ==
          "endpoint-conflict: conflicting options: cannot specify both --host and --context");
  }
}

TEST_CASE("a context's meta file lies under the hash of its name, its keys in any case") {
  World world;
  CHECK(world.id_of("prod") == "6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77");
  world.flags.context = "prod";
  world.context(
      R"({"name":"prod","ENDPOINTS":{"docker":{"host":"unix:///q","skiptlsverify":true}}})");
  CHECK(shown(world.resolve()) == "unix /q");
}

TEST_CASE("a context without a host means the default socket, without a port that of HTTP") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({})", "unix /var/run/docker.sock"},
      {R"({"Host":""})", "unix /var/run/docker.sock"},
      {R"({"Host":null})", "unix /var/run/docker.sock"},
      {R"({"Host":"tcp://h"})", "tcp h 80 "},
      {R"({"Host":"tcp://h","SkipTLSVerify":true})", "tcp h 443  tls-unverified"},
      {R"({"Host":"tcp://h:5/base/"})", "tcp h 5 /base"},
      {R"({"Host":"http://h:5"})", "tcp h 5 "},
      {R"({"Host":"ssh://u@h"})", "ssh u@h 0 "},
      {R"({"Host":"unix:///s","SkipTLSVerify":true})", "unix /s"},
  };
  for (const auto& [docker, expected] : cases) {
    CAPTURE(docker);
    World world;
    world.flags.context = "prod";
    world.context(fmt::format(R"({{"Endpoints":{{"docker":{}}}}})", docker));
    CHECK(shown(world.resolve()) == expected);
  }
}

TEST_CASE("a context that is missing names its file and its nearest neighbour") {
  World world;
  world.context(meta("unix:///prod"));
  world.environment.set("DOCKER_CONTEXT", "prd");
  const Error error = world.resolve().error();
  CHECK(error.code == "context-missing");
  CHECK(error.what == "unable to resolve docker endpoint: context \"prd\": context not found");
  CHECK(error.why.find("DOCKER_CONTEXT names it, but open /home/me/.docker/contexts/meta/") == 0);
  CHECK(error.why.find("/meta.json: no such file or directory") != std::string::npos);
  CHECK(error.fix == "did you mean prod? `docker context ls` shows them all");
}

TEST_CASE("a context whose file says nothing usable is malformed, and its text harmless") {
  const std::pair<const char*, const char*> cases[] = {
      {"{", "context-malformed"},
      {"", "context-malformed"},
      {"[]", "context-malformed"},
      {"\x1b[2J", "context-malformed"},
      {R"({"Name":"prod"})", "context-malformed"},
      {R"({"Endpoints":{}})", "context-malformed"},
      {R"({"Endpoints":{"Docker":{"Host":"unix:///q"}}})", "context-malformed"},
      {R"({"Endpoints":{"docker":null}})", "context-malformed"},
      {R"({"Endpoints":{"docker":{"Host":5}}})", "context-malformed"},
      {R"({"Endpoints":{"docker":{"SkipTLSVerify":"yes"}}})", "context-malformed"},
      {R"({"Endpoints":{"docker":{"Host":"localhost:5"}}})", "endpoint-malformed"},
      {R"({"Endpoints":{"docker":{"Host":"tcp://"}}})", "endpoint-malformed"},
      {R"({"Endpoints":{"docker":{"Host":"tcp://h:x"}}})", "endpoint-malformed"},
      {R"({"Endpoints":{"docker":{"Host":"bogus://h"}}})", "endpoint-malformed"},
      {R"({"Endpoints":{"docker":{"Host":"ssh://a:b@c"}}})", "endpoint-malformed"},
  };
  for (const auto& [text, code] : cases) {
    CAPTURE(text);
    World world;
    world.flags.context = "prod";
    world.context(text);
    const Error error = world.resolve().error();
    CHECK(error.code == code);
    CHECK_FALSE(error.why.empty());
    CHECK_FALSE(error.fix.empty());
    CHECK((error.what + error.why + error.fix).find('\x1b') == std::string::npos);
  }
}

TEST_CASE("TLS of a context comes from its own files") {
  const std::string directory = kConfig + "/contexts/tls/" + World().id_of("prod") + "/docker/";
  World world;
  world.context(meta("tcp://h:5"));
  world.flags.context = "prod";
  // Neither variables nor flags reach a named context.
  world.environment.set("DOCKER_TLS_VERIFY", "1");
  world.flags.tls = true;
  CHECK(shown(world.resolve()) == "tcp h 5 ");
  world.files.write(directory + "ca.pem", kPem + "ca");
  CHECK(shown(world.resolve()) == "tcp h 5  tls");
  CHECK(world.resolve()->tls->ca == kPem + "ca");
  world.files.write(directory + "cert.pem", kPem);
  CHECK(world.resolve()->tls->certificate.empty());  // Half a pair.
  world.files.write(directory + "key.pem", "key");
  CHECK(world.resolve()->tls->certificate == kPem);
  CHECK(world.resolve()->tls->key == "key");
  world.context(meta("tcp://h:5", true));
  CHECK(shown(world.resolve()) == "tcp h 5  tls-unverified");
  world.files.write(directory + "key.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----");
  CHECK(world.resolve().error().code == "endpoint-tls");
}

TEST_CASE("TLS of the default context: which flags and variables turn it on") {
  struct Case {
    const char *tls, *tls_verify, *docker_tls, *docker_tls_verify;
    const char* expected;
  };
  const char* const none = nullptr;
  const Case cases[] = {
      {none, none, none, none, "unix /var/run/docker.sock"},
      {"", none, none, none, "tcp localhost 2376  tls-unverified"},
      {none, none, "1", none, "tcp localhost 2376  tls-unverified"},
      {none, none, "0", none, "tcp localhost 2376  tls-unverified"},
      {none, none, "", none, "unix /var/run/docker.sock"},
      {none, none, none, "1", "tcp localhost 2376  tls"},
      {none, none, none, "0", "tcp localhost 2376  tls"},
      {none, none, none, "", "unix /var/run/docker.sock"},
      {none, "true", none, none, "tcp localhost 2376  tls"},
      {none, "false", none, none, "tcp localhost 2376  tls-unverified"},
      {none, "false", none, "1", "tcp localhost 2376  tls-unverified"},
      {"", "true", "1", "1", "tcp localhost 2376  tls"},
  };
  for (const Case& c : cases) {
    World world;
    world.files.write(kConfig + "/ca.pem", kPem);
    world.flags.tls = c.tls != none;
    if (c.tls_verify != none) world.flags.tls_verify = std::string(c.tls_verify) == "true";
    if (c.docker_tls != none) world.environment.set("DOCKER_TLS", c.docker_tls);
    if (c.docker_tls_verify != none) {
      world.environment.set("DOCKER_TLS_VERIFY", c.docker_tls_verify);
    }
    CAPTURE(c.expected);
    CHECK(shown(world.resolve()) == c.expected);
  }
}

TEST_CASE("TLS of the default context: where the files are") {
  World world;
  world.flags.tls_verify = true;
  world.flags.host = "tcp://h:5";
  CHECK(world.resolve().error().code == "endpoint-tls");
  CHECK(world.resolve().error().why == "open /home/me/.docker/ca.pem: no such file or directory");

  world.files.write(kConfig + "/ca.pem", kPem + "home");
  CHECK(world.resolve()->tls->ca == kPem + "home");
  CHECK(world.resolve()->tls->certificate.empty());  // Not there, not asked for.

  world.flags.tls_cert = "cert.pem";
  CHECK(world.resolve().error().why == "open /src/cert.pem: no such file or directory");
  world.files.write("/src/cert.pem", kPem + "mine");
  world.flags.tls_key = "/k/key.pem";
  world.files.write("/k/key.pem", "key");
  CHECK(world.resolve()->tls->certificate == kPem + "mine");
  CHECK(world.resolve()->tls->key == "key");

  // DOCKER_CONFIG moves the default place, --config does not.
  world.flags = {.host = "tcp://h:5", .tls = true};
  world.flags.config = "/elsewhere";
  CHECK(world.resolve()->tls->ca == kPem + "home");
  world.environment.set("DOCKER_CONFIG", "/other");
  CHECK(world.resolve().error().why == "open /other/ca.pem: no such file or directory");
  world.environment.set("DOCKER_CERT_PATH", "certs");
  world.files.write("/src/certs/ca.pem", kPem + "path");
  CHECK(world.resolve()->tls->ca == kPem + "path");

  world.flags.tls_ca = "";
  CHECK(world.resolve()->tls->ca.empty());
  world.flags.tls_ca = "/k/key.pem";
  CHECK(world.resolve().error().why == "/k/key.pem seems invalid: it holds no certificate");
}

TEST_CASE("TLS is for tcp alone") {
  for (const char* host : {"unix:///s", "ssh://h"}) {
    World world;
    world.files.write(kConfig + "/ca.pem", kPem);
    world.flags.host = host;
    world.environment.set("DOCKER_TLS_VERIFY", "1");
    REQUIRE(world.resolve());
    CHECK_FALSE(world.resolve()->tls);
  }
}

TEST_CASE("headers come from the file, and from the variable instead") {
  using Headers = std::map<std::string, std::string>;
  World world;
  world.files.write(kConfig + "/config.json", R"({"httpheaders":{"X-A":"1","X-B":"2"}})");
  CHECK(world.resolve()->headers == Headers{{"X-A", "1"}, {"X-B", "2"}});
  world.environment.set("DOCKER_CUSTOM_HEADERS",
                        R"(one=1, "two=2,2" ,"three= ""3"" ", four =4=4,one=5)");
  CHECK(world.resolve().error().code == "endpoint-malformed");  // White space before a quote.
  world.environment.set("DOCKER_CUSTOM_HEADERS",
                        R"(one=1,"two=2,2","three= ""3"" ", four =4=4,one=5)");
  CHECK(world.resolve()->headers ==
        Headers{{"one", "5"}, {"two", "2,2"}, {"three", " \"3\" "}, {"four", "4=4"}});
  for (const char* bad : {"a", "=x", "\"a", "a\"b=c", "a b=c", "a=b\x01", "a=1,,b=2"}) {
    CAPTURE(bad);
    world.environment.set("DOCKER_CUSTOM_HEADERS", bad);
    CHECK(world.resolve().error().code == "endpoint-malformed");
  }
}

TEST_CASE("published ports are reached at the endpoint's host") {
  CHECK(Endpoint{}.public_host() == "localhost");
  World world;
  world.flags.host = "ssh://u@build.example:22";
  CHECK(world.resolve()->public_host() == "build.example");
  world.flags.host = "tcp://10.0.0.5";
  CHECK(world.resolve()->public_host() == "10.0.0.5");
}

}  // namespace dockhand::engine
