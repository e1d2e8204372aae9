#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "lsp/protocol/client.h"
#include "lsp/protocol/json_reader.h"
#include "lsp/protocol/types.h"

namespace dockhand::lsp {

// Joins method names to member functions that take and give structs, so that features never see
// JSON-RPC. Params that do not fit are answered with InvalidParams and the JSON path of the first
// problem; a notification's are dropped and logged. Filled while the server starts, then only read
// by the dispatch thread.
class Binder {
 public:
  using Log = std::function<void(std::string_view)>;
  explicit Binder(Log log) : log_(std::move(log)) {}

  // A request that is answered at once: `Result on_x(const Params&)`.
  template <class Owner, class Params, class Result>
  void method(std::string name, Owner* owner, Result (Owner::*handler)(const Params&)) {
    requests_[std::move(name)] = [owner, handler](const json& value, Reply reply) {
      Params params{};
      if (!read(value, params, reply)) return;
      reply.result(to_json((owner->*handler)(params)));
    };
  }

  // A request that is answered later, by whoever holds the Reply: `void on_x(Params, Reply)`.
  template <class Owner, class Params>
  void method(std::string name, Owner* owner, void (Owner::*handler)(Params, Reply)) {
    requests_[std::move(name)] = [owner, handler](const json& value, Reply reply) {
      Params params{};
      if (!read(value, params, reply)) return;
      (owner->*handler)(std::move(params), std::move(reply));
    };
  }

  template <class Owner, class Params>
  void notification(const std::string& name, Owner* owner, void (Owner::*handler)(const Params&)) {
    notifications_[name] = [this, name, owner, handler](const json& value) {
      Params params{};
      Path::Root root("params");
      if (from_json(value, params, Path(root))) {
        (owner->*handler)(params);
      } else {
        log_(name + ": " + root.problem());
      }
    };
  }

  // False when nobody is bound to the method; then the reply is untouched.
  bool call(const std::string& name, const json& params, Reply& reply) const {
    const auto found = requests_.find(name);
    if (found == requests_.end()) return false;
    found->second(params, std::move(reply));
    return true;
  }
  bool call(const std::string& name, const json& params) const {
    const auto found = notifications_.find(name);
    if (found == notifications_.end()) return false;
    found->second(params);
    return true;
  }

  // The server's capabilities: each feature adds its own where it binds its methods.
  json capabilities = json::object();

 private:
  template <class Params>
  static bool read(const json& value, Params& params, Reply& reply) {
    Path::Root root("params");
    if (from_json(value, params, Path(root))) return true;
    reply.error(ErrorCode::invalid_params, root.problem());
    return false;
  }

  Log log_;
  std::map<std::string, std::function<void(const json&, Reply)>, std::less<>> requests_;
  std::map<std::string, std::function<void(const json&)>, std::less<>> notifications_;
};

}  // namespace dockhand::lsp
