#include "compose/merge_rules.h"

#include <map>
#include <memory>
#include <string>

#include "base/text.h"

namespace dockhand::compose {
namespace {

struct Row {
  std::string_view path;  // `*` is any key.
  MergeRule merge;
  UniqueBy unique;
};

// From compose-go, override/merge.go and override/uncity.go.
constexpr Row kRows[] = {
    {"networks.*.ipam.config", MergeRule::by_subnet, UniqueBy::nothing},
    {"networks.*.labels", MergeRule::pairs, UniqueBy::name},
    {"services.*.annotations", MergeRule::pairs, UniqueBy::name},
    {"services.*.build", MergeRule::lift_context, UniqueBy::nothing},
    {"services.*.build.additional_contexts", MergeRule::pairs, UniqueBy::name},
    {"services.*.build.args", MergeRule::pairs, UniqueBy::name},
    {"services.*.build.extra_hosts", MergeRule::append_new, UniqueBy::nothing},
    {"services.*.build.labels", MergeRule::pairs, UniqueBy::name},
    {"services.*.build.tags", MergeRule::deep, UniqueBy::name},
    {"services.*.cap_add", MergeRule::deep, UniqueBy::name},
    {"services.*.cap_drop", MergeRule::deep, UniqueBy::name},
    {"services.*.command", MergeRule::replace, UniqueBy::nothing},
    {"services.*.configs", MergeRule::deep, UniqueBy::config},
    {"services.*.depends_on", MergeRule::lift_depends_on, UniqueBy::nothing},
    {"services.*.deploy.labels", MergeRule::pairs, UniqueBy::name},
    {"services.*.devices", MergeRule::deep, UniqueBy::device},
    {"services.*.dns", MergeRule::append, UniqueBy::name},
    {"services.*.dns_opt", MergeRule::append, UniqueBy::name},
    {"services.*.dns_search", MergeRule::append, UniqueBy::name},
    {"services.*.entrypoint", MergeRule::replace, UniqueBy::nothing},
    {"services.*.env_file", MergeRule::append, UniqueBy::path},
    {"services.*.environment", MergeRule::pairs, UniqueBy::name},
    {"services.*.expose", MergeRule::deep, UniqueBy::name},
    {"services.*.extra_hosts", MergeRule::append_new, UniqueBy::nothing},
    {"services.*.healthcheck.test", MergeRule::replace, UniqueBy::nothing},
    {"services.*.label_file", MergeRule::append, UniqueBy::nothing},
    {"services.*.labels", MergeRule::pairs, UniqueBy::name},
    {"services.*.links", MergeRule::deep, UniqueBy::name},
    {"services.*.logging", MergeRule::same_driver, UniqueBy::nothing},
    {"services.*.models", MergeRule::lift_names, UniqueBy::nothing},
    {"services.*.networks", MergeRule::lift_names, UniqueBy::nothing},
    {"services.*.networks.*.aliases", MergeRule::deep, UniqueBy::name},
    {"services.*.networks.*.link_local_ips", MergeRule::deep, UniqueBy::name},
    {"services.*.ports", MergeRule::deep, UniqueBy::port},
    {"services.*.profiles", MergeRule::deep, UniqueBy::name},
    {"services.*.secrets", MergeRule::deep, UniqueBy::secret},
    {"services.*.sysctls", MergeRule::pairs, UniqueBy::name},
    {"services.*.tmpfs", MergeRule::append, UniqueBy::name},
    {"services.*.ulimits.*", MergeRule::replace, UniqueBy::nothing},
    {"services.*.volumes", MergeRule::deep, UniqueBy::volume},
    {"volumes.*.labels", MergeRule::pairs, UniqueBy::name},
};

}  // namespace

struct RuleNode {
  PlaceRule rule;
  std::map<std::string_view, std::unique_ptr<RuleNode>> members;
  std::unique_ptr<RuleNode> any;  // `*`
};

namespace {

RuleNode make_tree() {
  RuleNode root;
  for (const Row& row : kRows) {
    RuleNode* node = &root;
    for (std::string_view key : split(row.path, '.')) {
      std::unique_ptr<RuleNode>& next = key == "*" ? node->any : node->members[key];
      if (!next) next = std::make_unique<RuleNode>();
      node = next.get();
    }
    node->rule = {row.merge, row.unique};
  }
  return root;
}

}  // namespace

const RuleNode* root_rules() {
  static const RuleNode root = make_tree();
  return &root;
}

const RuleNode* rules_of_member(const RuleNode* map, std::string_view key) {
  if (!map) return nullptr;
  // Jobs are services that end.
  if (map == root_rules() && key == "jobs") key = "services";
  const auto found = map->members.find(key);
  return found != map->members.end() ? found->second.get() : map->any.get();
}

PlaceRule rule_at(const RuleNode* place) { return place ? place->rule : PlaceRule{}; }

}  // namespace dockhand::compose
