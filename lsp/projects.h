#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/settings.h"
#include "check/check.h"
#include "engine/endpoint.h"
#include "live/session.h"
#include "lsp/documents.h"
#include "lsp/facts.h"
#include "lsp/loop.h"
#include "lsp/resolver.h"
#include "lsp/workers.h"
#include "lsp/world.h"

namespace dockhand::lsp {

// One project that open documents belong to.
struct ProjectState {
  std::string key;
  compose::LoadOptions options;
  std::shared_ptr<const compose::Project> model;  // As the files are now; null when unreadable.
  std::shared_ptr<const compose::Project> good;   // The last one whose files had no syntax error.
  std::optional<Error> error;                     // Why there is no model.
  std::shared_ptr<const Facts> facts;             // Null until the session has spoken.
  check::Severities severities;                   // What the user made of findings' codes.
};

// Joins documents, projects and sessions: which projects a document belongs to, their models, and
// one live::Session for each endpoint with a view of each project that is open. All functions are
// called on the dispatch thread; resolving, and listing what runs, happen elsewhere and come back
// through the Loop. Opening a document starts nothing but reading: see live/session.h for probes.
class Projects {
 public:
  // Told on the dispatch thread that models or facts of a document changed. `looks_changed` is true
  // when an editor would show other hints.
  using OnChange = std::function<void(const std::string& uri, bool looks_changed)>;
  // Told what the user should know once: that the Engine cannot be reached, and why.
  using OnTrouble = std::function<void(const Error& error)>;

  // `world` and `loop` must outlive it.
  Projects(const World& world, Loop& loop, OnChange on_change, OnTrouble on_trouble);
  ~Projects();
  Projects(const Projects&) = delete;
  Projects& operator=(const Projects&) = delete;

  void opened(const Document& document);
  void changed(const Document& document);
  void saved(const Document& document);
  void closed(const Document& document);

  // Takes these settings from now on. Before the first call no Engine is asked for anything, since
  // the editor may forbid probing.
  void configure(Settings settings);

  // The projects of a document, in a stable order; empty for unknown ones.
  std::vector<const ProjectState*> of(const std::string& uri) const;
  FactsList facts_of(const std::string& uri) const;
  const ProjectState* find(const std::string& project_name) const;

 private:
  struct OpenProject;
  struct OpenDocument;
  struct LiveEngine;

  ResolveRequest request_for(const OpenDocument& document) const;
  void take(const std::string& uri, std::vector<ResolvedProject> projects,
            const Result<engine::Endpoint>& endpoint);
  void take_one(ResolvedProject resolved, const Result<engine::Endpoint>& endpoint);
  check::Severities severities_for(const compose::Project* project);
  void drop_unused();
  void watch(OpenProject& project);
  void take_facts(const std::string& key, int generation, std::shared_ptr<const Facts> facts);
  std::shared_ptr<const Facts> facts_without_engine(const OpenProject& project) const;
  LiveEngine& live_engine(const engine::Endpoint& endpoint);
  void look();
  void spot(const std::string& name, const std::vector<std::string>& files);
  void take_running(const std::map<std::string, std::vector<RunningProject>>& running);
  bool is_discovered(const OpenDocument& document, const std::vector<RunningProject>& named) const;
  void tell(const std::string& key, bool looks_changed);
  void complain(const Error& error);

  const World& world_;
  Loop& loop_;
  OnChange on_change_;
  OnTrouble on_trouble_;
  io::OverlayFileSystem files_;
  std::optional<Settings> settings_;
  std::vector<explain::HintPart> hint_parts_;
  std::map<std::string, std::unique_ptr<LiveEngine>> engines_;  // By endpoint; outlive the views.
  std::map<std::string, std::unique_ptr<OpenProject>> projects_;
  std::map<std::string, OpenDocument> documents_;  // By URI; at most Documents::kMaxOpen.
  std::string complaint_;                          // The last one, so that none is repeated.
  int generations_ = 0;
  bool looking_ = false, look_again_ = false;
  Workers workers_;
  std::unique_ptr<Resolver> resolver_;
};

}  // namespace dockhand::lsp
