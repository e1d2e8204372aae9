#include "engine/endpoint.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"
#include "engine/host_string.h"
#include "engine/json.h"

namespace dockhand::engine {
namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;
constexpr std::string_view kDefaultContext = "default";
constexpr std::string_view kDefaultHost = "unix:///var/run/docker.sock";

// What every step of the resolution needs to see.
struct Sources {
  const GlobalFlags& flags;
  const DockerConfig& config;
  const io::Environment& environment;
  const io::FileSystem& files;
};

struct ContextName {
  std::string name;
  std::string origin;  // Who named it, for people.
};

// cli/command/cli.go, resolveContextName.
ContextName context_name(const Sources& from) {
  if (from.flags.context && !from.flags.context->empty()) return {*from.flags.context, "--context"};
  if (from.flags.host) return {std::string(kDefaultContext), "--host"};
  if (!from.environment.get("DOCKER_HOST").empty()) {
    return {std::string(kDefaultContext), "DOCKER_HOST"};
  }
  if (const std::string& name = from.environment.get("DOCKER_CONTEXT"); !name.empty()) {
    return {name, "DOCKER_CONTEXT"};
  }
  if (!from.config.current_context.empty()) {
    return {from.config.current_context, "currentContext of Docker's config.json"};
  }
  return {std::string(kDefaultContext), {}};
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest.at(i));
  return hex;
}

Error tls_error(const std::string& why) {
  return {"endpoint-tls", "unable to resolve docker endpoint", why,
          "look at --tlscacert, --tlscert and --tlskey, at DOCKER_CERT_PATH, or at the files of "
          "the context"};
}

// Where certificates and key lie; empty where there is none.
struct TlsPaths {
  std::string ca, certificate, key;
  bool verify = true;
};

Result<std::string> read_pem(const io::FileSystem& files, const std::string& path) {
  if (path.empty()) return std::string();
  Result<std::string> pem = files.read(path, kMaxFile);
  if (!pem) return tls_error(fmt::format("open {}: {}", printable(path), pem.error().why));
  return pem;
}

// Docker reads the files when it resolves, and says what is wrong with them then.
Result<io::TlsFiles> load(const io::FileSystem& files, const TlsPaths& paths) {
  Result<std::string> ca = read_pem(files, paths.ca);
  if (!ca) return ca.error();
  Result<std::string> certificate = read_pem(files, paths.certificate);
  if (!certificate) return certificate.error();
  Result<std::string> key = read_pem(files, paths.key);
  if (!key) return key.error();
  if (!ca->empty() && ca->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    return tls_error(fmt::format("{} seems invalid: it holds no certificate", printable(paths.ca)));
  }
  const bool encrypted = key->find("BEGIN ENCRYPTED PRIVATE KEY") != std::string::npos ||
                         key->find("Proc-Type: 4,ENCRYPTED") != std::string::npos;
  if (encrypted) {
    return tls_error(fmt::format("private key {} is encrypted, which Docker does not support",
                                 printable(paths.key)));
  }
  // Half a pair proves nothing; Docker drops it too.
  if (certificate->empty() || key->empty()) *certificate = *key = std::string();
  return io::TlsFiles{.ca = std::move(*ca),
                      .certificate = std::move(*certificate),
                      .key = std::move(*key),
                      .verify = paths.verify};
}

// cli/flags/options.go, SetDefaultOptions: for the default context alone. The directory is that of
// the environment even when --config names another one, because Docker computes it before it reads
// its flags.
std::optional<TlsPaths> default_tls(const Sources& from) {
  const bool verify =
      from.flags.tls_verify.value_or(!from.environment.get("DOCKER_TLS_VERIFY").empty());
  const bool wanted = from.flags.tls || !from.environment.get("DOCKER_TLS").empty() ||
                      from.flags.tls_verify.has_value() || verify;
  if (!wanted) return std::nullopt;
  const std::string working_directory = from.environment.get("PWD");
  std::string directory = from.environment.get("DOCKER_CERT_PATH");
  if (directory.empty()) {
    directory = read_docker_config({}, from.environment, from.files).directory;
  }
  const auto place = [&](const std::optional<std::string>& given, std::string_view name) {
    if (given && given->empty()) return std::string();
    return io::join_path(working_directory, given ? *given : io::join_path(directory, name));
  };
  TlsPaths tls{.ca = place(from.flags.tls_ca, "ca.pem"),
               .certificate = place(from.flags.tls_cert, "cert.pem"),
               .key = place(from.flags.tls_key, "key.pem"),
               .verify = verify};
  const auto missing = [&](const std::string& path) {
    return from.files.info(path).type == io::FileType::none;
  };
  if (!from.flags.tls_cert && missing(tls.certificate)) tls.certificate.clear();
  if (!from.flags.tls_key && missing(tls.key)) tls.key.clear();
  return tls;
}

