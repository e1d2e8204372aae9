#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <list>
#include <utility>

#include "engine/engine.h"

namespace dockhand::engine {
namespace {

// As many events as the real Engine remembers.
constexpr std::size_t kHistory = 256;
// A listener that has more than these waiting for it loses its stream.
constexpr std::size_t kMaxWaiting = std::size_t{1} << 16;

struct Listener {
  std::deque<Event> waiting;
  std::optional<Error> broken;
};

bool matches(const Container& container, const ContainerFilter& filter) {
  if (!filter.project.empty()) return container.project() == filter.project;
  return !filter.compose_only || !container.project().empty();
}

Event event_of(const Container& container, const std::string& action, const std::string& detail) {
  Event event;
  event.type = "container";
  event.action = action;
  event.detail = detail;
  event.id = container.id;
  event.attributes = container.labels;
  event.attributes["image"] = container.image;
  event.attributes["name"] = container.name;
  if (action == "die") event.attributes["exitCode"] = std::to_string(container.exit_code);
  return event;
}

Error cancelled() { return {"cancelled", "the call was cancelled"}; }

}  // namespace

struct MemoryEngine::State {
  mutable std::mutex mutex;
  std::condition_variable_any changed;
  std::map<std::string, Container> containers;  // By id.
  std::deque<Event> history;                    // At most kHistory.
  std::list<Listener> listeners;                // One for each open stream.
  std::optional<Error> failure;
  Time last_event{};
  Calls calls;

  // Each event happens a millisecond after the one before.
  void tell(Event event) {
    last_event += std::chrono::milliseconds(1);
    event.time = last_event;
    for (Listener& listener : listeners) {
      if (listener.waiting.size() == kMaxWaiting) {
        listener.broken =
            Error{"engine-closed", "the Engine closed the event stream", "the reader was too slow"};
        continue;
      }
      listener.waiting.push_back(event);
    }
    history.push_back(std::move(event));
    if (history.size() > kHistory) history.pop_front();
    changed.notify_all();
  }

  void break_all(const Error& error) {
    for (Listener& listener : listeners) listener.broken = error;
    changed.notify_all();
  }
};

MemoryEngine::MemoryEngine(Endpoint endpoint)
    : endpoint_(std::move(endpoint)), state_(std::make_shared<State>()) {}

void MemoryEngine::put(Container container, const std::string& action, const std::string& detail) {
  const std::lock_guard lock(state_->mutex);
  Event event = event_of(container, action, detail);
  state_->containers[container.id] = std::move(container);
  if (!action.empty()) state_->tell(std::move(event));
}

void MemoryEngine::remove(const std::string& id) {
  const std::lock_guard lock(state_->mutex);
  const auto found = state_->containers.find(id);
  if (found == state_->containers.end()) return;
  Event event = event_of(found->second, "destroy", {});
  state_->containers.erase(found);
  state_->tell(std::move(event));
}

void MemoryEngine::break_streams(const Error& error) {
  const std::lock_guard lock(state_->mutex);
  state_->break_all(error);
}

void MemoryEngine::fail(std::optional<Error> error) {
  const std::lock_guard lock(state_->mutex);
  state_->failure = std::move(error);
  if (state_->failure) state_->break_all(*state_->failure);
}

MemoryEngine::Calls MemoryEngine::calls() const {
  const std::lock_guard lock(state_->mutex);
  return state_->calls;
}

void MemoryEngine::forget_calls() {
  const std::lock_guard lock(state_->mutex);
  state_->calls = {};
}

Result<EngineInfo> MemoryEngine::info(std::stop_token stop) {
  const std::lock_guard lock(state_->mutex);
  ++state_->calls.info;
  if (stop.stop_requested()) return cancelled();
  if (state_->failure) return *state_->failure;
  return EngineInfo{.version = {}, .api = std::string(kNewestApi), .os = "linux"};
}

Result<std::vector<ContainerSummary>> MemoryEngine::list(const ContainerFilter& filter,
                                                         std::stop_token stop) {
  const std::lock_guard lock(state_->mutex);
  ++state_->calls.list;
  if (stop.stop_requested()) return cancelled();
  if (state_->failure) return *state_->failure;
  std::vector<ContainerSummary> rows;
  for (const auto& [id, container] : state_->containers) {
    if (!matches(container, filter)) continue;
    rows.push_back({id, container.name, container.labels, container.status});
  }
  return rows;
}

Result<Container> MemoryEngine::inspect(const std::string& id, std::stop_token stop) {
  const std::lock_guard lock(state_->mutex);
  ++state_->calls.inspect;
  if (stop.stop_requested()) return cancelled();
  if (state_->failure) return *state_->failure;
  const auto found = state_->containers.find(id);
  if (found != state_->containers.end()) return found->second;
  return Error{"container-missing", "there is no container " + id};
}

Result<void> MemoryEngine::events(std::optional<Time> since, const std::function<void()>& on_open,
                                  const std::function<void(const Event&)>& on_event,
                                  std::stop_token stop) {
  // The state is held for as long as the stream is open, whatever becomes of the engine.
  const std::shared_ptr<State> state = state_;
  std::unique_lock lock(state->mutex);
  ++state->calls.events;
  if (state->failure) return *state->failure;
  const auto listener = state->listeners.emplace(state->listeners.end());
  if (since) {
    std::copy_if(state->history.begin(), state->history.end(),
                 std::back_inserter(listener->waiting),
                 [&](const Event& event) { return event.time >= *since; });
  }
  lock.unlock();
  if (on_open) on_open();
  lock.lock();
  while (state->changed.wait(lock, stop,
                             [&] { return listener->broken || !listener->waiting.empty(); })) {
    if (stop.stop_requested() || listener->waiting.empty()) break;
    std::deque<Event> batch;
    batch.swap(listener->waiting);
    lock.unlock();
    for (const Event& event : batch) {
      if (stop.stop_requested()) break;
      on_event(event);
    }
    lock.lock();
  }
  const std::optional<Error> broken = listener->broken;
  state->listeners.erase(listener);
  if (broken && !stop.stop_requested()) return *broken;
  return {};
}

}  // namespace dockhand::engine
