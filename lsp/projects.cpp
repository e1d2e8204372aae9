#include "lsp/projects.h"

#include <algorithm>
#include <utility>

#include "engine/container.h"
#include "live/survey.h"
#include "lsp/spotter.h"

namespace dockhand::lsp {
namespace {

// One that lists what runs, and one more for an endpoint that hangs.
constexpr std::size_t kThreads = 2;
constexpr std::size_t kQueued = 16;

bool has_syntax_errors(const compose::Project& project) {
  return std::any_of(
      project.files.begin(), project.files.end(), [](const compose::SourceFile& file) {
        const std::vector<Finding> findings = file.tree.findings();
        return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
          return finding.severity == Severity::error;
        });
      });
}

std::string endpoint_key(const engine::Endpoint& endpoint) {
  return endpoint.url + '\n' + endpoint.context;
}

live::SessionOptions session_options(const Settings& settings, const Logger& log) {
  live::SessionOptions options;
  options.probes.policy.enabled = settings.flag("probe.enabled");
  options.probes.policy.foreign_hosts = settings.flag("probe.foreign_hosts");
  options.probes.interval = settings.seconds("probe.interval");
  options.probes.timeout = settings.seconds("probe.timeout");
  options.probes.concurrency = settings.count("probe.concurrency");
  options.log = log;
  return options;
}

// Which of the running projects name each document, whatever symbolic links are in between. The
// path that the editor uses stands for the file, so that unsaved text is seen.
std::map<std::string, std::vector<RunningProject>> match(
    const std::vector<live::ProjectSummary>& projects,
    const std::vector<std::pair<std::string, std::string>>& documents,
    const io::FileSystem& files) {
  std::map<std::string, std::vector<RunningProject>> named;
  for (const auto& [uri, path] : documents) {
    std::vector<RunningProject>& list = named[uri];
    const std::string real = files.real_path(path);
    for (const live::ProjectSummary& project : projects) {
      RunningProject running{project.name, project.directory, project.config_files};
      bool names_it = false;
      for (std::string& file : running.files) {
        if (file != path && files.real_path(file) != real) continue;
        file = path;
        names_it = true;
      }
      if (names_it) list.push_back(std::move(running));
    }
  }
  return named;
}

}  // namespace

struct Projects::LiveEngine {
  std::string key;
  std::shared_ptr<engine::Engine> engine;
  std::unique_ptr<live::Session> session;
};

struct Projects::OpenProject {
  ProjectState state;
  std::optional<Result<engine::Endpoint>> endpoint;  // Nothing until the first resolution.
  std::string watched;  // Endpoint and project name that `view` looks at; empty: none.
  int generation = 0;   // Of the view: what an older one still says is dropped.
  std::unique_ptr<live::Session::View> view;

  std::string name() const {
    const auto& model = state.good ? state.good : state.model;
    return model ? model->name : state.options.project_name;
  }
};

struct Projects::OpenDocument {
  std::string path;
  std::vector<std::string> keys;        // Of its projects.
  std::vector<RunningProject> running;  // Those that name it; empty: the discovered one is meant.
};

Projects::Projects(const World& world, Loop& loop, OnChange on_change, OnTrouble on_trouble)
    : world_(world),
      loop_(loop),
      on_change_(std::move(on_change)),
      on_trouble_(std::move(on_trouble)),
      files_(*world.files),
      workers_(kThreads, kQueued) {
  resolver_ = std::make_unique<Resolver>(
      [this](const ResolveRequest& request) {
        return resolve(request, world_.environment, files_);
      },
      [this](const std::string& uri, std::vector<ResolvedProject> projects) {
        const auto config =
            engine::read_docker_config(world_.flags, world_.environment, *world_.files);
        auto endpoint =
            engine::resolve_endpoint(world_.flags, config, world_.environment, *world_.files);
        loop_.post([this, uri, projects = std::move(projects), endpoint = std::move(endpoint)]() {
          take(uri, projects, endpoint);
        });
      });
}

