#include "compose/report.h"

#include <fmt/format.h>

namespace dockhand::compose {

void Report::add(Severity severity, std::string_view code, Origin where, std::string message) {
  add(where.file, {std::string(code), severity, where.range, std::move(message)});
}

void Report::add(std::uint32_t file, Finding finding) {
  if (file >= files_.size()) return;
  counts_.resize(files_.size());
  std::size_t& count = counts_[file];
  if (count > kMaxFindingsPerFile) return;
  if (!seen_
           .insert(fmt::format("{} {} {} {}", finding.code, file, finding.range.begin,
                               finding.range.end))
           .second) {
    return;
  }
  std::vector<Finding>& findings = files_[file].findings;
  if (++count > kMaxFindingsPerFile) {
    findings.push_back({"compose-too-many-findings", Severity::information, finding.range,
                        "there are more mistakes in this file; mend these first"});
    return;
  }
  findings.push_back(std::move(finding));
}

}  // namespace dockhand::compose
