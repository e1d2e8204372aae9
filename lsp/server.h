#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lsp/features/feature.h"
#include "lsp/protocol/binder.h"
#include "lsp/protocol/client.h"
#include "lsp/protocol/jsonrpc.h"

namespace dockhand::lsp {

// A language server's life: reads the editor's messages, keeps the documents, hands requests to
// features, and ends with the exit code that the protocol asks for.
//
// Threads: run() is the dispatch thread, which owns documents and features and only parses and
// looks up. One thread reads, and marks requests that were cancelled before their turn. Resolving,
// live sessions and actions have threads of their own and come back through the Loop.
class Server {
 public:
  // Blocks until bytes come; empty when the editor is gone, or stop is requested.
  using Input = std::function<std::string(const std::stop_token&)>;

  // `world` must outlive it.
  Server(const World& world, Client::Output output);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves until `exit` or the end of input; once. Returns 0 after an orderly shutdown, else 1.
  int run(const Input& read);

 private:
  enum class Life { fresh, running, shut_down };
  // Requests that were cancelled before they were looked at; more are forgotten.
  static constexpr std::size_t kMaxCancelled = 1000;
  static constexpr Duration kConfigurationPatience = std::chrono::milliseconds(500);

  void read_all(const Input& read, const std::stop_token& stop);
  bool receive(const Result<std::string>& body);
  void note_cancelled(const Message& message);
  bool was_cancelled(const json& id);
  void dispatch(Message message, const std::shared_ptr<Reply::Batch>& batch);
  void serve_request(const Message& message, Reply reply);
  void serve_notification(const Message& message);
  void guard(const std::string& what, const std::function<void()>& work);

  void bind_lifecycle();
  json on_initialize(const InitializeParams& params);
  void on_initialized(const NoParams& params);
  json on_shutdown(const NoParams& params);
  void on_exit(const NoParams& params);
  void on_open(const DidOpenTextDocumentParams& params);
  void on_change(const DidChangeTextDocumentParams& params);
  void on_save(const DocumentParams& params);
  void on_close(const DocumentParams& params);
  void on_configuration(const DidChangeConfigurationParams& params);
  void ask_configuration();
  void take_configuration(const json& value);
  void on_projects(const std::string& uri, bool looks_changed);
  void finish(int exit_code);

  const World& world_;
  Loop loop_;
  std::shared_ptr<Client> client_;
  Binder binder_;
  Context context_;
  std::vector<std::unique_ptr<Feature>> features_;
  Life life_ = Life::fresh;
  int exit_code_ = 1;
  json initial_settings_;
  json editor_settings_;
  bool configured_ = false;
  std::mutex cancelled_mutex_;
  std::set<std::string> cancelled_;
  std::jthread editor_watch_;
};

// The settings in force, from the editor's JSON: nested (`{"probe": {"interval": 2}}`) or dotted
// (`{"probe.interval": 2}`); lists become comma-separated. `later` wins over `initial`, both over
// the environment and Docker's config.json.
Settings editor_settings(const json& later, const json& initial, const World& world);

}  // namespace dockhand::lsp
