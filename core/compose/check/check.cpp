#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/text.h"
#include "check/rules.h"
#include "check/schema.h"
#include "check/suppress.h"

namespace dockhand::check {
namespace {

std::vector<std::string> code_names() {
  std::vector<std::string> names;
  for (const Code& code : codes()) names.emplace_back(code.name);
  return names;
}

void read_pair(std::string_view pair, Severities& severities, std::vector<std::string>& problems) {
  const std::size_t equals = pair.find('=');
  const std::string_view name = trim(pair.substr(0, equals));
  const std::string_view word =
      equals == std::string_view::npos ? std::string_view() : trim(pair.substr(equals + 1));
  const std::optional<Severity> severity = parse_severity(word);
  if (!severity && word != "off") {
    problems.push_back(fmt::format("`{}` should be CODE=error, warning, information, hint or off",
                                   printable(pair)));
    return;
  }
  if (!find_code(name)) {
    const std::optional<std::string> near = nearest(name, code_names());
    problems.push_back(
        near ? fmt::format("there is no code {}; did you mean {}?", printable(name), *near)
             : fmt::format("there is no code {}", printable(name)));
    return;
  }
  severities.insert_or_assign(std::string(name), severity);
}

void validate(const compose::Value& model, compose::Report& report) {
  check_schema(model, report);
  check_repeats(model, report);
}

void sort_by_place(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.range.begin, a.range.end, a.severity) <
           std::tie(b.range.begin, b.range.end, b.severity);
  });
}

}  // namespace

Severities parse_severities(std::string_view text, std::vector<std::string>& problems) {
  Severities severities;
  for (const std::string_view pair : split(text, ',')) {
    if (!trim(pair).empty()) read_pair(trim(pair), severities, problems);
  }
  return severities;
}

void apply(const Severities& severities, std::vector<Finding>& findings) {
  if (severities.empty()) return;
  std::erase_if(findings, [&](Finding& finding) {
    const auto wish = severities.find(finding.code);
    if (wish == severities.end()) return false;
    if (!wish->second) return true;
    finding.severity = *wish->second;
    return false;
  });
}

Result<compose::Project> load(const compose::LoadOptions& options, const io::FileSystem& files,
                              const Options& wishes) {
  Result<compose::Project> project = compose::load(options, files, validate);
  if (!project) return project;
  Scene scene(*project, files, wishes);
  for (const Family& family : families()) family.run(scene);
  for (compose::SourceFile& file : project->files) {
    drop_echoes(file.findings);
    suppress(file);
    sort_by_place(file.findings);
  }
  return project;
}

}  // namespace dockhand::check