Error malformed(const std::string& why, const Endpoint& endpoint) {
  return {"endpoint-malformed", fmt::format("unable to resolve docker endpoint: {}", why),
          fmt::format("{} says `{}`", endpoint.origin, without_password(endpoint.url)),
          "write it as unix:///path, tcp://host:port or ssh://user@host"};
}

Result<std::uint16_t> port_of(const HostUrl& url, std::uint16_t fallback,
                              const Endpoint& endpoint) {
  if (url.port.empty()) return fallback;
  const auto number = parse_integer(url.port);
  if (!number || *number < 0 || *number > 65535) {
    return malformed(fmt::format("invalid port \"{}\"", url.port), endpoint);
  }
  return static_cast<std::uint16_t>(*number);
}

// cli/connhelper/ssh/ssh.go, newSpec.
Result<Endpoint> complete_ssh(const HostUrl& url, Endpoint endpoint) {
  const std::string invalid = "ssh host connection is not valid: invalid SSH URL: ";
  if (url.has_password) {
    Error error = malformed(invalid + "plain-text password is not supported", endpoint);
    error.why = fmt::format("{} holds a password", endpoint.origin);
    error.fix = fmt::format("use a key or an agent, and ssh://{}@{}", url.user, url.host);
    return error;
  }
  if (url.host.empty()) return malformed(invalid + "hostname is empty", endpoint);
  if (!url.query.empty()) {
    return malformed(
        fmt::format("{}query parameters are not allowed: \"{}\"", invalid, printable(url.query)),
        endpoint);
  }
  if (!url.fragment.empty()) {
    return malformed(
        fmt::format("{}fragments are not allowed: \"{}\"", invalid, printable(url.fragment)),
        endpoint);
  }
  // Quoting for the remote shell has no way to write what cannot be seen.
  for (const std::string* part : {&url.user, &url.host, &url.path}) {
    if (printable(*part) != *part) {
      return malformed(invalid + "it holds characters that cannot be quoted", endpoint);
    }
  }
  const Result<std::uint16_t> port = port_of(url, 0, endpoint);
  if (!port) return port.error();
  endpoint.transport = Transport::ssh;
  endpoint.user = url.user;
  endpoint.host = url.host;
  endpoint.port = *port;
  // A path of slashes alone is none.
  if (url.path.find_first_not_of('/') != std::string::npos) endpoint.path = url.path;
  endpoint.tls.reset();
  return endpoint;
}

Result<Endpoint> complete_tcp(const HostUrl& url, Endpoint endpoint) {
  // Only contexts come without a port, and are then reached where HTTP is.
  constexpr std::uint16_t kHttp = 80, kHttps = 443;
  const Result<std::uint16_t> port = port_of(url, endpoint.tls ? kHttps : kHttp, endpoint);
  if (!port) return port.error();
  if (url.host.empty()) {
    return malformed(
        fmt::format("unable to parse docker host `{}`", without_password(endpoint.url)), endpoint);
  }
  endpoint.transport = Transport::tcp;
  endpoint.url = without_password(endpoint.url);
  endpoint.host = url.host;
  endpoint.port = *port;
  const std::string path = io::normalize_path(url.path);
  endpoint.path = path == "/" || path == "." ? std::string() : path;
  return endpoint;
}

// Takes apart endpoint.url. TLS stays with tcp alone.
Result<Endpoint> complete(Endpoint endpoint) {
  const std::size_t colon = endpoint.url.find("://");
  const std::string scheme = endpoint.url.substr(0, colon);
  const bool bare = colon == std::string::npos || colon + 3 == endpoint.url.size();
  if (bare && scheme != "ssh") {
    return malformed(
        fmt::format("unable to parse docker host `{}`", without_password(endpoint.url)), endpoint);
  }
  if (scheme == "unix") {
    endpoint.transport = Transport::unix_socket;
    endpoint.path = endpoint.url.substr(colon + 3);
    endpoint.tls.reset();
    return endpoint;
  }
  if (scheme == "npipe" || scheme == "fd") {
    Error error = malformed(fmt::format("{}:// cannot be reached from here", scheme), endpoint);
    error.why += scheme == "npipe" ? "; named pipes exist on Windows alone"
                                   : "; inherited sockets are for the daemon alone";
    return error;
  }
  // Contexts may hold `http://`, which Docker reads like tcp but for the base path.
  const bool http = scheme == "http";
  if (!http && scheme != "tcp" && scheme != "ssh") {
    return malformed(
        fmt::format("unable to parse docker host `{}`", without_password(endpoint.url)), endpoint);
  }
  const Result<HostUrl> url = parse_host_url(endpoint.url);
  if (!url) return url.error();
  return scheme == "ssh" ? complete_ssh(*url, std::move(endpoint))
                         : complete_tcp(*url, std::move(endpoint));
}

