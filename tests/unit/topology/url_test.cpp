#include "topology/url.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "compose/loader.h"

namespace dockhand::topology {
namespace {

// A service as a Compose file has it: what stands below its name.
compose::Service service(std::string_view body) {
  io::MemoryFileSystem files;
  std::string text = "services:\n  web:\n";
  for (std::string_view line : split_lines(body)) text += "    " + std::string(line) + "\n";
  files.write("/p/compose.yaml", text);
  compose::LoadOptions options;
  options.working_directory = "/p";
  Result<compose::Project> project = compose::load(options, files);
  REQUIRE(project);
  return project->services.at(0);
}

std::string texts(const std::vector<ServiceUrl>& urls) {
  std::vector<std::string> result;
  for (const ServiceUrl& url : urls) result.push_back(url.text);
  return join(result, " ");
}

engine::PublishedPort port(std::string host_ip, std::uint16_t outside, std::uint16_t inside,
                           std::string protocol = "tcp") {
  return {std::move(host_ip), outside, inside, std::move(protocol)};
}

}  // namespace

TEST_CASE("URLs by what the file says") {
  struct Case {
    std::string_view body, host, urls;
  };
  const Case cases[] = {
      {"image: nginx", "localhost", ""},
      {"ports: ['8080:80']", "localhost", "http://localhost:8080"},
      {"ports: ['8080:80']", "build.example.com", "http://build.example.com:8080"},
      {"ports: ['80']", "localhost", ""},
      {"ports: ['8000-8005:80']", "localhost", ""},
      {"ports: ['8080:80/udp']", "localhost", ""},
      {"ports: ['8000-8001:80-81']", "localhost", "http://localhost:8000 http://localhost:8001"},
      {"ports: ['5432:5432', '9443:443', '8080:8080']", "localhost",
       "https://localhost:9443 http://localhost:8080 postgres://localhost:5432"},
      // x-dev decides what comes first, and that it speaks HTTP.
      {"ports: ['8080:80', '9090:9090']\nx-dev: {port: 9090}", "localhost",
       "http://localhost:9090 http://localhost:8080"},
      {"ports: ['7000:6379']\nx-dev: {port: 6379}", "localhost", "http://localhost:7000"},
      {"ports: ['8080:80', '9090:90']\nx-dev: {base: /api}", "localhost",
       "http://localhost:8080/api http://localhost:9090/api"},
      {"ports: ['8080:80', '9090:90']\nx-dev: {base: api, port: 90}", "localhost",
       "http://localhost:9090/api http://localhost:8080"},
      {"ports: ['8080:80']\nx-dev: {scheme: https}", "localhost", "https://localhost:8080"},
      {"ports: ['5432:5432']\nx-dev: {scheme: https, base: /x}", "localhost",
       "postgres://localhost:5432"},
      {"ports: ['8443:8443']\nx-dev: {port: 8443}", "localhost", "https://localhost:8443"},
      // Addresses.
      {"ports: ['0.0.0.0:8080:80']", "localhost", "http://localhost:8080"},
      {"ports: ['[::]:8080:80']", "localhost", "http://localhost:8080"},
      {"ports: ['127.0.0.2:8080:80']", "localhost", "http://127.0.0.2:8080"},
      {"ports: ['[::1]:8080:80']", "localhost", "http://[::1]:8080"},
      {"ports: ['127.0.0.1:8080:80']", "build.example.com", "http://build.example.com:8080"},
      {"ports: ['8080:80']", "fe80::1", "http://[fe80::1]:8080"},
      // Ports that others use as well.
      {"image: clickhouse/clickhouse-server\nports: ['9000:9000']", "localhost",
       "clickhouse://localhost:9000"},
      {"image: minio/minio\nports: ['9000:9000']", "localhost", "http://localhost:9000"},
      {"image: php:8-fpm\nports: ['9000:9000']", "localhost", "fastcgi://localhost:9000"},
      {"ports: [{target: 6000, published: 6000, app_protocol: grpc}]", "localhost",
       "grpc://localhost:6000"},
      {"ports: [{target: 6379, published: 6000, app_protocol: http}]", "localhost",
       "http://localhost:6000"},
      {"ports: [{target: 80, published: 6000, app_protocol: 'a b'}]", "localhost",
       "http://localhost:6000"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.body);
    CHECK(texts(service_urls(service(test.body), {}, std::string(test.host))) == test.urls);
  }
}

TEST_CASE("a container's ports count before the file's") {
  const compose::Service web = service("ports: ['80', '8443:443']\nx-dev: {base: /app}");
  const std::vector<engine::PublishedPort> published = {
      port("0.0.0.0", 49153, 80), port("127.0.0.1", 8443, 443), port("0.0.0.0", 53, 53, "udp"),
      port("", 0, 81)};
  CHECK(texts(service_urls(web, published, "localhost")) ==
        "http://localhost:49153/app https://127.0.0.1:8443/app");
  CHECK(texts(container_urls(published, "localhost")) ==
        "http://localhost:49153 https://127.0.0.1:8443");
}

TEST_CASE("a URL in its parts") {
  const auto urls = container_urls({port("::1", 6380, 6379)}, "localhost");
  REQUIRE(urls.size() == 1);
  CHECK(urls[0] == ServiceUrl{"redis://[::1]:6380", "redis", "::1", 6380, 6379});
  CHECK_FALSE(urls[0].http());
}

TEST_CASE("the same address twice is one URL") {
  CHECK(texts(container_urls({port("0.0.0.0", 80, 80), port("::", 80, 80)}, "localhost")) ==
        "http://localhost:80");
}

TEST_CASE("well-known ports") {
  struct Case {
    std::uint16_t port;
    std::string_view scheme;
  };
  const Case cases[] = {
      {5432, "postgres"},   {3306, "mysql"}, {6379, "redis"},  {27017, "mongodb"},
      {5672, "amqp"},       {9092, "kafka"}, {4222, "nats"},   {9042, "cassandra"},
      {11211, "memcached"}, {1433, "mssql"}, {1521, "oracle"}, {389, "ldap"},
      {25, "smtp"},         {587, "smtp"},   {22, "ssh"},      {1883, "mqtt"},
      {2181, "zookeeper"},  {443, "https"},  {8443, "https"},  {80, "http"},
      {2379, "http"},       {9200, "http"},  {9000, "http"},   {15672, "http"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.port);
    CHECK(scheme_of_port(test.port) == test.scheme);
  }
}

}  // namespace dockhand::topology
