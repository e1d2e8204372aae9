#include "check/suppress.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "yaml/line_index.h"

namespace dockhand::check {
namespace {

struct Wish {
  bool all = false;
  std::vector<std::string> codes;
};

using Wishes = std::unordered_map<std::uint32_t, Wish>;  // By line.

constexpr std::string_view kMark = "dockhand:";
constexpr std::string_view kVerb = "ignore";

// What stands behind `dockhand: ignore`, or nothing when the comment is another one.
std::optional<std::string_view> words_of(std::string_view comment) {
  comment.remove_prefix(std::min(comment.find_first_not_of('#'), comment.size()));
  comment = trim(comment);
  if (!comment.starts_with(kMark)) return std::nullopt;
  comment = trim(comment.substr(kMark.size()));
  if (!comment.starts_with(kVerb)) return std::nullopt;
  comment.remove_prefix(kVerb.size());
  if (!comment.empty() && comment.front() != ' ' && comment.front() != '\t') return std::nullopt;
  return trim(comment);
}

void add_codes(Wish& wish, std::string_view words) {
  std::string code;
  const std::size_t before = wish.codes.size();
  for (const char c : words) {
    if (c != ' ' && c != '\t' && c != ',') {
      code += c;
    } else if (!code.empty()) {
      wish.codes.push_back(std::move(code));
      code.clear();
    }
  }
  if (!code.empty()) wish.codes.push_back(std::move(code));
  if (wish.codes.size() == before) wish.all = true;
}

Wishes read_wishes(const yaml::Tree& tree, const yaml::LineIndex& lines) {
  Wishes wishes;
  const std::string_view text = tree.text();
  for (const yaml::Comment& comment : tree.comments()) {
    const auto words = words_of(text.substr(comment.range.begin, comment.range.size()));
    if (!words) continue;
    std::uint32_t line = lines.position(comment.range.begin).line;
    const std::uint32_t begin = lines.line_begin(line);
    if (trim(text.substr(begin, comment.range.begin - begin)).empty()) ++line;
    add_codes(wishes[line], *words);
  }
  return wishes;
}

}  // namespace

void suppress(compose::SourceFile& file) {
  if (file.findings.empty() || file.tree.text().find(kMark) == std::string::npos) return;
  const Wishes wishes = read_wishes(file.tree, file.lines);
  if (wishes.empty()) return;
  std::erase_if(file.findings, [&](const Finding& finding) {
    const auto wish = wishes.find(file.lines.position(finding.range.begin).line);
    if (wish == wishes.end()) return false;
    const std::vector<std::string>& codes = wish->second.codes;
    return wish->second.all || std::find(codes.begin(), codes.end(), finding.code) != codes.end();
  });
}

}  // namespace dockhand::check