Result<Endpoint> resolve_default(const Sources& from, Endpoint endpoint) {
  const std::string& variable = from.environment.get("DOCKER_HOST");
  if (from.flags.host) {
    endpoint.origin = "--host";
  } else {
    endpoint.origin = trim(variable).empty() ? "the default socket" : "DOCKER_HOST";
  }
  const std::string written = from.flags.host.value_or(variable);
  const std::optional<TlsPaths> tls = default_tls(from);
  Result<std::string> host = complete_host(written, tls.has_value());
  if (!host) {
    Error error = host.error();
    error.why = fmt::format("{} says `{}`", endpoint.origin, without_password(written));
    return error;
  }
  if (tls) {
    Result<io::TlsFiles> loaded = load(from.files, *tls);
    if (!loaded) return loaded.error();
    endpoint.tls = std::move(*loaded);
  }
  endpoint.url = *host;
  return complete(std::move(endpoint));
}

// Of all contexts that can be read, for "did you mean". At most a thousand are looked at.
std::vector<std::string> known_contexts(const Sources& from, const std::string& store) {
  constexpr std::size_t kMaxContexts = 1000;
  std::vector<std::string> names;
  const Result<std::vector<std::string>> entries = from.files.list(store);
  if (!entries) return names;
  for (std::size_t i = 0; i < std::min(entries->size(), kMaxContexts); ++i) {
    const std::string path = io::join_path(io::join_path(store, (*entries)[i]), "meta.json");
    const Result<std::string> text = from.files.read(path, kMaxFile);
    const auto meta = text ? json::parse(*text) : std::nullopt;
    if (meta) names.push_back(json::text(json::member_any_case(*meta, "Name")));
  }
  return names;
}

Error context_missing(const Sources& from, const ContextName& context, const std::string& path) {
  const std::string store = io::join_path(from.config.directory, "contexts/meta");
  const auto near = nearest(context.name, known_contexts(from, store));
  return {"context-missing",
          fmt::format("unable to resolve docker endpoint: context \"{}\": context not found",
                      printable(context.name)),
          fmt::format("{} names it, but open {}: no such file or directory", context.origin,
                      printable(path)),
          near
              ? fmt::format("did you mean {}? `docker context ls` shows them all", printable(*near))
              : "`docker context ls` shows the contexts there are"};
}

Error context_malformed(const std::string& why, const std::string& path) {
  return {"context-malformed", fmt::format("unable to resolve docker endpoint: {}", why),
          fmt::format("the context is defined by {}", printable(path)),
          "`docker context rm` it and create it again"};
}

struct ContextEndpoint {
  std::string host;
  bool skip_verify = false;
};

Result<ContextEndpoint> read_context(const Sources& from, const ContextName& context) {
  const std::string path = io::join_path(
      from.config.directory, fmt::format("contexts/meta/{}/meta.json", sha256_hex(context.name)));
  const Result<std::string> text = from.files.read(path, kMaxFile);
  if (!text && text.error().code == "file-missing") return context_missing(from, context, path);
  const std::string subject = fmt::format("context \"{}\": ", printable(context.name));
  if (!text) return context_malformed(subject + text.error().why, path);
  const std::optional<json::Value> meta = json::parse(*text);
  if (!meta || !meta->is_object()) {
    return context_malformed(fmt::format("{}parsing {}: it is no JSON object", subject, path),
                             path);
  }
  const json::Value& endpoints = json::member_any_case(*meta, "Endpoints");
  if (!endpoints.is_object() || !endpoints.contains("docker")) {
    return context_malformed("cannot find docker endpoint in context", path);
  }
  const json::Value& docker = json::member(endpoints, "docker");
  const json::Value& host = json::member_any_case(docker, "Host");
  const json::Value& skip = json::member_any_case(docker, "SkipTLSVerify");
  if (!docker.is_object() || !(host.is_null() || host.is_string()) ||
      !(skip.is_null() || skip.is_boolean())) {
    return context_malformed("endpoint \"docker\" is not of type EndpointMeta", path);
  }
  return ContextEndpoint{json::text(host), json::boolean(skip)};
}

