#include "check/edits.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "check/check.h"

namespace dockhand::check {
namespace {

// The entry of a mapping that has this node as its key or value.
yaml::Entry entry_around(yaml::Node mapping, yaml::Node inside) {
  for (const yaml::Entry entry : mapping.entries()) {
    if (entry.key == inside || entry.value == inside) return entry;
  }
  return {};
}

bool has_anchor(yaml::Node node) {
  if (!node.anchor().empty()) return true;
  for (const yaml::Node item : node.items()) {
    if (has_anchor(item)) return true;
  }
  for (const yaml::Entry entry : node.entries()) {
    if (has_anchor(entry.key) || has_anchor(entry.value)) return true;
  }
  return false;
}

// The whole lines of a range, or nothing when other things stand on them.
std::vector<TextEdit> whole_lines(std::string_view text, Range range) {
  const std::size_t line = text.rfind('\n', range.begin == 0 ? 0 : range.begin - 1);
  const std::size_t begin = line == std::string_view::npos || range.begin == 0
                                ? 0
                                : std::min<std::size_t>(line + 1, range.begin);
  if (text.substr(begin, range.begin - begin).find_first_not_of(" ") != std::string_view::npos) {
    return {};
  }
  // The end of a block may stand behind its last line end already.
  std::size_t last = range.end;
  while (last > range.begin &&
         (text[last - 1] == '\n' || text[last - 1] == '\r' || text[last - 1] == ' '))
    --last;
  std::size_t end = text.find('\n', last);
  end = end == std::string_view::npos ? text.size() : end + 1;
  const std::string_view rest = text.substr(last, end - last);
  const std::size_t other = rest.find_first_not_of(" \t\r\n");
  if (other != std::string_view::npos && rest[other] != '#') return {};
  return {{{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, ""}};
}

bool overlaps(const std::vector<TextEdit>& taken, const TextEdit& edit) {
  return std::any_of(taken.begin(), taken.end(), [&](const TextEdit& other) {
    const bool apart = edit.range.end < other.range.begin || other.range.end < edit.range.begin;
    const bool touching =
        edit.range.end == other.range.begin || other.range.end == edit.range.begin;
    return !apart && !(touching && edit.range != other.range);
  });
}

bool is_sure(const Finding& finding) {
  const Code* code = find_code(finding.code);
  return code && code->fix == Code::Fix::sure;
}

// Removes the entry of `mapping` that `node` is in, and what holds it while nothing else is left.
std::vector<TextEdit> remove_from(const yaml::Tree& tree, yaml::Node mapping, yaml::Node node) {
  if (!mapping.is_mapping()) return {};
  yaml::Entry entry = entry_around(mapping, node);
  while (entry && mapping.size() == 1 && mapping.parent().is_mapping()) {
    const yaml::Node outer = mapping.parent();
    entry = entry_around(outer, mapping);
    mapping = outer;
  }
  // What is anchored here may be meant elsewhere.
  if (!entry || mapping.style() != yaml::Style::block || has_anchor(entry.value)) return {};
  return whole_lines(tree.text(), entry.range());
}

}  // namespace

std::vector<TextEdit> remove_entry(const yaml::Tree& tree, std::uint32_t key) {
  const yaml::Node node = tree.at(key);
  return remove_from(tree, node.parent(), node);
}

std::vector<std::vector<TextEdit>> remove_entries(const yaml::Tree& tree,
                                                  const std::vector<std::uint32_t>& keys) {
  std::map<std::uint32_t, std::size_t> counts;  // By where their mapping begins.
  for (const std::uint32_t key : keys) ++counts[tree.at(key).parent().range().begin];
  std::vector<std::vector<TextEdit>> edits;
  for (const std::uint32_t key : keys) {
    const yaml::Node mapping = tree.at(key).parent();
    const bool all = counts[mapping.range().begin] == mapping.size();
    std::vector<TextEdit> edit;
    if (all) edit = remove_from(tree, mapping.parent(), mapping);
    // Not all, or one of them has to stay for its anchor's sake.
    if (edit.empty()) edit = remove_entry(tree, key);
    edits.push_back(std::move(edit));
  }
  return edits;
}

Fixed apply_fixes(std::string_view text, const std::vector<Finding>& findings) {
  Fixed fixed;
  for (const Finding& finding : findings) {
    if (finding.fix.empty() || !is_sure(finding)) continue;
    const bool fits = std::none_of(finding.fix.begin(), finding.fix.end(), [&](const auto& edit) {
      return edit.range.end > text.size() || overlaps(fixed.edits, edit);
    });
    if (!fits) continue;
    fixed.edits.insert(fixed.edits.end(), finding.fix.begin(), finding.fix.end());
    ++fixed.fixes;
  }
  std::sort(fixed.edits.begin(), fixed.edits.end(),
            [](const auto& a, const auto& b) { return a.range.begin < b.range.begin; });
  std::size_t at = 0;
  for (const TextEdit& edit : fixed.edits) {
    fixed.text += text.substr(at, edit.range.begin - at);
    fixed.text += edit.text;
    at = edit.range.end;
  }
  fixed.text += text.substr(at);
  return fixed;
}

}  // namespace dockhand::check