Projects::~Projects() = default;

void Projects::opened(const Document& document) {
  if (document.path.empty()) return;
  files_.set(document.path, document.text());
  OpenDocument& open = documents_[document.uri];
  open.path = document.path;
  resolver_->now(document.uri, request_for(open));
  look();
}

void Projects::changed(const Document& document) {
  const auto found = documents_.find(document.uri);
  if (found == documents_.end()) return;
  files_.set(document.path, document.text());
  resolver_->when_quiet(document.uri, request_for(found->second));
}

void Projects::saved(const Document& document) {
  const auto found = documents_.find(document.uri);
  if (found == documents_.end()) return;
  resolver_->now(document.uri, request_for(found->second));
  look();
}

void Projects::closed(const Document& document) {
  if (documents_.erase(document.uri) == 0) return;
  resolver_->forget(document.uri);
  files_.clear(document.path);
  drop_unused();
}

void Projects::configure(Settings settings) {
  settings_ = std::move(settings);
  hint_parts_ = explain::parse_hint_parts(settings_->text("hints.parts"));
  // How a session probes is fixed when it is made: new settings mean new sessions.
  for (auto& [key, project] : projects_) {
    project->view = nullptr;
    project->watched.clear();
  }
  engines_.clear();
  for (auto& [key, project] : projects_) {
    project->state.severities = severities_for(project->state.model.get());
    watch(*project);
    tell(key, true);
  }
  look();
}

std::vector<const ProjectState*> Projects::of(const std::string& uri) const {
  std::vector<const ProjectState*> states;
  const auto document = documents_.find(uri);
  if (document == documents_.end()) return states;
  for (const std::string& key : document->second.keys) {
    if (const auto found = projects_.find(key); found != projects_.end()) {
      states.push_back(&found->second->state);
    }
  }
  return states;
}

FactsList Projects::facts_of(const std::string& uri) const {
  FactsList list;
  for (const ProjectState* state : of(uri)) {
    if (state->facts) list.push_back(state->facts);
  }
  return list;
}

const ProjectState* Projects::find(const std::string& project_name) const {
  const auto found = std::find_if(projects_.begin(), projects_.end(), [&](const auto& entry) {
    return entry.second->name() == project_name;
  });
  return found == projects_.end() ? nullptr : &found->second->state;
}

ResolveRequest Projects::request_for(const OpenDocument& document) const {
  return {document.path, document.running};
}

void Projects::take(const std::string& uri, std::vector<ResolvedProject> projects,
                    const Result<engine::Endpoint>& endpoint) {
  const auto document = documents_.find(uri);
  if (document == documents_.end()) return;
  std::vector<std::string> keys;
  for (const ResolvedProject& project : projects) keys.push_back(project.key);
  const bool moved = document->second.keys != keys;
  document->second.keys = std::move(keys);
  for (ResolvedProject& project : projects) take_one(std::move(project), endpoint);
  drop_unused();
  if (moved) on_change_(uri, true);
}

void Projects::take_one(ResolvedProject resolved, const Result<engine::Endpoint>& endpoint) {
  std::unique_ptr<OpenProject>& slot = projects_[resolved.key];
  if (!slot) slot = std::make_unique<OpenProject>();
  ProjectState& state = slot->state;
  state.key = resolved.key;
  state.options = std::move(resolved.options);
  slot->endpoint = endpoint;
  if (resolved.project) {
    state.model = *resolved.project;
    state.error.reset();
    if (!state.good || !has_syntax_errors(*state.model)) state.good = state.model;
  } else {
    state.model = nullptr;
    state.error = resolved.project.error();
  }
  state.severities = severities_for(state.model.get());
  // Findings first: putting a large project's state into words takes longer.
  tell(state.key, false);
  const std::shared_ptr<const Facts> before = state.facts;
  watch(*slot);
  if (state.facts == before) return;
  tell(state.key, !before || !state.facts || !before->looks_like(*state.facts));
}

