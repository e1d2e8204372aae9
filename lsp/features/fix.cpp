#include "lsp/features/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/text.h"
#include "check/check.h"
#include "lsp/features/action_kind.h"
#include "lsp/findings.h"

namespace dockhand::lsp {
namespace {

constexpr std::size_t kShown = 40;  // Columns of a text in a title.

std::string title_of(const Document& document, const Finding& finding) {
  const TextEdit& edit = finding.fix.front();
  const std::string before = first_line(
      std::string_view(document.text()).substr(edit.range.begin, edit.range.size()), kShown);
  const std::string after = first_line(edit.text, kShown);
  if (edit.text.empty()) return fmt::format("Remove {}", before);
  if (edit.range.empty()) return fmt::format("Insert {}", after);
  return fmt::format("Replace {} by {}", before, after);
}

json edit_of(const Document& document, const std::vector<TextEdit>& edits) {
  json list = json::array();
  for (const TextEdit& edit : edits) {
    list.push_back({{"range", to_json(document.range(edit.range))}, {"newText", edit.text}});
  }
  return {{"changes", {{document.uri, std::move(list)}}}};
}

// The diagnostics among those at hand that the finding is.
json told_as(const json& diagnostics, const Document& document, const Finding& finding) {
  json told = json::array();
  if (!diagnostics.is_array()) return told;
  const json range = to_json(document.range(finding.range));
  for (const json& diagnostic : diagnostics) {
    if (!diagnostic.is_object() || diagnostic.value("source", json()) != "dockhand") continue;
    if (diagnostic.value("code", json()) != finding.code) continue;
    if (diagnostic.value("range", json()) == range) told.push_back(diagnostic);
  }
  return told;
}

bool touches(Range range, Range other) {
  return range.begin <= other.end && other.begin <= range.end;
}

}  // namespace

std::vector<CodeAction> fix_actions(const Document& document,
                                    const std::vector<const ProjectState*>& projects,
                                    const CodeActionParams& params) {
  std::vector<CodeAction> actions;
  const bool quick = wants_kind(params.context, kQuickFix);
  const bool all = wants_kind(params.context, kFixAll);
  if (!quick && !all) return actions;
  const std::vector<Finding> found = findings(document, projects);
  const Range where{document.offset(params.range.start), document.offset(params.range.end)};
  for (const Finding& finding : found) {
    if (!quick || finding.fix.empty() || !touches(finding.range, where)) continue;
    if (actions.size() >= kMaxFixes) break;
    CodeAction action;
    action.title = title_of(document, finding);
    action.kind = kQuickFix;
    action.diagnostics = told_as(params.context.diagnostics, document, finding);
    action.edit = edit_of(document, finding.fix);
    const check::Code* code = check::find_code(finding.code);
    action.preferred = code && code->fix == check::Code::Fix::sure;
    actions.push_back(std::move(action));
  }
  if (!all) return actions;
  const check::Fixed fixed = check::apply_fixes(document.text(), found);
  const bool asked = params.context.only.has_value();
  const bool worth_it =
      asked ? fixed.fixes > 0
            : fixed.fixes > 1 && params.context.triggerKind != CodeActionTrigger::automatic;
  if (!worth_it) return actions;
  CodeAction action;
  action.title = fixed.fixes == 1 ? "Apply 1 fix" : fmt::format("Apply all {} fixes", fixed.fixes);
  action.kind = kFixAll;
  action.edit = edit_of(document, fixed.edits);
  actions.push_back(std::move(action));
  return actions;
}

}  // namespace dockhand::lsp
