#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "lsp/protocol/jsonrpc.h"

namespace dockhand::lsp {

// What the server says to the editor: the only writer of the stream. Thread-safe; every message is
// written whole.
class Client {
 public:
  // Writes all of the bytes; false when nobody reads any more.
  using Output = std::function<bool(std::string_view bytes)>;
  // Given the client's result, or null when it answered with an error. Called from the thread that
  // calls on_response().
  using OnResult = std::function<void(const json& result)>;

  // Requests of ours that the client has not answered; further ones are not sent.
  static constexpr std::size_t kMaxPending = 256;

  explicit Client(Output output) : output_(std::move(output)) {}

  void send(const json& message);
  void notify(const std::string& method, json params);
  void request(const std::string& method, json params, OnResult on_result = {});

  // Hands a response to whoever asked; false when nobody did.
  bool on_response(const Message& message);

  // True once the reader is gone.
  bool broken() const { return broken_; }

 private:
  Output output_;
  std::mutex output_mutex_;
  std::mutex pending_mutex_;
  std::map<int, OnResult> pending_;
  int next_id_ = 1;
  std::atomic<bool> broken_ = false;
};

// The answer to one request: given exactly once, from any thread. One that is dropped without an
// answer gives an InternalError, so that no request waits for ever. Move-only.
class Reply {
 public:
  // Collects the answers to one batch and sends them as one array.
  class Batch;

  Reply(std::shared_ptr<Client> client, json id, std::shared_ptr<Batch> batch = nullptr);
  Reply(Reply&& other) noexcept;
  Reply& operator=(Reply&&) = delete;
  ~Reply();

  void result(json value);
  void error(ErrorCode code, std::string_view message);
  const json& id() const { return id_; }

 private:
  void send(json message);

  std::shared_ptr<Client> client_;  // Null once answered.
  json id_;
  std::shared_ptr<Batch> batch_;
};

// A batch is answered when the last reference goes: those of its Replies and of whoever made it.
class Reply::Batch {
 public:
  explicit Batch(std::shared_ptr<Client> client) : client_(std::move(client)) {}
  ~Batch();
  void add(json message);

 private:
  std::shared_ptr<Client> client_;
  std::mutex mutex_;
  json answers_ = json::array();
};

}  // namespace dockhand::lsp
