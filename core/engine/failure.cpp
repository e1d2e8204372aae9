#include "engine/failure.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "base/text.h"
#include "engine/host_string.h"
#include "engine/identity.h"
#include "engine/json.h"
#include "engine/ssh_command.h"

namespace dockhand::engine {
namespace {

constexpr std::size_t kMaxShown = 300;  // Columns of a text that the other side wrote.
constexpr std::string_view kDefaultSocket = "/var/run/docker.sock";

bool is_rootless(const Endpoint& endpoint) { return endpoint.path.rfind("/run/user/", 0) == 0; }

std::string start_command(const Endpoint& endpoint) {
  return is_rootless(endpoint) ? "systemctl --user start docker" : "sudo systemctl start docker";
}

bool has_contexts(const Endpoint& endpoint, const io::FileSystem& files) {
  if (endpoint.config_directory.empty()) return false;
  const auto entries = files.list(io::join_path(endpoint.config_directory, "contexts/meta"));
  return entries && !entries->empty();
}

std::string cannot_reach(const Endpoint& endpoint) {
  return fmt::format("cannot reach the Docker Engine at {}", shown(endpoint));
}

// Who chose this address, where somebody did.
std::string chosen_by(const Endpoint& endpoint) {
  const bool chosen = !endpoint.origin.empty() && endpoint.origin != "the default socket";
  return chosen ? fmt::format(" ({} says so)", endpoint.origin) : std::string();
}

Error no_socket(const Endpoint& endpoint, const io::FileSystem& files) {
  Error error{"engine-no-socket", cannot_reach(endpoint),
              fmt::format("there is no socket {}{}", printable(endpoint.path), chosen_by(endpoint)),
              start_command(endpoint)};
  const bool by_default = endpoint.context.empty() || endpoint.context == "default";
  if (by_default && endpoint.path == kDefaultSocket && has_contexts(endpoint, files)) {
    error.fix += "   or choose another Engine: docker context ls";
  }
  return error;
}

// The three ways in which a socket that is there keeps somebody out.
Error no_permission(const Endpoint& endpoint, const io::FileSystem& files) {
  const std::string path = printable(endpoint.path);
  Error error{"engine-no-permission", cannot_reach(endpoint)};
  const io::FileInfo socket = files.info(endpoint.path);
  if (socket.type == io::FileType::none) {
    error.why = fmt::format("permission denied: a directory above {} is closed to your user", path);
    error.fix = fmt::format("namei -l {}   shows which one", path);
    return error;
  }
  const std::string group = group_name(files, socket.group);
  error.why = fmt::format("permission denied: the socket belongs to {}:{}",
                          user_name(files, socket.owner), group);
  const std::optional<Identity> self = this_process(files);
  constexpr std::uint32_t kGroupReadWrite = 060;
  const bool group_may = (socket.mode & kGroupReadWrite) == kGroupReadWrite;
  if (!group_may || socket.group == 0 || !self) {
    error.why += fmt::format(", mode {:04o}", socket.mode & 07777);
    error.fix =
        fmt::format("sudo chgrp docker {0} && sudo chmod g+rw {0}   or run this with sudo", path);
  } else if (self->in_group(socket.group)) {
    error.why += ", which your user is in: something else, such as AppArmor or SELinux, forbids it";
    error.fix = "sudo dmesg | grep -i denied";
  } else if (listed_in_group(files, self->user, socket.group)) {
    error.why +=
        fmt::format(", your user was added to the group {} after this session had begun", group);
    error.fix = fmt::format("log in again   or run: newgrp {}", group);
  } else {
    error.why += fmt::format(", your user is not in the group {}", group);
    error.fix = fmt::format("sudo usermod -aG {} $USER   then log in again", group);
  }
  return error;
}

Error down(const Endpoint& endpoint, const io::FileSystem& files) {
  if (endpoint.transport == Transport::unix_socket) {
    if (files.info(endpoint.path).type != io::FileType::socket) {
      return {"engine-no-socket", cannot_reach(endpoint),
              fmt::format("{} is no socket{}", printable(endpoint.path), chosen_by(endpoint)),
              "docker context ls   shows the Engines there are"};
    }
    return {"engine-down", cannot_reach(endpoint),
            "connection refused: the socket is there, but no daemon listens on it",
            start_command(endpoint)};
  }
  return {"engine-down", cannot_reach(endpoint),
          fmt::format("connection refused: nothing listens on port {} of {}{}", endpoint.port,
                      printable(endpoint.host), chosen_by(endpoint)),
          "sudo systemctl start docker   on that host, with -H tcp:// among dockerd's options"};
}

Error unreachable(const Endpoint& endpoint, const std::string& why) {
  return {"engine-unreachable", cannot_reach(endpoint), why + chosen_by(endpoint),
          fmt::format("ping {}   and look at the address", printable(endpoint.host))};
}

Error tls(const Endpoint& endpoint, const std::string& why) {
  return {"engine-tls", cannot_reach(endpoint), fmt::format("TLS failed: {}", why),
          fmt::format("openssl s_client -connect {}   shows what the Engine presents",
                      join_host_port(printable(endpoint.host), std::to_string(endpoint.port)))};
}

Error timeout(const Endpoint& endpoint, const std::string& why) {
  Error error{"engine-timeout",
              fmt::format("the Docker Engine at {} does not answer in time", shown(endpoint)), why};
  switch (endpoint.transport) {
    case Transport::unix_socket:
      error.fix =
          is_rootless(endpoint) ? "systemctl --user status docker" : "sudo systemctl status docker";
      break;
    case Transport::tcp:
      error.fix = fmt::format("ping {}", printable(endpoint.host));
      break;
    case Transport::ssh:
      error.fix = ssh_check(endpoint);
      break;
  }
  return error;
}

Error closed(const Endpoint& endpoint, const std::string& why) {
  return {"engine-closed",
          fmt::format("the Docker Engine at {} closed the connection", shown(endpoint)),
          why + "; it stopped, restarted or crashed", "docker info   shows whether it is back"};
}

// What the body says for itself: the Engine's message, or the first line of a plain text.
std::string message_of(const io::HttpResponse& response) {
  const std::optional<json::Value> value = json::parse(response.body);
  const std::string message = value ? json::text(json::member(*value, "message")) : std::string();
  return first_line(message.empty() ? std::string_view(response.body) : std::string_view(message),
                    kMaxShown);
}

bool is_markup(const io::HttpResponse& response) {
  const auto type = response.headers.find("content-type");
  const bool html = type != response.headers.end() &&
                    to_lower_ascii(type->second).find("html") != std::string::npos;
  const std::string_view body = trim(response.body);
  return html || (!body.empty() && body.front() == '<');
}

// `exit code 255: …` with the last line of what was written: ssh, and the shell on the far side,
// say the cause after their banners and warnings.
std::string cause_of(std::string_view why) {
  why = trim(why);
  const std::size_t first_end = why.find('\n');
  if (first_end == std::string_view::npos) return std::string(why);
  const std::size_t colon = why.substr(0, first_end).find(": ");
  const std::string_view code =
      colon == std::string_view::npos ? std::string_view() : why.substr(0, colon + 2);
  return std::string(code) + std::string(trim(why.substr(why.rfind('\n') + 1)));
}

}  // namespace

std::string shown(const Endpoint& endpoint) { return printable(endpoint.url); }

Error ssh_failure(const std::string& why, const Endpoint& endpoint) {
  return {"engine-ssh", cannot_reach(endpoint),
          fmt::format("ssh failed: {}", first_line(printable(cause_of(why)), kMaxShown)),
          fmt::format("{}   must work first", ssh_check(endpoint))};
}

Error garbage(const Endpoint& endpoint, const std::string& why) {
  return {"engine-garbage", fmt::format("what answers at {} is no Docker Engine", shown(endpoint)),
          why + chosen_by(endpoint),
          endpoint.transport == Transport::unix_socket
              ? fmt::format("sudo ss -xlp | grep {}   shows who listens there",
                            printable(endpoint.path))
              : fmt::format("docker --host {} version   shows what Docker makes of it",
                            shown(endpoint))};
}

Error connection_failure(const Error& http, const Endpoint& endpoint, const std::string& ssh,
                         const io::FileSystem& files) {
  if (http.code == "cancelled") return http;
  if (!ssh.empty()) return ssh_failure(ssh, endpoint);
  const std::string why = first_line(http.why.empty() ? http.what : http.why, kMaxShown);
  if (http.code == "http-timeout") return timeout(endpoint, why);
  if (http.code == "http-malformed" || http.code == "http-too-large") {
    return garbage(endpoint, why);
  }
  if (http.code == "http-closed") return closed(endpoint, why);
  // What follows happens before anything has been sent. Over ssh it happens on a socket of our own.
  if (endpoint.transport == Transport::ssh) return ssh_failure(why, endpoint);
  const bool local = endpoint.transport == Transport::unix_socket;
  if (local && http.code == "http-missing") return no_socket(endpoint, files);
  if (local && http.code == "http-denied") return no_permission(endpoint, files);
  if (http.code == "http-refused") return down(endpoint, files);
  if (http.code == "http-tls") return tls(endpoint, why);
  return unreachable(endpoint, why);
}

bool denies_version(const io::HttpResponse& response) {
  constexpr int kBadRequest = 400;
  return response.status == kBadRequest &&
         response.body.find("client version") != std::string::npos;
}

Error too_old(const Endpoint& endpoint, const std::string& why, bool pinned) {
  return {"engine-too-old", fmt::format("the Docker Engine at {} is too old", shown(endpoint)), why,
          pinned ? "unset DOCKER_API_VERSION"
                 : "install a newer Docker Engine there: https://docs.docker.com/engine/install/"};
}

Error too_new(const Endpoint& endpoint, const std::string& why, bool pinned) {
  return {"engine-too-new", fmt::format("the Docker Engine at {} is too new", shown(endpoint)), why,
          pinned ? "unset DOCKER_API_VERSION" : "install a newer Dockhand"};
}

Error answer_failure(const io::HttpResponse& response, const Endpoint& endpoint,
                     const std::string& wish) {
  constexpr int kUnauthorized = 401, kForbidden = 403, kServerError = 500;
  if (response.body.find("HTTP request to an HTTPS server") != std::string::npos) {
    Error error = tls(endpoint, "the Engine there speaks TLS, and was asked without");
    error.fix =
        "export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=<directory of ca.pem, cert.pem, "
        "key.pem>";
    return error;
  }
  const std::string message = message_of(response);
  if (is_markup(response)) {
    return garbage(endpoint, fmt::format("it answered with status {} and a page: {}",
                                         response.status, message));
  }
  Error error{"engine-refused",
              fmt::format("the Docker Engine at {} refused to {}", shown(endpoint), wish),
              message.empty() ? fmt::format("it answered with status {}", response.status)
                              : fmt::format("{} (status {})", message, response.status)};
  if (response.status == kUnauthorized || response.status == kForbidden) {
    error.fix = "ask whoever runs the Engine, or the proxy in front of it, for access";
  } else if (response.status >= kServerError) {
    error.fix = "docker info   and, where the Engine runs: sudo journalctl -u docker -n 50";
  }
  return error;
}

}  // namespace dockhand::engine
