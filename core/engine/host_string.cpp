#include "engine/host_string.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace dockhand::engine {
namespace {

constexpr std::string_view kDefaultSocket = "unix:///var/run/docker.sock";
constexpr std::string_view kDefaultPipe = "npipe:////./pipe/docker_engine";
constexpr std::string_view kDefaultHost = "localhost";
constexpr std::string_view kDefaultPort = "2375";
constexpr std::string_view kDefaultTls = "tcp://localhost:2376";
constexpr std::string_view kForms =
    "write it as unix:///path, tcp://host:port or ssh://user@host, in -H, DOCKER_HOST or the "
    "context";

// `why` must have been made showable.
Error malformed(const std::string& why, std::string_view written) {
  return {"endpoint-malformed", fmt::format("unable to resolve docker endpoint: {}", why),
          fmt::format("the address is `{}`", without_password(written)), std::string(kForms)};
}

// As net/url quotes: the URL, then the reason.
Error unparsable(std::string_view url, const std::string& reason) {
  return malformed(fmt::format("parse \"{}\": {}", without_password(url), printable(reason)), url);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Part { host, zone, user, path };

// What net/url lets stand unencoded in a host (RFC 3986 reg-name, and what it tolerates).
bool fits_host(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return true;
  const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  constexpr std::string_view kMarks = "-._~!$&'()*+,;=:[]<>\"%";
  return word || kMarks.find(c) != std::string_view::npos;
}

// Percent-decoding with net/url's rules: a host's own name may escape nothing but bytes beyond
// ASCII, a zone may escape more.
Result<std::string> decode(std::string_view text, Part part, std::string_view url) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (part == Part::host && !fits_host(text[i])) {
        return unparsable(url, fmt::format("invalid character \"{}\" in host name", text[i]));
      }
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    const std::string_view escape = text.substr(i, 3);
    constexpr int kFirstBeyondAscii = 8;  // As the high digit of a byte.
    const bool foreign = part == Part::host && high < kFirstBeyondAscii && escape != "%25";
    if (high < 0 || low < 0 || foreign) {
      return unparsable(url, fmt::format("invalid URL escape \"{}\"", escape));
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

bool is_number(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error bad_port(std::string_view url, std::string_view rest) {
  return unparsable(url, fmt::format("invalid port \"{}\" after host", rest));
}

// `host`, `host:port`, `[v6]` or `[v6%25zone]:port`.
Result<void> read_host(std::string_view text, std::string_view whole, HostUrl& url) {
  std::string_view name = text, rest;
  if (!text.empty() && text.front() == '[') {
    const std::size_t end = text.rfind(']');
    if (end == std::string_view::npos) return unparsable(whole, "missing ']' in host");
    name = text.substr(1, end - 1);
    rest = text.substr(end + 1);
    url.bracketed = true;
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    name = text.substr(0, colon);
    rest = text.substr(colon);
  }
  if (!rest.empty() && (rest.front() != ':' || !is_number(rest.substr(1)))) {
    return bad_port(whole, rest);
  }
  const std::size_t zone = url.bracketed ? name.find("%25") : std::string_view::npos;
  Result<std::string> host = decode(name.substr(0, zone), Part::host, whole);
  if (!host) return host.error();
  url.host = *host;
  if (zone != std::string_view::npos) {
    Result<std::string> decoded = decode(name.substr(zone), Part::zone, whole);
    if (!decoded) return decoded.error();
    url.host += *decoded;
  }
  if (!rest.empty()) url.port = rest.substr(1);
  return {};
}

Result<void> read_authority(std::string_view text, std::string_view whole, HostUrl& url) {
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    const std::string_view info = text.substr(0, at);
    const std::size_t colon = info.find(':');
    url.has_password = colon != std::string_view::npos;
    Result<std::string> user = decode(info.substr(0, colon), Part::user, whole);
    if (!user) return user.error();
    url.user = *user;
    text.remove_prefix(at + 1);
  }
  return read_host(text, whole, url);
}

// The text before `mark`, of which it and what follows is taken off.
std::string cut_from(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {};
  std::string tail(text.substr(at + 1));
  text = text.substr(0, at);
  return tail;
}

// Docker takes a scheme that was written twice for one.
std::string_view without_prefix(std::string_view text, std::string_view scheme) {
  const std::string prefix = fmt::format("{}://", scheme);
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

Result<std::string> complete_tcp(std::string_view written) {
  const std::string_view address = without_prefix(written, "tcp");
  if (address.empty()) return fmt::format("tcp://{}:{}", kDefaultHost, kDefaultPort);
  if (address.find("://") != std::string_view::npos) {
    return malformed(fmt::format("invalid proto, expected tcp: {}", without_password(address)),
                     address);
  }
  Result<HostUrl> url = parse_host_url(fmt::format("tcp://{}", address));
  if (!url) return url.error();
  // Docker adds the default port by putting brackets around whatever has colons, which does not
  // work out for a host that brought its own.
  const bool open_port = address.size() >= 2 && address.substr(address.size() - 2) == "]:";
  if (url->bracketed && url->port.empty() && !open_port) {
    return malformed(fmt::format("invalid bind address format: {}", without_password(address)),
                     address);
  }
  std::string host = url->host, port = url->port;
  if (!url->bracketed && host.find(':') != std::string::npos) {
    // A bare IPv6 address: what looked like its port was its last group.
    host = fmt::format("{}:{}", host, port);
    port.clear();
  }
  if (host.empty()) host = kDefaultHost;
  if (port.empty()) port = kDefaultPort;
  return fmt::format("tcp://{}{}", join_host_port(host, port), url->path);
}

Result<std::string> complete_simple(std::string_view scheme, std::string_view written,
                                    std::string_view fallback) {
  const std::string_view address = without_prefix(written, scheme);
  if (address.find("://") != std::string_view::npos) {
    return malformed(
        fmt::format("invalid proto, expected {}: {}", scheme, without_password(address)), address);
  }
  return address.empty() ? std::string(fallback) : fmt::format("{}://{}", scheme, address);
}

}  // namespace

std::string without_password(std::string_view url) {
  const std::size_t at = url.rfind('@');
  if (at == std::string_view::npos) return printable(url);
  const std::size_t scheme = url.substr(0, at).find("://");
  const std::size_t colon = url.find(':', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (colon > at) return printable(url);
  return printable(fmt::format("{}:***{}", url.substr(0, colon), url.substr(at)));
}

std::string join_host_port(std::string_view host, std::string_view port) {
  const bool brackets = host.find_first_of(":%") != std::string_view::npos;
  return brackets ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<HostUrl> parse_host_url(std::string_view text) {
  const std::string_view whole = text;
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
  if (control) return unparsable(whole, "net/url: invalid control character in URL");
  HostUrl url;
  url.fragment = cut_from(text, '#');
  url.query = cut_from(text, '?');
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return unparsable(whole, "missing protocol scheme");
  url.scheme = to_lower_ascii(text.substr(0, colon));
  text.remove_prefix(colon + 3);
  const std::size_t slash = std::min(text.find('/'), text.size());
  Result<void> authority = read_authority(text.substr(0, slash), whole, url);
  if (!authority) return authority.error();
  Result<std::string> path = decode(text.substr(slash), Part::path, whole);
  if (!path) return path.error();
  url.path = *path;
  return url;
}

Result<std::string> complete_host(std::string_view written, bool tls) {
  const std::string_view host = trim(written);
  if (host.empty()) return std::string(tls ? kDefaultTls : kDefaultSocket);
  const std::size_t colon = host.find("://");
  const std::string_view scheme = host.substr(0, colon);
  if (colon == std::string_view::npos) return complete_tcp(host);
  const std::string_view address = host.substr(colon + 3);
  if (scheme == "tcp") return complete_tcp(address);
  if (scheme == "unix") return complete_simple(scheme, address, kDefaultSocket);
  if (scheme == "npipe") return complete_simple(scheme, address, kDefaultPipe);
  if (scheme == "fd" || scheme == "ssh") return std::string(host);
  return malformed(fmt::format("invalid bind address format: {}", without_password(host)), host);
}

}  // namespace dockhand::engine
