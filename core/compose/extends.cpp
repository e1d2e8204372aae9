#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compose/key_index.h"
#include "compose/merge.h"
#include "compose/model.h"
#include "compose/paths.h"
#include "compose/steps.h"

namespace dockhand::compose {
namespace {

// What can extend another of its kind.
constexpr std::array<std::string_view, 2> kSections = {"services", "jobs"};

// The services of one file, or its jobs, while their extends are done one after the other, each
// once.
struct Services {
  std::string path;
  std::string_view section;
  KeyIndex index;
};

// A file named by `extends.file`, with all that it holds.
struct BaseFile {
  Value model;
  Value::Map none;                 // Stands for the services of a file without any.
  std::vector<Services> sections;  // None when the file could not be read.
};

class Extender {
 public:
  Extender(Workshop& workshop, const Scope& scope) : workshop_(workshop), scope_(scope) {}

  void apply(Services& services, Member& service) {
    Value* found = service.value.map() ? service.value.find("extends") : nullptr;
    if (!found) return;
    const Value extends = *found;
    const Visit visit{services.path, service.key};
    for (const Visit& earlier : chain_) {
      if (earlier.path == visit.path && earlier.service == visit.service)
        return cycle(extends, visit);
    }
    if (chain_.size() >= kMaxExtendsDepth) return cycle(extends, visit);
    chain_.push_back(visit);
    const Member* base = find_base(services, extends);
    if (base) inherit(services.section, service, *base, extends.origin);
    chain_.pop_back();
    // A base of which nothing is said leaves `extends` where it is.
    if (base && base->value.is_null()) return;
    std::erase_if(*service.value.map(),
                  [](const Member& member) { return member.key == "extends"; });
  }

 private:
  struct Visit {
    std::string path, service;
  };

  void cycle(const Value& extends, const Visit& last) {
    std::string way;
    for (const Visit& visit : chain_) way += visit.service + " -> ";
    workshop_.report.error(
        "compose-extends-cycle", extends.origin,
        chain_.size() < kMaxExtendsDepth
            ? fmt::format("a service cannot extend itself: {}{}", way, last.service)
            : fmt::format("extends goes deeper than {} services", kMaxExtendsDepth));
  }

  // The service that `extends` names, its own extends done; null with a finding.
  Member* find_base(Services& services, const Value& extends) {
    const Value* name = extends.map() ? extends.find("service") : &extends;
    const Value* file = extends.find("file");
    if (!name || name->text().empty()) {
      workshop_.report.error(
          "compose-extends-form", extends.origin,
          "`extends` is the name of a service, or a mapping with `service` and `file`");
      return nullptr;
    }
    Services* where = &services;
    if (file && !file->text().empty()) where = open(*file, services.section);
    if (!where) return nullptr;
    Member* base = where->index.find(name->text());
    if (!base) {
      workshop_.report.error(
          "compose-extends-unknown", name->origin,
          fmt::format("there is no {} {} in {}", services.section == "jobs" ? "job" : "service",
                      name->text(), io::base_name(where->path)));
      return nullptr;
    }
    apply(*where, *base);
    return base;
  }

  Services* open(const Value& file, std::string_view section) {
    if (is_remote(file.text())) {
      workshop_.report.add(
          Severity::information, "compose-remote", file.origin,
          fmt::format("{} is not on this machine; what it says is left out here", file.text()));
      return nullptr;
    }
    const std::string path = resolve_path(file.text(), scope_.directory, scope_.variables);
    BaseFile& base = bases_[path];
    if (base.model.is_null()) read(base, path, file.origin);
    const auto found = std::find_if(base.sections.begin(), base.sections.end(),
                                    [&](const Services& one) { return one.section == section; });
    return found == base.sections.end() ? nullptr : &*found;
  }

  void read(BaseFile& base, const std::string& path, Origin named) {
    base.model.data = Value::Map{};
    const Result<std::uint32_t> index = workshop_.open(path);
    if (!index) {
      return workshop_.report.error("compose-file", named,
                                    fmt::format("cannot read {}: {}", path, index.error().why));
    }
    base.model = load_documents(workshop_, scope_, *index);
    resolve_paths(base.model, {io::parent_path(path), scope_.variables, workshop_.file_system});
    for (const std::string_view section : kSections) {
      Value* members = base.model.find(section);
      base.sections.push_back(
          {path, section, KeyIndex(members && members->map() ? *members->map() : base.none)});
    }
  }

  // The service laid over its base.
  void inherit(std::string_view section, Member& service, const Member& base, Origin extends) {
    if (!base.value.map()) return;
    if (!workshop_.budget.copy(count_values(base.value))) {
      return workshop_.report.error(
          "compose-too-large", service.value.origin,
          "too many values once extends are expanded; this one is left out");
    }
    Value merged = base.value;
    drop_tags(merged);
    came_by(merged, {Step::Kind::extends, extends, base.key});
    std::erase_if(*merged.map(), [](const Member& member) { return member.key == "extends"; });
    merge_member(section, merged, std::move(service.value), workshop_.report);
    service.value = std::move(merged);
  }

  Workshop& workshop_;
  const Scope& scope_;
  std::map<std::string, BaseFile> bases_;  // By path; nodes stay where they are.
  std::vector<Visit> chain_;
};

}  // namespace

void apply_extends(Workshop& workshop, const Scope& scope, const std::string& path,
                   Value& document) {
  Extender extender(workshop, scope);
  for (const std::string_view section : kSections) {
    Value* members = document.find(section);
    if (!members || !members->map()) continue;
    Services own{path, section, KeyIndex(*members->map())};
    for (Member& member : *members->map()) extender.apply(own, member);
  }
}

}  // namespace dockhand::compose
