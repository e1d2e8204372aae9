#include "lsp/features/diagnostics.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.h"
#include "check/check.h"
#include "lsp/features/feature.h"
#include "lsp/findings.h"
#include "lsp/services.h"

namespace dockhand::lsp {
namespace {

DiagnosticSeverity severity_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return DiagnosticSeverity::error;
    case Severity::warning:
      return DiagnosticSeverity::warning;
    case Severity::information:
      return DiagnosticSeverity::information;
    case Severity::hint:
      return DiagnosticSeverity::hint;
  }
  return DiagnosticSeverity::error;
}

void add(std::vector<Diagnostic>& out, Diagnostic diagnostic) {
  if (out.size() >= kMaxDiagnostics) return;
  if (std::find(out.begin(), out.end(), diagnostic) == out.end()) {
    out.push_back(std::move(diagnostic));
  }
}

DiagnosticTag tag_of(const check::Code& code) {
  switch (code.kind) {
    case check::Code::Kind::plain:
      break;
    case check::Code::Kind::unused:
      return DiagnosticTag::unnecessary;
    case check::Code::Kind::deprecated:
      return DiagnosticTag::deprecated;
  }
  return DiagnosticTag::none;
}

void add_findings(std::vector<Diagnostic>& out, const Document& document,
                  const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (out.size() >= kMaxDiagnostics) return;
    Diagnostic diagnostic{document.range(finding.range), severity_of(finding.severity),
                          finding.code, printable(finding.message)};
    if (const check::Code* code = check::find_code(finding.code)) {
      diagnostic.documentation = check::documentation(*code);
      diagnostic.tag = tag_of(*code);
    }
    out.push_back(std::move(diagnostic));
  }
}

// A project that cannot be loaded at all is said at the head of the file.
void add_load_error(std::vector<Diagnostic>& out, const Document& document, const Error& error) {
  std::string message = error.what;
  if (!error.why.empty()) message += ": " + error.why;
  if (!error.fix.empty()) message += "; " + error.fix;
  add(out, {document.range({0, document.line_end(0)}), DiagnosticSeverity::error, error.code,
            printable(message)});
}

void add_problems(std::vector<Diagnostic>& out, const Document& document,
                  const std::vector<const ProjectState*>& projects) {
  FactsList all;
  for (const ProjectState* project : projects) {
    if (project->facts) all.push_back(project->facts);
  }
  for (const auto& facts : all) {
    for (const auto& [name, service] : facts->services) {
      if (!service.problem) continue;
      const std::optional<Mention> key = find_service(document.tree, name);
      if (!key) continue;
      add(out, {document.range(key->range), DiagnosticSeverity::warning, service.problem->code,
                named(all, *facts, service.problem->message)});
    }
  }
}

// Sends diagnostics whenever they change; to clients that fetch them, and can be told to fetch them
// again, only on request.
class DiagnosticsFeature final : public Feature {
 public:
  explicit DiagnosticsFeature(Context& context) : context_(context) {}

  void bind(Binder& binder) override {
    pull_ = context_.capabilities.diagnostic_pull && context_.capabilities.diagnostic_refresh;
    if (!pull_) return;
    binder.method("textDocument/diagnostic", this, &DiagnosticsFeature::on_diagnostic);
    binder.capabilities["diagnosticProvider"] = {{"identifier", "dockhand"},
                                                 {"interFileDependencies", true},
                                                 {"workspaceDiagnostics", false}};
  }

  void on_text(const Document& document) override {
    // A document of no project is not resolved: what its syntax says is all there is.
    if (document.compose && document.path.empty() && !pull_) publish(document);
  }

  void on_projects(const Document& document, bool) override {
    if (!document.compose) return;
    if (!pull_) {
      publish(document);
    } else if (changed(document)) {
      context_.client->request("workspace/diagnostic/refresh", nullptr);
    }
  }

  void on_closed(const std::string& uri) override {
    const bool known = sent_.erase(uri) > 0;
    if (pull_ || !known) return;
    context_.client->notify("textDocument/publishDiagnostics",
                            {{"uri", uri}, {"diagnostics", json::array()}});
  }

 private:
  struct Sent {
    int version = -1;
    std::vector<Diagnostic> diagnostics;
  };

  std::vector<Diagnostic> of(const Document& document) const {
    std::vector<Diagnostic> all = diagnostics(document, context_.projects->of(document.uri));
    for (Diagnostic& one : all) {
      if (!context_.capabilities.diagnostic_links) one.documentation.clear();
      if (!context_.capabilities.diagnostic_tags) one.tag = DiagnosticTag::none;
    }
    return all;
  }

  // Remembers what the document has now; true when that is news.
  bool changed(const Document& document) {
    Sent& sent = sent_[document.uri];
    std::vector<Diagnostic> now = of(document);
    if (sent.version == document.version && sent.diagnostics == now) return false;
    sent = {document.version, std::move(now)};
    return true;
  }

  void publish(const Document& document) {
    if (!changed(document)) return;
    json params = {{"uri", document.uri},
                   {"diagnostics", to_json(sent_[document.uri].diagnostics)}};
    if (context_.capabilities.versioned_diagnostics) params["version"] = document.version;
    context_.client->notify("textDocument/publishDiagnostics", std::move(params));
  }

  json on_diagnostic(const DocumentParams& params) {
    const Document* document = context_.compose_document(params.textDocument.uri);
    json items = json::array();
    if (document) {
      changed(*document);
      items = to_json(sent_[document->uri].diagnostics);
    }
    return {{"kind", "full"}, {"items", std::move(items)}};
  }

  Context& context_;
  bool pull_ = false;
  std::map<std::string, Sent> sent_;  // By URI of open documents.
};

}  // namespace

std::vector<Diagnostic> diagnostics(const Document& document,
                                    const std::vector<const ProjectState*>& projects) {
  std::vector<Diagnostic> out;
  add_findings(out, document, findings(document, projects));
  for (const ProjectState* project : projects) {
    if (project->error) add_load_error(out, document, *project->error);
  }
  add_problems(out, document, projects);
  return out;
}

std::unique_ptr<Feature> make_diagnostics_feature(Context& context) {
  return std::make_unique<DiagnosticsFeature>(context);
}

}  // namespace dockhand::lsp
