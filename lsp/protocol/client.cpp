#include "lsp/protocol/client.h"

namespace dockhand::lsp {

void Client::send(const json& message) {
  const std::string bytes = frame(message);
  const std::lock_guard lock(output_mutex_);
  if (!broken_ && !output_(bytes)) broken_ = true;
}

void Client::notify(const std::string& method, json params) {
  send({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

void Client::request(const std::string& method, json params, OnResult on_result) {
  int id = 0;
  {
    const std::lock_guard lock(pending_mutex_);
    if (pending_.size() >= kMaxPending) return;
    id = next_id_++;
    pending_.emplace(id, std::move(on_result));
  }
  json message = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}};
  if (!params.is_null()) message["params"] = std::move(params);
  send(message);
}

bool Client::on_response(const Message& message) {
  if (!message.id.is_number_integer()) return false;
  OnResult on_result;
  {
    const std::lock_guard lock(pending_mutex_);
    const auto found = pending_.find(message.id.get<int>());
    if (found == pending_.end()) return false;
    on_result = std::move(found->second);
    pending_.erase(found);
  }
  if (on_result) on_result(message.error.is_null() ? message.result : json());
  return true;
}

Reply::Reply(std::shared_ptr<Client> client, json id, std::shared_ptr<Batch> batch)
    : client_(std::move(client)), id_(std::move(id)), batch_(std::move(batch)) {}

Reply::Reply(Reply&& other) noexcept
    : client_(std::move(other.client_)),
      id_(std::move(other.id_)),
      batch_(std::move(other.batch_)) {
  other.client_ = nullptr;
}

Reply::~Reply() {
  if (client_) error(ErrorCode::internal_error, "the request was dropped without an answer");
}

void Reply::result(json value) { send(response(id_, std::move(value))); }

void Reply::error(ErrorCode code, std::string_view message) {
  send(error_response(id_, code, message));
}

void Reply::send(json message) {
  if (!client_) return;
  if (batch_) {
    batch_->add(std::move(message));
    batch_ = nullptr;
  } else {
    client_->send(message);
  }
  client_ = nullptr;
}

Reply::Batch::~Batch() {
  if (!answers_.empty()) client_->send(answers_);
}

void Reply::Batch::add(json message) {
  const std::lock_guard lock(mutex_);
  answers_.push_back(std::move(message));
}

}  // namespace dockhand::lsp
