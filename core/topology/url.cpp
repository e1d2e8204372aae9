#include "topology/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace dockhand::topology {
namespace {

struct KnownPort {
  std::uint16_t port;
  std::string_view scheme;
  std::string_view image = {};  // Only under images whose name holds this word.
};

// What listens on a port by its registration at IANA or by the default of its software. HTTP is not
// listed: it is what everything else is taken for.
constexpr KnownPort kPorts[] = {
    {21, "ftp"},
    {22, "ssh"},
    {25, "smtp"},
    {53, "dns"},
    {110, "pop3"},
    {143, "imap"},
    {389, "ldap"},
    {443, "https"},
    {445, "smb"},
    {465, "smtps"},
    {554, "rtsp"},
    {587, "smtp"},
    {636, "ldaps"},
    {993, "imaps"},
    {995, "pop3s"},
    {1025, "smtp"},
    {1433, "mssql"},
    {1521, "oracle"},
    {1883, "mqtt"},
    {1935, "rtmp"},
    {2049, "nfs"},
    {2181, "zookeeper"},
    {3306, "mysql"},
    {3389, "rdp"},
    {4222, "nats"},
    {4317, "grpc"},
    {5044, "tcp"},
    {5222, "xmpp"},
    {5432, "postgres"},
    {5671, "amqps"},
    {5672, "amqp"},
    {5900, "vnc"},
    {6379, "redis"},
    {6650, "pulsar"},
    {7687, "bolt"},
    {8443, "https"},
    {8883, "mqtts"},
    {9000, "clickhouse", "clickhouse"},
    {9000, "fastcgi", "fpm"},
    {9042, "cassandra"},
    {9092, "kafka"},
    {9300, "tcp", "elasticsearch"},
    {9300, "tcp", "opensearch"},
    {11211, "memcached"},
    {26257, "postgres"},
    {27017, "mongodb"},
    {28015, "rethinkdb"},
    {29092, "kafka"},
    {33060, "mysqlx"},
    {50051, "grpc"},
    {61613, "stomp"},
    {61616, "openwire"},
};

bool is_wildcard(std::string_view address) {
  return address.empty() || address == "0.0.0.0" || address == "::" || address == "[::]";
}

bool is_local(std::string_view host) {
  return host == "localhost" || host == "::1" || host.substr(0, 4) == "127.";
}

// What URLs and connections need of one published port.
struct Binding {
  std::string host_ip;
  std::uint16_t published = 0;
  std::uint16_t target = 0;
};

std::vector<Binding> bindings_of(const std::vector<engine::PublishedPort>& published) {
  std::vector<Binding> bindings;
  for (const engine::PublishedPort& port : published) {
    if (port.protocol != "tcp" || port.host_port == 0) continue;
    bindings.push_back({port.host_ip, port.host_port, port.container_port});
  }
  return bindings;
}

// Ports that the file leaves to the Engine, wholly or within a range, are unknown until it runs.
std::vector<Binding> bindings_of(const compose::Service& service) {
  std::vector<Binding> bindings;
  for (const compose::Port& port : service.ports) {
    if (port.protocol != compose::Protocol::tcp || port.published == 0) continue;
    if (port.published_end != port.published) continue;
    bindings.push_back({port.host_ip, port.published, port.target});
  }
  return bindings;
}

bool is_scheme(std::string_view text) {
  return !text.empty() && text.size() <= 20 && text[0] >= 'a' && text[0] <= 'z' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") ==
             std::string_view::npos;
}

std::string_view app_protocol(const compose::Service& service, std::uint16_t target) {
  for (const compose::Port& port : service.ports) {
    if (port.target == target && is_scheme(port.app_protocol)) return port.app_protocol;
  }
  return {};
}

ServiceUrl make_url(const Binding& binding, std::string_view scheme, std::string_view base,
                    const std::string& host) {
  ServiceUrl url;
  url.scheme = scheme;
  url.host = is_local(host) && !is_wildcard(binding.host_ip) ? binding.host_ip : host;
  if (url.host.size() > 2 && url.host.front() == '[' && url.host.back() == ']') {
    url.host = url.host.substr(1, url.host.size() - 2);
  }
  url.port = binding.published;
  url.container_port = binding.target;
  const bool brackets = url.host.find(':') != std::string::npos;
  url.text = fmt::format("{}://{}{}{}:{}", scheme, brackets ? "[" : "", url.host,
                         brackets ? "]" : "", url.port);
  if (url.http() && !base.empty()) url.text += fmt::format("{}{}", base[0] == '/' ? "" : "/", base);
  return url;
}

void sort(std::vector<ServiceUrl>& urls, std::optional<std::uint16_t> first) {
  const auto rank = [&](const ServiceUrl& url) {
    const int kind = first && url.container_port == *first ? 0 : url.http() ? 1 : 2;
    return std::tuple(kind, url.container_port, url.port);
  };
  std::stable_sort(urls.begin(), urls.end(),
                   [&](const ServiceUrl& a, const ServiceUrl& b) { return rank(a) < rank(b); });
  urls.erase(std::unique(urls.begin(), urls.end()), urls.end());
}

}  // namespace

std::string_view scheme_of_port(std::uint16_t container_port, std::string_view image) {
  for (const KnownPort& known : kPorts) {
    if (known.port == container_port && image.find(known.image) != std::string_view::npos)
      return known.scheme;
  }
  return "http";
}

std::vector<ServiceUrl> service_urls(const compose::Service& service,
                                     const std::vector<engine::PublishedPort>& published,
                                     const std::string& host) {
  const compose::XDev& x_dev = service.x_dev;
  std::vector<ServiceUrl> urls;
  for (const Binding& binding : published.empty() ? bindings_of(service) : bindings_of(published)) {
    const bool named = x_dev.port == binding.target;
    const bool meant = named || !x_dev.port;
    std::string_view scheme = app_protocol(service, binding.target);
    if (scheme.empty()) scheme = scheme_of_port(binding.target, service.image);
    // Whoever names a port in x-dev says that it speaks HTTP.
    if (named && scheme != "https") scheme = "http";
    if (meant && x_dev.https && scheme == "http") scheme = "https";
    urls.push_back(
        make_url(binding, scheme, meant ? std::string_view(x_dev.base) : std::string_view(), host));
  }
  sort(urls, x_dev.port);
  return urls;
}

std::vector<ServiceUrl> container_urls(const std::vector<engine::PublishedPort>& published,
                                       const std::string& host) {
  std::vector<ServiceUrl> urls;
  for (const Binding& binding : bindings_of(published)) {
    urls.push_back(make_url(binding, scheme_of_port(binding.target), {}, host));
  }
  sort(urls, std::nullopt);
  return urls;
}

}  // namespace dockhand::topology
