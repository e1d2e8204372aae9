#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/environment.h"
#include "io/file_system.h"
#include "io/http.h"

namespace dockhand::engine {

// Docker's own global flags, as given before the plugin's name. Unset is not the same as empty.
struct GlobalFlags {
  std::optional<std::string> config = {};   // --config
  std::optional<std::string> context = {};  // -c, --context
  std::optional<std::string> host = {};     // -H, --host
  bool debug = false;
  std::optional<std::string> log_level = {};
  bool tls = false;
  std::optional<bool> tls_verify = {};  // Given as false still turns TLS on, without verification.
  std::optional<std::string> tls_ca = {}, tls_cert = {}, tls_key = {};

  // The same flags as docker would be given them, for running docker itself.
  std::vector<std::string> argv() const;
};

// Docker's config.json, as far as Dockhand reads it. A malformed file reads as an empty one, and a
// member of the wrong type as absent, with `problem` (`config-malformed`) set: docker itself warns
// and goes on.
struct DockerConfig {
  std::string directory;  // --config > $DOCKER_CONFIG > ~/.docker
  std::string current_context;
  std::map<std::string, std::string> http_headers;
  std::map<std::string, std::string> plugin_settings;  // plugins.dockhand.*
  std::optional<Error> problem;
};

DockerConfig read_docker_config(const GlobalFlags& flags, const io::Environment& environment,
                                const io::FileSystem& files);

enum class Transport { unix_socket, tcp, ssh };

// Where an Engine listens, and how to get there.
struct Endpoint {
  std::string context;  // `default` or a context's name.
  std::string origin;  // For people: `--host`, `DOCKER_HOST`, `context prod`, `the default socket`.
  std::string url;     // As Docker writes it: `unix:///var/run/docker.sock`.
  Transport transport = Transport::unix_socket;
  std::string path;        // Of the socket; for tcp the base path in front of `/v1.NN`.
  std::string host;        // Of tcp and ssh.
  std::uint16_t port = 0;  // Of tcp and ssh; 0 when ssh's own configuration decides.
  std::string user;        // Of ssh.
  std::optional<io::TlsFiles> tls;
  std::map<std::string, std::string> headers;
  std::string config_directory;  // Docker's, below which other contexts may be found.

  // The host under which published ports are reached: `localhost` for a socket, else `host`.
  std::string public_host() const;
};

// Which Engine Docker itself would talk to: --context, --host, DOCKER_HOST, DOCKER_CONTEXT,
// currentContext, `default`, in that order, with Docker's rules for TLS and host strings
// (reference: docker/cli cli/command/cli.go, opts/hosts.go). Reads files, connects to nothing.
// Errors: `endpoint-conflict` (both flags), `context-missing`, `context-malformed`,
// `endpoint-malformed`, `endpoint-tls` (a certificate or key that cannot be used), in Docker's own
// wording.
Result<Endpoint> resolve_endpoint(const GlobalFlags& flags, const DockerConfig& config,
                                  const io::Environment& environment, const io::FileSystem& files);

}  // namespace dockhand::engine
