#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compose/project.h"
#include "engine/container.h"

namespace dockhand::topology {

// Where a published port is reached from this machine.
struct ServiceUrl {
  std::string text;        // `http://localhost:8080/api`
  std::string scheme;      // http, https, postgres, redis, …; tcp when nothing better is known.
  std::string host;        // To connect to: an IPv6 address without its brackets.
  std::uint16_t port = 0;  // Published.
  std::uint16_t container_port = 0;
  bool http() const { return scheme == "http" || scheme == "https"; }
  friend bool operator==(const ServiceUrl&, const ServiceUrl&) = default;
};

// The URLs of a service, the one that matters most first: x-dev's port, then HTTP ones, then
// others, each by container port. Published ports are those the container really has when there is
// one (the Engine may have picked them), else those the file fixes. `host` is
// Endpoint::public_host(); a port bound to one address other than a wildcard is reached under that
// address when the host is local. UDP has no URL. What x-dev says of scheme and base holds for its
// port when it names one, else for every HTTP port; the file's app_protocol goes before the table
// of well-known ports.
std::vector<ServiceUrl> service_urls(const compose::Service& service,
                                     const std::vector<engine::PublishedPort>& published,
                                     const std::string& host);

// The same for a container that no file describes.
std::vector<ServiceUrl> container_urls(const std::vector<engine::PublishedPort>& published,
                                       const std::string& host);

// The scheme by which a well-known container port is spoken (5432: postgres), `https` for 443 and
// 8443, `http` for everything else. Ports that HTTP servers like as well (9000: ClickHouse,
// PHP-FPM) mean something else only under an image whose name says so. One table.
std::string_view scheme_of_port(std::uint16_t container_port, std::string_view image = {});

}  // namespace dockhand::topology
