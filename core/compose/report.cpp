#include "compose/report.h"

#include <fmt/format.h>

namespace dockhand::compose {

void Report::add(Severity severity, std::string_view code, Origin where, std::string message) {
  if (where.file >= files_.size()) return;
  counts_.resize(files_.size());
  std::size_t& count = counts_[where.file];
  if (count > kMaxFindingsPerFile) return;
  if (!seen_
           .insert(fmt::format("{} {} {} {}", code, where.file, where.range.begin, where.range.end))
           .second) {
    return;
  }
  std::vector<Finding>& findings = files_[where.file].findings;
  if (++count > kMaxFindingsPerFile) {
    findings.push_back({"compose-too-many-findings", Severity::information, where.range,
                        "there are more mistakes in this file; mend these first"});
    return;
  }
  findings.push_back({std::string(code), severity, where.range, std::move(message)});
}

}  // namespace dockhand::compose
