#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "lsp/documents.h"
#include "lsp/loop.h"
#include "lsp/projects.h"
#include "lsp/protocol/binder.h"
#include "lsp/protocol/client.h"
#include "lsp/protocol/lifecycle.h"
#include "lsp/world.h"

namespace dockhand::lsp {

// What features work with. Lives as long as the server; used on the dispatch thread, except for
// client, loop and world, which any thread may use.
struct Context {
  const World& world;
  Loop& loop;
  std::shared_ptr<Client> client;
  ClientCapabilities capabilities;  // Known before features bind.
  Documents documents;
  std::unique_ptr<Projects> projects;

  // The document when features apply to it, else null.
  const Document* compose_document(const std::string& uri) const;
};

// One thing that the server can do. All calls come from the dispatch thread.
class Feature {
 public:
  virtual ~Feature() = default;

  // Binds its methods and adds its own server capabilities; called once, on `initialize`.
  virtual void bind(Binder& binder) = 0;

  // A document was opened or its text changed; its projects are not resolved yet.
  virtual void on_text(const Document&) {}
  virtual void on_closed(const std::string& /*uri*/) {}
  // Models or facts of an open document changed; see Projects::OnChange.
  virtual void on_projects(const Document&, bool /*looks_changed*/) {}
  // The server ends: whatever still runs is to stop.
  virtual void on_shutdown() {}
};

// Every feature is a row here and a file of its own beside it.
using MakeFeature = std::unique_ptr<Feature> (*)(Context&);
std::span<const MakeFeature> feature_table();

std::unique_ptr<Feature> make_inlay_hint_feature(Context& context);
std::unique_ptr<Feature> make_hover_feature(Context& context);
std::unique_ptr<Feature> make_code_action_feature(Context& context);
std::unique_ptr<Feature> make_execute_command_feature(Context& context);
std::unique_ptr<Feature> make_diagnostics_feature(Context& context);
std::unique_ptr<Feature> make_refresh_feature(Context& context);

}  // namespace dockhand::lsp
