#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/container.h"
#include "engine/endpoint.h"
#include "engine/event.h"
#include "io/file_system.h"
#include "io/process.h"

namespace dockhand::engine {

// The newest and oldest API version whose answers Dockhand has been shown to read.
inline constexpr std::string_view kNewestApi = "1.51";
inline constexpr std::string_view kOldestApi = "1.40";

struct EngineInfo {
  std::string version;  // `20.10.24`; empty when the Engine does not say.
  std::string api;      // Negotiated: `1.41`.
  std::string os;       // `linux`, `windows`
};

// Which containers to list; empty fields ask for all.
struct ContainerFilter {
  std::string project = {};  // By label.
  bool compose_only = true;  // Only containers that belong to some project.
};

// A Docker Engine. Thread-safe; calls run in parallel. Every text in what it returns that came
// from a container is untrusted. Errors, each with why and fix for people:
// `engine-no-socket`, `engine-no-permission`, `engine-down`, `engine-unreachable`, `engine-tls`,
// `engine-ssh`, `engine-too-old`, `engine-too-new`, `engine-timeout`, `engine-garbage` (what
// answered is no Engine), `engine-closed`, `container-missing`, `engine-refused` (the Engine's own
// message), `cancelled`.
class Engine {
 public:
  virtual ~Engine() = default;

  virtual const Endpoint& endpoint() const = 0;

  // Negotiates on the first call and after an Engine was lost; later calls answer from memory.
  virtual Result<EngineInfo> info(std::stop_token stop = {}) = 0;

  virtual Result<std::vector<ContainerSummary>> list(const ContainerFilter& filter,
                                                     std::stop_token stop = {}) = 0;
  virtual Result<Container> inspect(const std::string& id, std::stop_token stop = {}) = 0;

  // Events of containers, as they happen, from `since` on (inclusive: the caller drops those it
  // has seen), until `stop` is requested or the stream breaks, which is an Error; the caller
  // reconnects. `on_open` is called once the Engine has begun to answer. Callbacks run on the
  // calling thread and must not throw. Exec events, which every health probe makes three of, are
  // filtered out. A stream that was stopped is no Error.
  virtual Result<void> events(std::optional<Time> since, const std::function<void()>& on_open,
                              const std::function<void(const Event&)>& on_event,
                              std::stop_token stop) = 0;
};

// What a real Engine is reached with.
struct EngineOptions {
  // Of each call, and of the wait for the head of events(). Over ssh at least 35 seconds, because
  // ssh may have to connect first, for which it has thirty.
  Duration timeout = std::chrono::seconds(10);
  std::string api_version = {};      // DOCKER_API_VERSION: no negotiation.
  io::Environment environment = {};  // For ssh.
  Logger log = {};
  // Where messages look up whose a socket is. Null is the real one; must outlive the Engine.
  const io::FileSystem* files = nullptr;
};

// Connects to nothing until it is first asked.
std::unique_ptr<Engine> make_engine(Endpoint endpoint, EngineOptions options);

// An Engine in memory: for tests, and recording what it was asked. Thread-safe. Events happen a
// millisecond apart, from the epoch on; the last 256 are remembered for `since`.
class MemoryEngine final : public Engine {
 public:
  explicit MemoryEngine(Endpoint endpoint = {});

  // Puts a container there (replacing one of the same id), or takes it away, and tells listeners
  // with an event of this action; an empty action tells nobody.
  void put(Container container, const std::string& action, const std::string& detail = {});
  void remove(const std::string& id);
  // Ends every open stream with this error, as an Engine that restarts does.
  void break_streams(const Error& error);
  // From now on every call fails with this error; nothing heals it.
  void fail(std::optional<Error> error);

  struct Calls {
    int info = 0, list = 0, inspect = 0, events = 0;
    friend bool operator==(const Calls&, const Calls&) = default;
  };
  Calls calls() const;
  void forget_calls();

  const Endpoint& endpoint() const override { return endpoint_; }
  Result<EngineInfo> info(std::stop_token stop) override;
  Result<std::vector<ContainerSummary>> list(const ContainerFilter& filter,
                                             std::stop_token stop) override;
  Result<Container> inspect(const std::string& id, std::stop_token stop) override;
  Result<void> events(std::optional<Time> since, const std::function<void()>& on_open,
                      const std::function<void(const Event&)>& on_event,
                      std::stop_token stop) override;

 private:
  struct State;
  Endpoint endpoint_;
  std::shared_ptr<State> state_;
};

}  // namespace dockhand::engine
