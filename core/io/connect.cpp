#include "io/connect.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "base/text.h"

namespace dockhand::io {
namespace {

constexpr std::size_t kMaxAddresses = 8;
// Look-ups under way in the whole process: a resolver that hangs must not pile up threads.
constexpr int kMaxLookups = 64;
constexpr Duration kFullBacklogPause = std::chrono::milliseconds(5);

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

Connected failed(ConnectProblem problem, std::string reason) {
  return {Descriptor(), problem, std::move(reason)};
}

Connected ended(Waited waited) {
  if (waited == Waited::stopped) return failed(ConnectProblem::stopped, "cancelled");
  return failed(ConnectProblem::timeout, "no answer in time");
}

Connected failed_with(int error) {
  switch (error) {
    case ECONNREFUSED:
      return failed(ConnectProblem::refused, system_reason(error));
    case ENOENT:
    case ENOTDIR:
      return failed(ConnectProblem::missing, system_reason(error));
    case EACCES:
    case EPERM:
      return failed(ConnectProblem::denied, system_reason(error));
    default:
      return failed(ConnectProblem::unreachable, system_reason(error));
  }
}

Descriptor make_socket(int family) {
  return Descriptor(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

int pending_error(int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

// On one machine a socket may be given, as its own port, the very one that it connects to, and
// then reaches itself: nobody listens there.
bool reached_itself(int fd) {
  Address here, there;
  here.size = there.size = sizeof(sockaddr_storage);
  return getsockname(fd, reinterpret_cast<sockaddr*>(&here.storage), &here.size) == 0 &&
         getpeername(fd, reinterpret_cast<sockaddr*>(&there.storage), &there.size) == 0 &&
         here.size == there.size && std::memcmp(&here.storage, &there.storage, here.size) == 0;
}

Connected connect_to(const Address& address, const Patience& patience,
                     std::optional<Instant> until) {
  Descriptor fd = make_socket(address.storage.ss_family);
  if (!fd) return failed_with(errno);
  const int yes = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (connect(fd.get(), address.get(), address.size) != 0) {
    if (errno != EINPROGRESS && errno != EINTR) return failed_with(errno);
    const Waited waited = patience.wait(fd.get(), POLLOUT, until);
    if (waited != Waited::ready) return ended(waited);
    const int error = pending_error(fd.get());
    if (error != 0) return failed_with(error);
  }
  if (reached_itself(fd.get())) return failed_with(ECONNREFUSED);
  return {std::move(fd)};
}

std::optional<Address> numeric_address(const std::string& host, std::uint16_t port) {
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  if (inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof *v4;
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  if (inet_pton(AF_INET6, host.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.size = sizeof *v6;
    return address;
  }
  return std::nullopt;
}

// A look-up, shared by its thread and by who waits for it, because either may be gone first.
struct Lookup {
  std::string host, port;
  // Written by the thread before it sets `is_done`, read after. The flag only wakes who waits.
  int error = 0;
  std::vector<Address> addresses;
  std::atomic<bool> is_done{false};
  Flag wake;
};

std::atomic<int>& lookups_under_way() {
  static std::atomic<int> count{0};
  return count;
}

void look_up(Lookup& lookup) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  lookup.error = getaddrinfo(lookup.host.c_str(), lookup.port.c_str(), &hints, &found);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> all(lookup.error == 0 ? found : nullptr,
                                                           freeaddrinfo);
  for (const addrinfo* each = all.get(); each && lookup.addresses.size() < kMaxAddresses;
       each = each->ai_next) {
    Address& address = lookup.addresses.emplace_back();
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
  }
}

struct Resolved {
  std::vector<Address> addresses;
  Connected failure;  // Means something when there are no addresses.
};

Resolved failed_lookup(Connected failure) { return {{}, std::move(failure)}; }

Resolved resolve_by_system(const std::string& host, std::uint16_t port, const Patience& patience) {
  const auto lookup = std::make_shared<Lookup>();
  lookup->host = host;
  lookup->port = std::to_string(port);
  if (lookups_under_way().fetch_add(1) >= kMaxLookups) {
    lookups_under_way().fetch_sub(1);
    return failed_lookup(failed(ConnectProblem::unreachable, "too many names are being looked up"));
  }
  try {
    std::thread([lookup] {
      look_up(*lookup);
      lookups_under_way().fetch_sub(1);
      lookup->is_done = true;
      lookup->wake.raise();
    }).detach();
  } catch (const std::exception& error) {
    lookups_under_way().fetch_sub(1);
    return failed_lookup(failed(ConnectProblem::unreachable, error.what()));
  }
  const Waited waited = patience.wait(lookup->wake.fd(), POLLIN);
  if (waited != Waited::ready || !lookup->is_done) return failed_lookup(ended(waited));
  if (lookup->error != 0) {
    const std::string words = to_lower_ascii(gai_strerror(lookup->error));
    return failed_lookup(
        failed(ConnectProblem::unreachable, "cannot look up " + host + ": " + words));
  }
  return {std::move(lookup->addresses), {}};
}

Resolved resolve(const std::string& host, std::uint16_t port, const Patience& patience) {
  if (const std::optional<Address> address = numeric_address(host, port)) return {{*address}, {}};
  const std::string name = to_lower_ascii(host);
  if (name == "localhost" || name.ends_with(".localhost")) {
    return {{*numeric_address("127.0.0.1", port), *numeric_address("::1", port)}, {}};
  }
  if (host.find('\0') != std::string::npos) {
    return failed_lookup(failed(ConnectProblem::unreachable, "not a host name"));
  }
  return resolve_by_system(host, port, patience);
}

std::optional<Instant> share_of_time(const Patience& patience, std::size_t addresses_left) {
  if (!patience.deadline()) return std::nullopt;
  const Instant now = std::chrono::steady_clock::now();
  return now + (*patience.deadline() - now) / static_cast<long>(addresses_left);
}

}  // namespace

Connected connect_tcp(const std::string& host, std::uint16_t port, const Patience& patience) {
  Resolved resolved = resolve(host, port, patience);
  if (resolved.addresses.empty()) return std::move(resolved.failure);
  Connected worst;
  for (std::size_t i = 0; i < resolved.addresses.size(); ++i) {
    const std::size_t left = resolved.addresses.size() - i;
    Connected attempt = connect_to(resolved.addresses[i], patience, share_of_time(patience, left));
    if (attempt.socket || attempt.problem == ConnectProblem::stopped) return attempt;
    // "Refused" says the most: the machine is there, and nobody listens.
    if (i == 0 || attempt.problem == ConnectProblem::refused) worst = std::move(attempt);
  }
  return worst;
}

Connected connect_unix(const std::string& path, const Patience& patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return failed(ConnectProblem::unreachable, "the path of a socket has 1 to 107 bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  // An abstract name has exactly its own length, and no NUL at its end.
  const bool is_abstract = path.starts_with('@');
  if (is_abstract) address.sun_path[0] = '\0';
  const std::size_t size = offsetof(sockaddr_un, sun_path) + path.size() + (is_abstract ? 0 : 1);
  for (;;) {
    Descriptor fd = make_socket(AF_UNIX);
    if (!fd) return failed_with(errno);
    const auto* const generic = reinterpret_cast<const sockaddr*>(&address);
    if (connect(fd.get(), generic, static_cast<socklen_t>(size)) == 0) return {std::move(fd)};
    // EAGAIN: more callers are waiting than the listener lets wait. There is nothing to poll for.
    if (errno != EAGAIN && errno != EINTR) return failed_with(errno);
    patience.wait({}, patience.earlier_of(kFullBacklogPause));
    if (patience.state() != Waited::ready) return ended(patience.state());
  }
}

}  // namespace dockhand::io
