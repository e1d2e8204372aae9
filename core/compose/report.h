#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/finding.h"
#include "compose/project.h"

namespace dockhand::compose {

// At most this many findings of the loader's own are kept for one file.
inline constexpr std::size_t kMaxFindingsPerFile = 1000;

// Where the steps of one load() put what they find: with the file it is about.
class Report {
 public:
  explicit Report(std::vector<SourceFile>& files) : files_(files) {}

  // The same code at the same place is kept once: one written value may be read many times, through
  // aliases and extends.
  void add(Severity severity, std::string_view code, Origin where, std::string message);
  // The same, for a finding that carries its fix; its range lies in `file`.
  void add(std::uint32_t file, Finding finding);
  void error(std::string_view code, Origin where, std::string message) {
    add(Severity::error, code, where, std::move(message));
  }
  void warning(std::string_view code, Origin where, std::string message) {
    add(Severity::warning, code, where, std::move(message));
  }

  // The tree of a file that findings may be about, for fixes that look at the text; null for none.
  const yaml::Tree* tree(std::uint32_t file) const {
    return file < files_.size() ? &files_[file].tree : nullptr;
  }

 private:
  std::vector<SourceFile>& files_;
  std::unordered_set<std::string> seen_;
  std::vector<std::size_t> counts_;  // By file.
};

}  // namespace dockhand::compose
