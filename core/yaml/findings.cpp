#include <algorithm>
#include <limits>
#include <string_view>
#include <tuple>
#include <vector>

#include "yaml/arena.h"
#include "yaml/tree.h"

// What is wrong with a text as a whole: the flaws of all arenas, and those that only show when
// anchors, aliases and directives are seen together.
namespace dockhand::yaml {

std::uint32_t TreeData::document_at(std::uint32_t offset) const {
  const auto after =
      std::upper_bound(documents.begin(), documents.end(), offset,
                       [](std::uint32_t at, const DocumentData& d) { return at < d.begin; });
  return static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(after - documents.begin(), 1) - 1);
}

const std::vector<Anchor>& TreeData::anchors() const {
  std::call_once(anchors_made_, [this] {
    for (std::uint32_t f = 0; f <= fragments.size(); ++f) {
      const Arena& arena = this->arena(f);
      for (const std::uint32_t node : arena.anchored) {
        const Range range =
            shifted(arena.properties[arena.nodes[node].properties - 1].anchor, base(f));
        const std::string_view name =
            std::string_view(text).substr(range.begin + 1, range.size() - 1);
        anchors_.push_back({name, document_at(range.begin), range.begin, f, node});
      }
    }
    std::sort(anchors_.begin(), anchors_.end(), [](const Anchor& a, const Anchor& b) {
      return std::tie(a.name, a.begin) < std::tie(b.name, b.begin);
    });
  });
  return anchors_;
}

const Anchor* TreeData::find_anchor(std::string_view name, std::uint32_t before) const {
  const std::vector<Anchor>& all = anchors();
  const auto after = std::lower_bound(
      all.begin(), all.end(), before, [&](const Anchor& anchor, std::uint32_t position) {
        return std::tie(anchor.name, anchor.begin) < std::tie(name, position);
      });
  if (after == all.begin()) return nullptr;
  const Anchor& found = *(after - 1);
  return found.name == name ? &found : nullptr;
}

namespace {

// The handles that the %TAG directives of one document declare, sorted.
struct TagHandles {
  std::uint32_t document = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::string_view> declared;

  void read(const TreeData& tree, std::uint32_t from) {
    if (document == from) return;
    document = from;
    declared.clear();
    for (const Range directive : tree.documents[document].marks.directives) {
      std::string_view line = std::string_view(tree.text).substr(directive.begin, directive.size());
      if (!line.starts_with("%TAG")) continue;
      line.remove_prefix(4);
      line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
      declared.push_back(line.substr(0, line.find_first_of(" \t")));
    }
    std::sort(declared.begin(), declared.end());
  }
};

void check_aliases(const TreeData& tree, std::uint32_t f, std::vector<Flaw>& flaws) {
  const Arena& arena = tree.arena(f);
  for (const std::uint32_t alias : arena.aliases) {
    const NodeData& data = arena.nodes[alias];
    const Range range = shifted({data.begin, data.end}, tree.base(f));
    if (range.size() < 2) continue;
    const std::string_view name =
        std::string_view(tree.text).substr(range.begin + 1, range.size() - 1);
    const Anchor* anchor = tree.find_anchor(name, range.begin);
    if (anchor == nullptr) {
      flaws.push_back({FlawCode::undefined_alias, range});
      continue;
    }
    if (anchor->document != tree.document_at(range.begin)) {
      flaws.push_back({FlawCode::foreign_alias, range});
    }
    const NodeData& target = tree.arena(anchor->fragment).nodes[anchor->node];
    const Range around = shifted({target.begin, target.end}, tree.base(anchor->fragment));
    if (around.contains(range.begin)) flaws.push_back({FlawCode::recursive_alias, range});
  }
}

void check_tag_handles(const TreeData& tree, std::uint32_t f, TagHandles& handles,
                       std::vector<Flaw>& flaws) {
  for (const Range relative : tree.arena(f).tag_handles) {
    const Range range = shifted(relative, tree.base(f));
    handles.read(tree, tree.document_at(range.begin));
    const std::string_view used = std::string_view(tree.text).substr(range.begin, range.size());
    if (!std::binary_search(handles.declared.begin(), handles.declared.end(), used)) {
      flaws.push_back({FlawCode::undefined_tag_handle, range});
    }
  }
}

}  // namespace

std::vector<Finding> Tree::findings() const {
  std::vector<Flaw> flaws = data_->bytes;
  TagHandles handles;
  for (std::uint32_t f = 0; f <= data_->fragments.size(); ++f) {
    for (const Flaw& flaw : data_->arena(f).flaws) {
      flaws.push_back({flaw.code, shifted(flaw.range, data_->base(f))});
    }
    check_aliases(*data_, f, flaws);
    check_tag_handles(*data_, f, handles, flaws);
  }
  std::sort(flaws.begin(), flaws.end(), [](const Flaw& a, const Flaw& b) {
    return std::tie(a.range.begin, a.range.end, a.code) <
           std::tie(b.range.begin, b.range.end, b.code);
  });
  if (flaws.size() > kMaxFindings) {
    flaws.resize(kMaxFindings);
    flaws.back().code = FlawCode::too_many;
  }
  std::vector<Finding> findings;
  findings.reserve(flaws.size());
  for (const Flaw& flaw : flaws) findings.push_back(to_finding(flaw, data_->text));
  return findings;
}

}  // namespace dockhand::yaml
