#include "check/annotated.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "yaml/line_index.h"

namespace dockhand::check::test {
namespace {

std::string annotation(const Finding& finding, std::string_view text,
                       const yaml::LineIndex& lines) {
  const yaml::LineColumn begin = lines.position(finding.range.begin);
  const std::uint32_t end = std::min(finding.range.end, lines.line_end(text, begin.line));
  const std::uint32_t size =
      std::max<std::uint32_t>(end, finding.range.begin + 1) - finding.range.begin;
  std::string line = "#";
  if (begin.column == 0) {
    line += "<" + std::string(size - 1, '^');
  } else {
    line += std::string(begin.column - 1, ' ') + std::string(size, '^');
  }
  return line + fmt::format(" {} {}\n", to_string(finding.severity), finding.code);
}

std::string annotated(const compose::SourceFile& file) {
  const std::string& text = file.tree.text();
  const yaml::LineIndex lines(text);
  std::string out;
  std::size_t next = 0;
  for (std::uint32_t line = 0; line < lines.line_count(); ++line) {
    const std::uint32_t begin = lines.line_begin(line);
    const std::uint32_t end = line + 1 < lines.line_count()
                                  ? lines.line_begin(line + 1)
                                  : static_cast<std::uint32_t>(text.size());
    out += text.substr(begin, end - begin);
    while (next < file.findings.size() &&
           lines.position(file.findings[next].range.begin).line == line) {
      if (!out.empty() && out.back() != '\n') out += '\n';
      out += annotation(file.findings[next++], text, lines);
    }
  }
  return out;
}

}  // namespace

bool is_annotation(std::string_view line) {
  if (!line.starts_with('#')) return false;
  const std::size_t mark = line.find_first_not_of(' ', 1);
  if (mark == std::string_view::npos || (line[mark] != '^' && line[mark] != '<')) return false;
  return line[mark] == '^' || mark == 1;
}

Stack::Stack(std::string_view annotated) {
  for (const std::string_view line : split_lines(annotated)) {
    if (line.starts_with("--- ")) {
      written_.push_back({std::string(line.substr(4)), {}});
    } else if (!is_annotation(line)) {
      if (written_.empty()) written_.push_back({});
      written_.back().text += std::string(line) + "\n";
    }
  }
  for (const File& file : written_) {
    files_.write(io::join_path("/p", file.path.empty() ? "compose.yaml" : file.path), file.text);
  }
}

compose::Project Stack::check() const {
  compose::LoadOptions options;
  options.working_directory = "/p";
  options.profiles = profiles;
  options.environment = environment;
  Result<compose::Project> project = load(options, files_, wishes);
  REQUIRE(project);
  return *std::move(project);
}

std::string Stack::annotate(const compose::Project& project) const {
  std::string out;
  for (const File& file : written_) {
    const std::string path = io::join_path("/p", file.path.empty() ? "compose.yaml" : file.path);
    if (!file.path.empty()) out += "--- " + file.path + "\n";
    const auto read = std::find_if(project.files.begin(), project.files.end(),
                                   [&](const auto& one) { return one.path == path; });
    out += read == project.files.end() ? file.text : annotated(*read);
  }
  return out;
}

void expect(const std::vector<std::string_view>& texts) {
  for (const std::string_view text : texts) {
    const Stack stack(text);
    CHECK(stack.annotate(stack.check()) == std::string(text));
  }
}

std::string fixed(std::string_view text) {
  const Stack stack(text);
  const compose::SourceFile file = stack.check().files.front();
  return apply_fixes(file.tree.text(), file.findings).text;
}

std::string all_fixed(std::string_view text) {
  const Stack stack(text);
  const compose::SourceFile file = stack.check().files.front();
  std::string result = file.tree.text();
  for (auto finding = file.findings.rbegin(); finding != file.findings.rend(); ++finding) {
    for (auto edit = finding->fix.rbegin(); edit != finding->fix.rend(); ++edit) {
      result.replace(edit->range.begin, edit->range.size(), edit->text);
    }
  }
  return result;
}

}  // namespace dockhand::check::test
