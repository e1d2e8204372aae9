#include "lsp/features/code_action.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "explain/report.h"
#include "lsp/features/action_kind.h"
#include "lsp/features/command.h"
#include "lsp/features/feature.h"
#include "lsp/features/fix.h"
#include "lsp/services.h"

namespace dockhand::lsp {
namespace {

using live::State;

constexpr std::string_view kSource = "source.dockhand";

// The kind to give actions, or nothing when none is wanted.
std::optional<std::string_view> wanted_kind(const CodeActionContext& context) {
  if (!context.only) return kQuickFix;
  if (context.triggerKind == CodeActionTrigger::automatic) return std::nullopt;
  for (const std::string_view kind : {kQuickFix, kSource}) {
    if (wants_kind(context, kind)) return kind;
  }
  return std::nullopt;
}

// The name under the cursor, else the first one that stands in its line.
std::optional<Mention> target(const Document& document, std::uint32_t offset) {
  if (std::optional<Mention> mention = mention_at(document.tree, offset)) return mention;
  const std::uint32_t line = document.lines.position(offset).line;
  const Range range{document.lines.line_begin(line), document.line_end(offset)};
  std::vector<Mention> in_line = mentions(document.tree, range);
  if (in_line.empty()) return std::nullopt;
  return std::move(in_line.front());
}

// The diagnostics among those at hand that an action on this service mends.
json mended(const json& diagnostics, const Document& document, const Mention& mention) {
  json mended = json::array();
  if (!diagnostics.is_array()) return mended;
  const json range = to_json(document.range(mention.range));
  for (const json& diagnostic : diagnostics) {
    if (!diagnostic.is_object() || diagnostic.value("source", json()) != "dockhand") continue;
    if (diagnostic.value("range", json()) == range) mended.push_back(diagnostic);
  }
  return mended;
}

// The actions for one service of one project.
class Menu {
 public:
  Menu(const ProjectState& project, const explain::ServiceReport& report, std::string suffix)
      : project_(project), report_(report), suffix_(std::move(suffix)) {}

  std::vector<CodeAction> actions() {
    switch (report_.state) {
      case State::not_created:
      case State::created:
        start("");
        break;
      case State::exited:
        start(report_.tone == explain::Tone::good ? " again" : "");
        break;
      case State::dead:
        restart();
        break;
      case State::paused:
      case State::restarting:
        restart();
        stop();
        break;
      case State::starting:
      case State::running:
      case State::healthy:
      case State::unhealthy:
        restart();
        restart_with_dependents();
        stop();
        break;
    }
    open();
    return std::move(actions_);
  }

 private:
  void start(const std::string& more) { add(kStartCommand, "Start", more, {}); }
  void stop() { add(kStopCommand, "Stop", "", {}); }
  void restart() { add(kRestartCommand, "Restart", "", {}); }

  void restart_with_dependents() {
    const auto& graph = *project_.facts->snapshot->graph;
    std::vector<std::string> names = graph.transitive_dependents(report_.name);
    if (names.empty()) return;
    const std::string more = fmt::format(" with dependents ({})", names.size());
    add(kRestartCommand, "Restart", more, std::move(names));
  }

  void open() {
    const auto url = std::find_if(report_.urls.begin(), report_.urls.end(),
                                  [](const topology::ServiceUrl& one) { return one.http(); });
    if (url == report_.urls.end()) return;
    const std::string title = "Open " + printable(url->text);
    actions_.push_back({title,
                        {},
                        json::array(),
                        {title, std::string(kOpenCommand), json::array({{{"url", url->text}}})}});
  }

  void add(std::string_view command, std::string_view verb, const std::string& more,
           std::vector<std::string> dependents) {
    ServiceArguments arguments = arguments_for(project_, report_.name);
    arguments.dependents = std::move(dependents);
    const std::string title =
        fmt::format("{} {}{}{}", verb, printable(report_.name), more, suffix_);
    actions_.push_back({title,
                        {},
                        json::array(),
                        {title, std::string(command), json::array({to_json(arguments)})}});
  }

  const ProjectState& project_;
  const explain::ServiceReport& report_;
  std::string suffix_;
  std::vector<CodeAction> actions_;
};

class CodeActionFeature final : public Feature {
 public:
  explicit CodeActionFeature(Context& context) : context_(context) {}

  void bind(Binder& binder) override {
    binder.method("textDocument/codeAction", this, &CodeActionFeature::on_code_action);
    binder.capabilities["codeActionProvider"] = {
        {"codeActionKinds", {kQuickFix, kSource, kFixAll}}};
  }

 private:
  json on_code_action(const CodeActionParams& params) {
    const Document* document = context_.compose_document(params.textDocument.uri);
    if (!document) return json::array();
    const std::vector<const ProjectState*> projects = context_.projects->of(document->uri);
    const std::vector<CodeAction> actions = code_actions(*document, projects, params);
    if (context_.capabilities.code_action_literals) {
      json all = to_json(fix_actions(*document, projects, params));
      for (const CodeAction& action : actions) all.push_back(to_json(action));
      return all;
    }
    json commands = json::array();
    for (const CodeAction& action : actions) commands.push_back(to_json(action.command));
    return commands;
  }

  Context& context_;
};

}  // namespace

std::vector<CodeAction> code_actions(const Document& document,
                                     const std::vector<const ProjectState*>& projects,
                                     const CodeActionParams& params) {
  std::vector<CodeAction> out;
  const std::optional<std::string_view> kind = wanted_kind(params.context);
  const std::optional<Mention> mention = target(document, document.offset(params.range.start));
  if (!kind || !mention) return out;
  const json diagnostics = mended(params.context.diagnostics, document, *mention);
  for (const ProjectState* project : projects) {
    const live::ServiceState* state =
        project->facts ? project->facts->snapshot->find(mention->name) : nullptr;
    if (!state) continue;
    const explain::ServiceReport report = explain::report(*project->facts->snapshot, *state);
    const bool bad = report.tone == explain::Tone::bad;
    if (!report.known || report.stale) continue;
    if (!bad && params.context.triggerKind == CodeActionTrigger::automatic) continue;
    std::string suffix =
        projects.size() > 1 ? " in " + printable(project->facts->project_name()) : std::string();
    for (CodeAction& action : Menu(*project, report, std::move(suffix)).actions()) {
      action.kind = *kind;
      if (bad && action.command.command != kOpenCommand) action.diagnostics = diagnostics;
      out.push_back(std::move(action));
    }
  }
  return out;
}

std::unique_ptr<Feature> make_code_action_feature(Context& context) {
  return std::make_unique<CodeActionFeature>(context);
}

}  // namespace dockhand::lsp