// The project's own x-dev counts where the user's settings say nothing.
check::Severities Projects::severities_for(const compose::Project* project) {
  constexpr std::string_view kName = "check.severity";
  std::string text = settings_ ? settings_->text(kName) : std::string();
  if (text.empty() && project) {
    const auto own = project->x_dev_settings.find(std::string(kName));
    if (own != project->x_dev_settings.end()) text = own->second;
  }
  std::vector<std::string> problems;
  check::Severities severities = check::parse_severities(text, problems);
  if (!problems.empty()) {
    complain({"setting-invalid", "cannot use all of the setting check.severity", problems.front()});
  }
  return severities;
}

void Projects::drop_unused() {
  std::erase_if(projects_, [&](const auto& entry) {
    return std::none_of(documents_.begin(), documents_.end(), [&](const auto& document) {
      const auto& keys = document.second.keys;
      return std::find(keys.begin(), keys.end(), entry.first) != keys.end();
    });
  });
}

// Opens the project's view, tells it of a new model, or moves it to where the project is now.
void Projects::watch(OpenProject& project) {
  if (!settings_ || !project.endpoint) return;
  const std::string name = project.name();
  if (!*project.endpoint || name.empty()) {
    project.view = nullptr;
    project.watched.clear();
    if (!*project.endpoint) complain(project.endpoint->error());
    project.state.facts = facts_without_engine(project);
    return;
  }
  const std::string watched = endpoint_key(**project.endpoint) + '\n' + name;
  if (project.view && project.watched == watched) {
    project.view->set_project(project.state.good);
    return;
  }
  project.view = nullptr;
  project.watched = watched;
  project.generation = ++generations_;
  const auto observer = [this, key = project.state.key, generation = project.generation,
                         parts = hint_parts_](std::shared_ptr<const live::Snapshot> snapshot) {
    loop_.post([this, key, generation, facts = make_facts(std::move(snapshot), parts)] {
      take_facts(key, generation, facts);
    });
  };
  project.view = live_engine(**project.endpoint).session->open(name, project.state.good, observer);
  if (!project.view) {
    complain({"too-many-projects", "cannot watch the project " + name, "too many projects are open",
              "close some files"});
    return;
  }
  project.state.facts = make_facts(project.view->snapshot(), hint_parts_);
  look();
}

void Projects::take_facts(const std::string& key, int generation,
                          std::shared_ptr<const Facts> facts) {
  const auto found = projects_.find(key);
  if (found == projects_.end() || found->second->generation != generation) return;
  std::shared_ptr<const Facts>& old = found->second->state.facts;
  const live::EngineState& engine = facts->snapshot->engine;
  const bool came_back = engine.connection == live::Connection::connected && old &&
                         old->snapshot->engine.connection != live::Connection::connected;
  const bool looks_changed = !old || !old->looks_like(*facts);
  old = std::move(facts);
  if (engine.connection == live::Connection::lost && engine.error) complain(*engine.error);
  if (came_back) {
    complaint_.clear();
    look();
  }
  if (looks_changed) tell(key, true);
}

// What is shown where no Engine can even be named.
std::shared_ptr<const Facts> Projects::facts_without_engine(const OpenProject& project) const {
  live::SnapshotParts parts;
  parts.taken = world_.clock->now();
  parts.project_name = project.name();
  parts.project = project.state.good;
  parts.engine.connection = live::Connection::lost;
  if (!*project.endpoint) parts.engine.error = project.endpoint->error();
  return make_facts(live::assemble(std::move(parts)), hint_parts_);
}