// Files of the context's own; TLS is on when there are any, or when verification is off.
std::optional<TlsPaths> context_tls(const Sources& from, const std::string& name,
                                    bool skip_verify) {
  const std::string directory =
      io::join_path(from.config.directory, fmt::format("contexts/tls/{}/docker", sha256_hex(name)));
  const Result<std::vector<std::string>> entries = from.files.list(directory);
  const bool any = entries && !entries->empty();
  if (!any && !skip_verify) return std::nullopt;
  const auto place = [&](const std::string& file) {
    const bool there = any && std::binary_search(entries->begin(), entries->end(), file);
    return there ? io::join_path(directory, file) : std::string();
  };
  return TlsPaths{.ca = place("ca.pem"),
                  .certificate = place("cert.pem"),
                  .key = place("key.pem"),
                  .verify = !skip_verify};
}

Result<Endpoint> resolve_context(const Sources& from, const ContextName& context,
                                 Endpoint endpoint) {
  const Result<ContextEndpoint> meta = read_context(from, context);
  if (!meta) return meta.error();
  endpoint.origin = fmt::format("context {}", printable(context.name));
  endpoint.url = meta->host.empty() ? std::string(kDefaultHost) : meta->host;
  if (const auto tls = context_tls(from, context.name, meta->skip_verify)) {
    Result<io::TlsFiles> loaded = load(from.files, *tls);
    if (!loaded) return loaded.error();
    endpoint.tls = std::move(*loaded);
  }
  return complete(std::move(endpoint));
}

// One record of comma-separated values (RFC 4180); nothing when a quote is out of place.
std::optional<std::vector<std::string>> split_csv(std::string_view text) {
  std::vector<std::string> fields(1);
  bool quoted = false, closed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      fields.back() += text[++i];
    } else if (quoted) {
      if (c == '"') {
        quoted = false;
        closed = true;
      } else {
        fields.back() += c;
      }
    } else if (c == ',') {
      fields.emplace_back();
      closed = false;
    } else if (c == '"' && fields.back().empty() && !closed) {
      quoted = true;
    } else if (c == '"' || closed) {
      return std::nullopt;
    } else if (c == '\n') {
      break;
    } else {
      fields.back() += c;
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

bool is_header_name(std::string_view name) {
  static constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110, token.
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return word || kMarks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

Error header_error(const std::string& why) {
  return {"endpoint-malformed", "unable to resolve docker endpoint", why,
          "mend HttpHeaders in Docker's config.json, or DOCKER_CUSTOM_HEADERS"};
}

// The variable replaces all headers of the file (cli/command/cli_options.go).
Result<std::map<std::string, std::string>> custom_headers(const Sources& from) {
  constexpr std::string_view kVariable = "DOCKER_CUSTOM_HEADERS environment variable";
  std::map<std::string, std::string> headers = from.config.http_headers;
  const std::string& variable = from.environment.get("DOCKER_CUSTOM_HEADERS");
  if (!variable.empty()) {
    headers.clear();
    const auto fields = split_csv(variable);
    if (!fields) {
      return header_error(
          fmt::format("failed to parse custom headers from {}: value must be "
                      "formatted as comma-separated key=value pairs",
                      kVariable));
    }
    for (const std::string& field : *fields) {
      const std::size_t equals = field.find('=');
      const std::string_view name = trim(std::string_view(field).substr(0, equals));
      // The value is not repeated: it may be a token.
      if (name.empty() || equals == std::string::npos) {
        return header_error(fmt::format("failed to set custom headers from {}: {}", kVariable,
                                        name.empty() ? "value contains a key=value pair with an "
                                                       "empty key"
                                                     : "missing \"=\" in key=value pair"));
      }
      headers[std::string(name)] = field.substr(equals + 1);
    }
  }
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name)) {
      return header_error(fmt::format("invalid header field name `{}`", printable(name)));
    }
    if (!is_header_value(value)) {
      return header_error(fmt::format("invalid header field value for `{}`", name));
    }
  }
  return headers;
}

}  // namespace

std::string Endpoint::public_host() const {
  return transport == Transport::unix_socket || host.empty() ? "localhost" : host;
}

Result<Endpoint> resolve_endpoint(const GlobalFlags& flags, const DockerConfig& config,
                                  const io::Environment& environment, const io::FileSystem& files) {
  const Sources from{flags, config, environment, files};
  if (flags.context && !flags.context->empty() && flags.host) {
    return Error{"endpoint-conflict",
                 "conflicting options: cannot specify both --host and --context",
                 "each of them names an Engine", "leave one of them out"};
  }
  const ContextName context = context_name(from);
  const Result<std::map<std::string, std::string>> headers = custom_headers(from);
  if (!headers) return headers.error();
  Endpoint endpoint;
  endpoint.context = context.name;
  endpoint.headers = *headers;
  endpoint.config_directory = config.directory;
  return context.name == kDefaultContext ? resolve_default(from, std::move(endpoint))
                                         : resolve_context(from, context, std::move(endpoint));
}

}  // namespace dockhand::engine
