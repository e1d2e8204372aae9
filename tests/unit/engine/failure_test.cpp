#include "engine/failure.h"

#include <doctest/doctest.h>

#include "engine/identity.h"

namespace dockhand::engine {
namespace {

// Files in memory, among them a socket that belongs to somebody.
class Host final : public io::FileSystem {
 public:
  io::FileInfo socket{.type = io::FileType::socket, .mode = 0660};
  io::MemoryFileSystem files;

  Host() {
    socket.group = 118;
    files.write("/etc/passwd", "root:x:0:0::/root:/bin/sh\nme:x:1000:1000::/home/me:/bin/sh\n");
    files.write("/etc/group", "root:x:0:\nme:x:1000:\ndocker:x:118:you,he\nwheel:x:10:me,you\n");
    belong_to("1000 27");
  }
  void belong_to(const std::string& groups) {
    files.write("/proc/self/status",
                "Name:\tx\nUid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\nGroups:\t" +
                    groups + " \nVmPeak:\t1 kB\n");
  }

  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override {
    return files.read(path, max_bytes);
  }
  io::FileInfo info(const std::string&) const override { return socket; }
  Result<std::vector<std::string>> list(const std::string& directory) const override {
    return files.list(directory);
  }
  std::string real_path(const std::string& path) const override { return path; }
};

Endpoint local(const std::string& path = "/var/run/docker.sock") {
  Endpoint endpoint;
  endpoint.context = "default";
  endpoint.origin = "the default socket";
  endpoint.url = "unix://" + path;
  endpoint.path = path;
  endpoint.config_directory = "/home/me/.docker";
  return endpoint;
}

Endpoint remote(Transport transport) {
  Endpoint endpoint;
  endpoint.context = "prod";
  endpoint.origin = "context prod";
  endpoint.transport = transport;
  endpoint.url = transport == Transport::ssh ? "ssh://me@build:2222" : "tcp://build:2376";
  endpoint.host = "build";
  endpoint.user = transport == Transport::ssh ? "me" : "";
  endpoint.port = transport == Transport::ssh ? 2222 : 2376;
  return endpoint;
}

Error failure(const std::string& code, const Endpoint& endpoint, const Host& host,
              const std::string& ssh = {}) {
  return connection_failure({code, "what", "the system's reason"}, endpoint, ssh, host);
}

}  // namespace

TEST_CASE("no permission: whose the socket is, and what of it the user lacks") {
  Host host;
  Error error = failure("http-denied", local(), host);
  CHECK(error.code == "engine-no-permission");
  CHECK(error.what == "cannot reach the Docker Engine at unix:///var/run/docker.sock");
  CHECK(error.why ==
        "permission denied: the socket belongs to root:docker, your user is not in the group "
        "docker");
  CHECK(error.fix == "sudo usermod -aG docker $USER   then log in again");

  host.files.write("/etc/group", "docker:x:118:you,me\n");
  error = failure("http-denied", local(), host);
  CHECK(error.why ==
        "permission denied: the socket belongs to root:docker, your user was added to the group "
        "docker after this session had begun");
  CHECK(error.fix == "log in again   or run: newgrp docker");

  host.belong_to("27 118");
  error = failure("http-denied", local(), host);
  CHECK(error.why.find("which your user is in") != std::string::npos);

  host.socket.mode = 0600;
  error = failure("http-denied", local(), host);
  CHECK(error.why == "permission denied: the socket belongs to root:docker, mode 0600");
  CHECK(error.fix.find("sudo chgrp docker /var/run/docker.sock") == 0);

  host.socket = {.type = io::FileType::socket, .owner = 7, .group = 4711, .mode = 0660};
  error = failure("http-denied", local(), host);
  CHECK(error.why ==
        "permission denied: the socket belongs to 7:4711, your user is not in the group 4711");

  host.socket = {};
  error = failure("http-denied", local(), host);
  CHECK(error.why ==
        "permission denied: a directory above /var/run/docker.sock is closed to your user");
}

TEST_CASE("without a way to know the user the message still says whose the socket is") {
  Host host;
  host.files.remove("/proc/self/status");
  const Error error = failure("http-denied", local(), host);
  CHECK(error.why == "permission denied: the socket belongs to root:docker, mode 0660");
}

TEST_CASE("no socket: the hint at other contexts only where there are some") {
  Host host;
  Error error = failure("http-missing", local(), host);
  CHECK(error.code == "engine-no-socket");
  CHECK(error.why == "there is no socket /var/run/docker.sock");
  CHECK(error.fix == "sudo systemctl start docker");
  host.files.write("/home/me/.docker/contexts/meta/ab/meta.json", "{}");
  error = failure("http-missing", local(), host);
  CHECK(error.fix == "sudo systemctl start docker   or choose another Engine: docker context ls");
  error = failure("http-missing", local("/run/user/1000/docker.sock"), host);
  CHECK(error.fix == "systemctl --user start docker");
}

TEST_CASE("each failure of a connection has its code") {
  struct Case {
    const char *http, *on_unix, *on_tcp, *on_ssh;
  };
  const Case cases[] = {
      {"http-refused", "engine-down", "engine-down", "engine-ssh"},
      {"http-missing", "engine-no-socket", "engine-unreachable", "engine-ssh"},
      {"http-denied", "engine-no-permission", "engine-unreachable", "engine-ssh"},
      {"http-unreachable", "engine-unreachable", "engine-unreachable", "engine-ssh"},
      {"http-timeout", "engine-timeout", "engine-timeout", "engine-timeout"},
      {"http-tls", "engine-tls", "engine-tls", "engine-ssh"},
      {"http-closed", "engine-closed", "engine-closed", "engine-closed"},
      {"http-malformed", "engine-garbage", "engine-garbage", "engine-garbage"},
      {"http-too-large", "engine-garbage", "engine-garbage", "engine-garbage"},
      {"cancelled", "cancelled", "cancelled", "cancelled"},
  };
  const Host host;
  for (const Case& c : cases) {
    CAPTURE(c.http);
    CHECK(failure(c.http, local(), host).code == c.on_unix);
    CHECK(failure(c.http, remote(Transport::tcp), host).code == c.on_tcp);
    CHECK(failure(c.http, remote(Transport::ssh), host).code == c.on_ssh);
    if (std::string(c.http) == "cancelled") continue;
    const Error told = failure(c.http, remote(Transport::ssh), host, "exit code 255: no route\x1b");
    CHECK(told.code == "engine-ssh");
    CHECK(told.why == "ssh failed: exit code 255: no route\\x1b");
    CHECK(told.fix == "ssh -l me -p 2222 -- build docker version   must work first");
  }
}

TEST_CASE("who chose an address is named where somebody did") {
  const Host host;
  CHECK(failure("http-refused", remote(Transport::tcp), host).why ==
        "connection refused: nothing listens on port 2376 of build (context prod says so)");
  CHECK(failure("http-refused", local(), host).why ==
        "connection refused: the socket is there, but no daemon listens on it");
}

}  // namespace dockhand::engine