Projects::LiveEngine& Projects::live_engine(const engine::Endpoint& endpoint) {
  std::unique_ptr<LiveEngine>& slot = engines_[endpoint_key(endpoint)];
  if (slot) return *slot;
  engine::EngineOptions options;
  options.timeout = settings_->seconds("engine.timeout");
  options.api_version = world_.environment.get("DOCKER_API_VERSION");
  options.environment = world_.environment;
  options.log = world_.log;
  slot = std::make_unique<LiveEngine>();
  slot->key = endpoint_key(endpoint);
  slot->engine = std::make_shared<SpottingEngine>(
      world_.make_engine(endpoint, std::move(options)),
      [this](const std::string& name, const std::vector<std::string>& files) {
        loop_.post([this, name, files] { spot(name, files); });
      });
  slot->session = std::make_unique<live::Session>(slot->engine, world_.prober, world_.clock,
                                                  session_options(*settings_, world_.log));
  return *slot;
}

// Asks the engines which projects run, to learn which of them were started from open documents.
// One question at a time.
void Projects::look() {
  if (engines_.empty() || documents_.empty()) return;
  if (looking_) {
    look_again_ = true;
    return;
  }
  std::vector<std::shared_ptr<engine::Engine>> engines;
  for (const auto& [key, live] : engines_) engines.push_back(live->engine);
  std::vector<std::pair<std::string, std::string>> documents;
  for (const auto& [uri, document] : documents_) documents.emplace_back(uri, document.path);
  looking_ = workers_.run([this, engines, documents](const std::stop_token& stop) {
    std::vector<live::ProjectSummary> running;
    bool answered = false;
    for (const auto& engine : engines) {
      auto listed = live::list_projects(*engine, stop);
      if (!listed) continue;
      answered = true;
      running.insert(running.end(), listed->begin(), listed->end());
    }
    auto named = answered ? match(running, documents, *world_.files)
                          : std::map<std::string, std::vector<RunningProject>>{};
    loop_.post([this, named = std::move(named)] { take_running(named); });
  });
}

// A container of a project came or went. That matters only where the project could be one that is
// not shown, or that shows only because it ran.
void Projects::spot(const std::string& name, const std::vector<std::string>& files) {
  for (const auto& [uri, document] : documents_) {
    const std::string base = io::base_name(document.path);
    const bool names_it = std::any_of(files.begin(), files.end(), [&base](const std::string& file) {
      return io::base_name(file) == base;
    });
    const std::vector<const ProjectState*> shown = of(uri);
    const bool is_only = shown.size() == 1 && shown.front()->facts &&
                         shown.front()->facts->project_name() == name && document.running.empty();
    if (names_it && !is_only) return look();
  }
}

void Projects::take_running(const std::map<std::string, std::vector<RunningProject>>& running) {
  looking_ = false;
  for (const auto& [uri, named] : running) {
    const auto found = documents_.find(uri);
    if (found == documents_.end()) continue;
    OpenDocument& document = found->second;
    const bool discovered = document.running.empty() && is_discovered(document, named);
    if (discovered || document.running == named) continue;
    document.running = named;
    resolver_->now(uri, request_for(document));
  }
  if (std::exchange(look_again_, false)) look();
}

// True when what runs is just what discovery found.
bool Projects::is_discovered(const OpenDocument& document,
                             const std::vector<RunningProject>& named) const {
  if (named.empty()) return true;
  if (named.size() != 1 || document.keys.size() != 1) return false;
  const auto found = projects_.find(document.keys.front());
  if (found == projects_.end() || !found->second->state.model) return false;
  const compose::Project& model = *found->second->state.model;
  return model.name == named.front().name && model.file_paths == named.front().files;
}

void Projects::tell(const std::string& key, bool looks_changed) {
  for (const auto& [uri, document] : documents_) {
    const auto& keys = document.keys;
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) on_change_(uri, looks_changed);
  }
}

void Projects::complain(const Error& error) {
  const std::string text = error.code + error.what + error.why;
  if (std::exchange(complaint_, text) != text) on_trouble_(error);
}

}  // namespace dockhand::lsp
