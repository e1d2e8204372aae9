#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "plugin/render/style.h"

// What `check` found, for people and for programs.
namespace dockhand::plugin::render {

// One file, and what was found in it, in the order of the places.
struct CheckedFile {
  std::string name;  // As it is shown: relative to the working directory where it lies in there.
  std::string_view text;
  const std::vector<Finding>* findings;
};

// `file:line:column: severity: message [code]`, a line each, and a line that counts them. On a
// terminal the line of the file follows, with a mark under what is meant. Lines and columns are
// counted from 1, columns in characters.
std::vector<std::string> findings_text(const std::vector<CheckedFile>& files, const Style& style);

// See docs/json.md.
std::string findings_json(const std::vector<CheckedFile>& files);

// SARIF 2.1.0, as code scanning services read it.
std::string findings_sarif(const std::vector<CheckedFile>& files, std::string_view version);

// The lines that edits change, the old ones behind `-` and the new ones behind `+`, each with its
// number in the old text or the new one.
std::vector<std::string> edits_text(std::string_view text, const std::vector<TextEdit>& edits,
                                    const Style& style);

}  // namespace dockhand::plugin::render
