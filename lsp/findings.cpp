#include "lsp/findings.h"

#include <algorithm>
#include <tuple>

#include "check/check.h"

namespace dockhand::lsp {
namespace {

// This document as the project read it; null when it read another version.
const compose::SourceFile* same_text(const ProjectState& project, const Document& document) {
  if (!project.model) return nullptr;
  for (const compose::SourceFile& file : project.model->files) {
    if (file.path == document.path && file.tree.text() == document.text()) return &file;
  }
  return nullptr;
}

auto place(const Finding& finding) {
  return std::tie(finding.range.begin, finding.range.end, finding.code);
}

}  // namespace

std::vector<Finding> findings(const Document& document,
                              const std::vector<const ProjectState*>& projects) {
  std::vector<Finding> all;
  int checked = 0;
  for (const ProjectState* project : projects) {
    const compose::SourceFile* file = same_text(*project, document);
    if (!file) continue;
    std::vector<Finding> found = file->findings;
    check::apply(project->severities, found);
    std::move(found.begin(), found.end(), std::back_inserter(all));
    ++checked;
  }
  if (checked == 0) return document.tree.findings();
  if (checked == 1) return all;
  std::stable_sort(all.begin(), all.end(),
                   [](const Finding& a, const Finding& b) { return place(a) < place(b); });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Finding& a, const Finding& b) { return place(a) == place(b); }),
            all.end());
  return all;
}

}  // namespace dockhand::lsp
