#include "lsp/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/text.h"

namespace dockhand::lsp {
namespace {

// The client may wrap the settings in their section, or not.
const json& section_of(const json& settings) {
  const json* section = find_path(settings, "dockhand");
  return section ? *section : settings;
}

}  // namespace

Server::Server(const World& world, Client::Output output)
    : world_(world),
      client_(std::make_shared<Client>(std::move(output))),
      binder_([&world](std::string_view line) { world.log.write(LogLevel::warning, line); }),
      context_{world, loop_, client_, {}, {}, nullptr} {
  bind_lifecycle();
}

// Features and projects go before the loop that they post to.
Server::~Server() {
  features_.clear();
  context_.projects = nullptr;
}

int Server::run(const Input& read) {
  const std::jthread reader([&](const std::stop_token& stop) { read_all(read, stop); });
  loop_.run();
  return exit_code_;
}

void Server::read_all(const Input& read, const std::stop_token& stop) {
  FrameReader frames;
  for (;;) {
    const std::string bytes = read(stop);
    if (bytes.empty() || frames.hopeless() || client_->broken()) break;
    frames.feed(bytes);
    while (const auto body = frames.next()) {
      if (receive(*body)) return;
    }
  }
  if (frames.hopeless()) {
    world_.log.write(LogLevel::error, "what comes in is no language client; giving up");
  }
  loop_.post_when_room([this] { finish(life_ == Life::shut_down ? 0 : 1); });
}

// On the reader's thread. True when nothing more is to be read.
bool Server::receive(const Result<std::string>& body) {
  if (!body) {
    const std::string text = body.error().what + ": " + body.error().why;
    world_.log.write(LogLevel::warning, text);
    client_->send(error_response(nullptr, ErrorCode::parse_error, text));
    return false;
  }
  if (world_.log.wants(LogLevel::debug)) {
    world_.log.write(LogLevel::debug, "<- " + first_line(*body, 400));
  }
  Body parsed = parse_body(*body);
  if (!parsed.parsed) {
    client_->send(error_response(nullptr, ErrorCode::parse_error, "the message is not JSON"));
    return false;
  }
  const auto batch = parsed.batch ? std::make_shared<Reply::Batch>(client_) : nullptr;
  for (Message& message : parsed.messages) {
    note_cancelled(message);
    const bool last = message.kind == Message::Kind::notification && message.method == "exit";
    auto shared = std::make_shared<Message>(std::move(message));
    loop_.post_when_room([this, shared, batch] { dispatch(std::move(*shared), batch); });
    if (last) return true;
  }
  return false;
}

void Server::note_cancelled(const Message& message) {
  if (message.kind != Message::Kind::notification || message.method != "$/cancelRequest") return;
  if (!message.params.is_object() || !message.params.contains("id")) return;
  const std::lock_guard lock(cancelled_mutex_);
  if (cancelled_.size() < kMaxCancelled) cancelled_.insert(message.params["id"].dump());
}

bool Server::was_cancelled(const json& id) {
  const std::lock_guard lock(cancelled_mutex_);
  return cancelled_.erase(id.dump()) > 0;
}

void Server::dispatch(Message message, const std::shared_ptr<Reply::Batch>& batch) {
  switch (message.kind) {
    case Message::Kind::request:
      return serve_request(message, Reply(client_, message.id, batch));
    case Message::Kind::notification:
      return serve_notification(message);
    case Message::Kind::response:
      return guard("a response", [&] {
        if (!client_->on_response(message)) {
          world_.log.write(LogLevel::debug, "a response to no request");
        }
      });
    case Message::Kind::invalid:
      return Reply(client_, message.id, batch).error(ErrorCode::invalid_request, message.problem);
  }
}

void Server::serve_request(const Message& message, Reply reply) {
  if (was_cancelled(message.id)) {
    return reply.error(ErrorCode::request_cancelled, "cancelled");
  }
  const bool initialize = message.method == "initialize";
  if (life_ == Life::fresh && !initialize) {
    return reply.error(ErrorCode::server_not_initialized, "the server is not initialized yet");
  }
  if (life_ == Life::shut_down || (life_ == Life::running && initialize)) {
    return reply.error(ErrorCode::invalid_request,
                       initialize ? "already initialized" : "the server is shutting down");
  }
  guard(message.method, [&] {
    if (!binder_.call(message.method, message.params, reply)) {
      reply.error(ErrorCode::method_not_found, "unknown method " + printable(message.method));
    }
  });
}

void Server::serve_notification(const Message& message) {
  if (message.method == "exit") return on_exit({});
  if (life_ != Life::running) return;
  guard(message.method, [&] { binder_.call(message.method, message.params); });
  // Whatever it cancelled has had its turn by now.
  if (message.method == "$/cancelRequest" && message.params.is_object() &&
      message.params.contains("id")) {
    was_cancelled(message.params["id"]);
  }
}

// One feature's failure is one error, never the server's end. The request that it came from is
// answered by its Reply going out of scope.
void Server::guard(const std::string& what, const std::function<void()>& work) {
  try {
    work();
  } catch (const std::exception& error) {
    world_.log.write(LogLevel::error, fmt::format("{} failed: {}", printable(what), error.what()));
  }
}

void Server::bind_lifecycle() {
  binder_.method("initialize", this, &Server::on_initialize);
  binder_.method("shutdown", this, &Server::on_shutdown);
  binder_.notification("initialized", this, &Server::on_initialized);
  binder_.notification("textDocument/didOpen", this, &Server::on_open);
  binder_.notification("textDocument/didChange", this, &Server::on_change);
  binder_.notification("textDocument/didSave", this, &Server::on_save);
  binder_.notification("textDocument/didClose", this, &Server::on_close);
  binder_.notification("workspace/didChangeConfiguration", this, &Server::on_configuration);
}

json Server::on_initialize(const InitializeParams& params) {
  life_ = Life::running;
  context_.capabilities = read_client_capabilities(params.capabilities);
  initial_settings_ = section_of(params.initializationOptions);
  const bool utf8 = context_.capabilities.utf8_positions;
  context_.documents.set_encoding(utf8 ? PositionEncoding::utf8 : PositionEncoding::utf16);
  context_.projects = std::make_unique<Projects>(
      world_, loop_, [this](const std::string& uri, bool looks) { on_projects(uri, looks); },
      [this](const Error& error) {
        const std::string text = error.what + (error.why.empty() ? "" : ": " + error.why);
        world_.log.write(LogLevel::warning, printable(text));
        client_->notify("window/logMessage", {{"type", static_cast<int>(MessageType::warning)},
                                              {"message", printable(text)}});
      });
  binder_.capabilities["positionEncoding"] = utf8 ? "utf-8" : "utf-16";
  binder_.capabilities["textDocumentSync"] = {{"openClose", true}, {"change", 2}, {"save", true}};
  for (const MakeFeature make : feature_table()) {
    features_.push_back(make(context_));
    features_.back()->bind(binder_);
  }
  if (params.processId && world_.wait_for_process_end) {
    editor_watch_ = std::jthread([this, editor = *params.processId](const std::stop_token& stop) {
      if (!world_.wait_for_process_end(editor, stop)) return;
      world_.log.write(LogLevel::info, "the editor has ended");
      loop_.post([this] { finish(1); });
    });
  }
  return {{"capabilities", binder_.capabilities},
          {"serverInfo", {{"name", "dockhand-lsp"}, {"version", DOCKHAND_VERSION}}}};
}

void Server::on_initialized(const NoParams&) {
  if (!context_.capabilities.configuration) return take_configuration(nullptr);
  if (context_.capabilities.configuration_events) {
    client_->request("client/registerCapability",
                     {{"registrations",
                       {{{"id", "dockhand-configuration"},
                         {"method", "workspace/didChangeConfiguration"},
                         {"registerOptions", {{"section", "dockhand"}}}}}}});
  }
  ask_configuration();
  loop_.schedule("configuration", std::chrono::steady_clock::now() + kConfigurationPatience,
                 [this] {
                   if (!configured_) take_configuration(nullptr);
                 });
}

json Server::on_shutdown(const NoParams&) {
  life_ = Life::shut_down;
  for (const auto& feature : features_) feature->on_shutdown();
  return nullptr;
}

void Server::on_exit(const NoParams&) { finish(life_ == Life::shut_down ? 0 : 1); }

void Server::on_open(const DidOpenTextDocumentParams& params) {
  const Document* document = context_.documents.open(params.textDocument);
  if (!document) {
    world_.log.write(LogLevel::warning, "too many open documents");
    return;
  }
  if (!document->compose) return;
  context_.projects->opened(*document);
  for (const auto& feature : features_) feature->on_text(*document);
}

void Server::on_change(const DidChangeTextDocumentParams& params) {
  const Document* document = context_.documents.change(params);
  if (!document || !document->compose) return;
  context_.projects->changed(*document);
  for (const auto& feature : features_) feature->on_text(*document);
}

void Server::on_save(const DocumentParams& params) {
  const Document* document = context_.compose_document(params.textDocument.uri);
  if (document) context_.projects->saved(*document);
}

void Server::on_close(const DocumentParams& params) {
  const Document* document = context_.documents.find(params.textDocument.uri);
  if (!document) return;
  context_.projects->closed(*document);
  const std::string uri = document->uri;
  context_.documents.close(uri);
  for (const auto& feature : features_) feature->on_closed(uri);
}

void Server::on_configuration(const DidChangeConfigurationParams& params) {
  if (context_.capabilities.configuration) return ask_configuration();
  take_configuration(section_of(params.settings));
}

void Server::ask_configuration() {
  client_->request("workspace/configuration", {{"items", {{{"section", "dockhand"}}}}},
                   [this](const json& result) {
                     const bool answered = result.is_array() && !result.empty();
                     take_configuration(answered ? result.front() : json());
                   });
}

void Server::take_configuration(const json& value) {
  if (configured_ && value == editor_settings_) return;
  configured_ = true;
  editor_settings_ = value;
  Settings settings = editor_settings(editor_settings_, initial_settings_, world_);
  for (const Error& problem : settings.problems()) {
    client_->notify("window/showMessage", {{"type", static_cast<int>(MessageType::warning)},
                                           {"message", problem.what + ": " + problem.why}});
  }
  context_.projects->configure(std::move(settings));
}

void Server::on_projects(const std::string& uri, bool looks_changed) {
  const Document* document = context_.documents.find(uri);
  if (!document) return;
  for (const auto& feature : features_) feature->on_projects(*document, looks_changed);
}

void Server::finish(int exit_code) {
  exit_code_ = exit_code;
  loop_.stop();
}

}  // namespace dockhand::lsp
