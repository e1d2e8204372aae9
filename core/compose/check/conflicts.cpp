#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "check/rules.h"
#include "compose/ports.h"

namespace dockhand::check {
namespace {

using compose::Origin;
using compose::Port;
using compose::Value;

// True when the service runs, and in a network of its own: else it publishes nothing.
bool publishes(const Subject& subject) {
  if (!subject.service->enabled || subject.service->replicas == 0) return false;
  const Value* mode = find(*subject.value, "network_mode");
  return !mode || mode->text() == "bridge" || mode->text() == "default";
}

// Services and jobs share their names, active or not.
void check_names(Scene& scene) {
  for (const compose::Service& job : scene.project().jobs) {
    const Subject* first = scene.find(job.name);
    if (!first || first->is_job) continue;
    scene.add(
        "duplicate-name", job.name_origin,
        fmt::format("{} is a service already; give the job another name", printable(job.name)));
  }
}

void check_container_names(Scene& scene) {
  std::unordered_map<std::string_view, const Subject*> first;
  for (const Subject& subject : scene.subjects()) {
    const std::string& name = subject.service->container_name;
    if (name.empty() || !subject.service->enabled) continue;
    const auto [place, fresh] = first.emplace(name, &subject);
    if (fresh) continue;
    const Value* written = subject.value->find("container_name");
    scene.add("duplicate-container-name", written->origin,
              fmt::format("{} has this container name too; give each its own, or none",
                          printable(place->second->service->name)));
  }
}

bool is_any(std::string_view address) {
  return address.empty() || address == "0.0.0.0" || address == "::";
}

bool is_ipv6(std::string_view address) { return address.find(':') != std::string_view::npos; }

// True when nothing can listen on both addresses at once.
bool overlap(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty() || a == b) return true;
  return (is_any(a) || is_any(b)) && is_ipv6(a) == is_ipv6(b);
}

// Published to exactly one port of the host; from a range the Engine takes what is free.
bool is_fixed(const Port& port) {
  return port.published != 0 && port.published == port.published_end;
}

std::string shown(std::string_view address, std::uint16_t port) {
  if (address.empty()) return fmt::format("port {}", port);
  return is_ipv6(address) ? fmt::format("port [{}]:{}", address, port)
                          : fmt::format("port {}:{}", printable(address), port);
}

class HostPorts {
 public:
  explicit HostPorts(Scene& scene) : scene_(scene) {
    for (const UsedPort& used : scene.wishes().used_ports) {
      used_.emplace(key(used.port, used.protocol), &used);
    }
  }

  void check(const Subject& subject) {
    if (!publishes(subject)) return;
    for (const Port& port : subject.service->ports) {
      if (!is_fixed(port)) continue;
      const auto [begin, end] = taken_.equal_range(key(port.published, port.protocol));
      const auto other = std::find_if(begin, end, [&](const auto& entry) {
        return overlap(entry.second.port->host_ip, port.host_ip);
      });
      if (other != end) {
        tell(subject, port, other->second);
      } else {
        check_used(port);
        taken_.emplace(key(port.published, port.protocol), Taken{&subject, &port});
      }
    }
  }

 private:
  struct Taken {
    const Subject* subject;
    const Port* port;
  };

  static std::uint32_t key(std::uint16_t port, compose::Protocol protocol) {
    return static_cast<std::uint32_t>(port) << 2 | static_cast<std::uint32_t>(protocol);
  }

  // The port's number in the entry, where it is written as such.
  Origin place(const Port& port) const {
    return scene_.part(port.origin, std::to_string(port.published));
  }

  void tell(const Subject& subject, const Port& port, const Taken& other) {
    const bool same = other.subject == &subject;
    scene_.add("duplicate-host-port", place(port),
               fmt::format("{} is published {} already, at {}; choose another one",
                           shown(port.host_ip, port.published),
                           same ? "here" : "by " + printable(other.subject->service->name),
                           scene_.project().place(other.port->origin)));
  }

  void check_used(const Port& port) {
    const auto [begin, end] = used_.equal_range(key(port.published, port.protocol));
    const auto found = std::find_if(begin, end, [&](const auto& entry) {
      return overlap(entry.second->host_ip, port.host_ip);
    });
    if (found == end) return;
    scene_.add("host-port-in-use", place(port),
               fmt::format("{} is held by {}; choose another one, or stop that",
                           shown(port.host_ip, port.published), printable(found->second->holder)));
  }

  Scene& scene_;
  std::unordered_multimap<std::uint32_t, const UsedPort*> used_;
  std::unordered_multimap<std::uint32_t, Taken> taken_;
};

// What is mounted where in one container.
class Mounts {
 public:
  Mounts(Scene& scene, const Subject& subject) : scene_(scene), subject_(subject) {}

  void check() {
    for_each("tmpfs",
             [&](const Value& item) { add(before_colon(item.text()), item.origin, "tmpfs"); });
    for_each("volumes", [&](const Value& item) {
      const Value* target = item.map() ? find(item, "target") : nullptr;
      if (target) add(target->text(), target->origin, "volumes");
    });
    for_each("secrets", [&](const Value& item) { add_file(item, "/run/secrets/", "secrets"); });
    for_each("configs", [&](const Value& item) { add_file(item, "/", "configs"); });
  }

 private:
  struct Mount {
    Origin origin;
    std::string written;
  };

  template <class Visit>
  void for_each(std::string_view key, Visit visit) {
    const Value* value = subject_.value->find(key);
    if (!value) return;
    if (value->scalar()) visit(*value);
    if (const Value::List* list = value->list()) {
      for (const Value& item : *list) visit(item);
    }
  }

  static std::string_view before_colon(std::string_view text) {
    return text.substr(0, text.find(':'));
  }

  void add_file(const Value& item, std::string_view directory, std::string_view key) {
    const Value* target = item.map() ? find(item, "target") : nullptr;
    const Value* source = item.map() ? find(item, "source") : &item;
    const Value* written = target ? target : source;
    if (!written || written->text().empty()) return;
    add(io::join_path(directory, written->text()), written->origin, key);
  }

  void add(std::string_view target, Origin where, std::string_view key) {
    if (target.empty()) return;
    const auto [place, fresh] =
        taken_.emplace(io::normalize_path(target), Mount{where, std::string(target)});
    if (fresh) return;
    const bool both_files = key == "secrets" || key == "configs";
    std::string message =
        fmt::format("something is mounted on {} already, at {}; choose another path",
                    printable(place->first), scene_.project().place(place->second.origin));
    const Origin at = scene_.part(where, target);
    // Compose itself compares tmpfs and volumes only, and those as they are written.
    if (both_files || place->second.written != target)
      return scene_.warn("duplicate-mount", at, std::move(message));
    scene_.refuse(subject_, "duplicate-mount", at, std::move(message));
  }

  Scene& scene_;
  const Subject& subject_;
  std::unordered_map<std::string, Mount> taken_;
};

}  // namespace

void check_conflicts(Scene& scene) {
  check_names(scene);
  check_container_names(scene);
  HostPorts ports(scene);
  for (const Subject& subject : scene.subjects()) {
    ports.check(subject);
    Mounts(scene, subject).check();
  }
}

}  // namespace dockhand::check
