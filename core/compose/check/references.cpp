#include <fmt/format.h>

#include <array>
#include <functional>
#include <map>
#include <unordered_set>

#include "base/text.h"
#include "check/dockerfile.h"
#include "check/edits.h"
#include "check/rules.h"
#include "compose/paths.h"

namespace dockhand::check {
namespace {

using compose::Member;
using compose::Origin;
using compose::Value;

using Visit = std::function<void(std::string_view name, Origin where)>;

// The names in a list of names or of mappings with a `source`, or the keys of a mapping.
void for_each_name(const Value* value, const Visit& visit) {
  if (!value) return;
  if (const Value::Map* map = value->map()) {
    for (const Member& member : *map) visit(member.key, member.key_origin);
  }
  const Value::List* list = value->list();
  if (!list) return;
  for (const Value& item : *list) {
    const Value* name = item.map() ? item.find("source") : &item;
    if (name && !name->text().empty()) visit(name->text(), name->origin);
  }
}

void for_each_volume(const Value* value, const Visit& visit) {
  const Value::List* list = value ? value->list() : nullptr;
  if (!list) return;
  for (const Value& item : *list) {
    const Value* type = find(item, "type");
    const Value* source = find(item, "source");
    if (type && type->text() == "volume" && source && !source->text().empty()) {
      visit(source->text(), source->origin);
    }
  }
}

void networks(const Value& service, const Visit& visit) {
  for_each_name(service.find("networks"), visit);
}

void volumes(const Value& service, const Visit& visit) {
  for_each_volume(service.find("volumes"), visit);
}

void configs(const Value& service, const Visit& visit) {
  for_each_name(service.find("configs"), visit);
}

// Compose takes the name as it is, so that it may be one that only the platform knows.
void mentioned_configs(const Value& service, const Visit& visit) {
  const Value* spec = find(service, "credential_spec.config");
  if (spec && !spec->text().empty()) visit(spec->text(), spec->origin);
}

void secrets(const Value& service, const Visit& visit) {
  for_each_name(service.find("secrets"), visit);
  for_each_name(find(service, "build.secrets"), visit);
}

void models(const Value& service, const Visit& visit) {
  for_each_name(service.find("models"), visit);
}

// A top-level section whose entries services name.
struct Section {
  std::string_view name;
  std::string_view noun;
  std::string_view undefined;  // Codes.
  std::string_view unused;
  void (*uses)(const Value& service, const Visit& visit);
  void (*mentions)(const Value& service, const Visit& visit) = nullptr;  // Need not be defined.
};

constexpr std::array<Section, 5> kSections = {{
    {"networks", "network", "undefined-network", "unused-network", networks},
    {"volumes", "volume", "undefined-volume", "unused-volume", volumes},
    {"configs", "config", "undefined-config", "unused-config", configs, mentioned_configs},
    {"secrets", "secret", "undefined-secret", "unused-secret", secrets},
    {"models", "model", "undefined-model", "unused-model", models},
}};

// `there is no network bakc; did you mean back? …`
std::string undefined_message(const Section& section, std::string_view name,
                              const std::string& near) {
  if (!near.empty()) {
    return fmt::format("there is no {} {}; did you mean {}?", section.noun, printable(name), near);
  }
  return fmt::format("there is no {} {}; define it under `{}:`", section.noun, printable(name),
                     section.name);
}

// Entries of one file that nothing uses.
void tell_unused(Scene& scene, const Section& section, const std::vector<const Member*>& members) {
  const yaml::Tree* tree = scene.tree(members.front()->key_origin);
  if (!tree) return;
  std::vector<std::uint32_t> keys;
  for (const Member* member : members) keys.push_back(member->key_origin.range.begin);
  std::vector<std::vector<TextEdit>> fixes = remove_entries(*tree, keys);
  for (std::size_t i = 0; i < members.size(); ++i) {
    scene.add(section.unused, members[i]->key_origin,
              fmt::format("no service uses the {} {}; remove it", section.noun,
                          printable(members[i]->key)),
              std::move(fixes[i]));
  }
}

void check_section(Scene& scene, const Section& section) {
  std::unordered_set<std::string_view> defined, used;
  std::unordered_set<std::string> meant;  // By names that are not there.
  const Value* found = scene.project().model.find(section.name);
  const Value::Map* map = found ? found->map() : nullptr;
  std::vector<std::string> names;
  if (map) {
    for (const Member& member : *map) {
      if (defined.insert(member.key).second) names.push_back(member.key);
    }
  }
  for (const Subject& subject : scene.subjects()) {
    if (section.mentions) {
      section.mentions(*subject.value, [&](std::string_view name, Origin) { used.insert(name); });
    }
    section.uses(*subject.value, [&](std::string_view name, Origin where) {
      used.insert(name);
      const bool implied = section.name == "networks" && name == "default";
      if (implied || defined.contains(name) || !scene.complete()) return;
      const std::string near = scene.near(name, names);
      meant.insert(near);
      scene.refuse(subject, section.undefined, scene.part(where, name),
                   undefined_message(section, name, near), scene.rename(where, name, near));
    });
  }
  if (!map || !scene.complete()) return;
  std::map<std::uint32_t, std::vector<const Member*>> unused;  // By file.
  for (const Member& member : *map) {
    if (used.contains(member.key) || meant.contains(member.key)) continue;
    if (section.name == "networks" && member.key == "default") continue;
    if (scene.is_written(member)) unused[member.key_origin.file].push_back(&member);
  }
  for (const auto& [file, members] : unused) tell_unused(scene, section, members);
}

void undefined_service(Scene& scene, const Subject& subject, std::string_view name, Origin where) {
  if (!scene.complete()) return;
  const std::string near = scene.near_service(name);
  scene.refuse(subject, "undefined-service", scene.part(where, name),
               near.empty()
                   ? fmt::format("there is no service {}", printable(name))
                   : fmt::format("there is no service {}; did you mean {}?", printable(name), near),
               scene.rename(where, name, near));
}

// `service:base` among the contexts of a build: a service, and one that is built.
void check_contexts(Scene& scene, const Subject& subject) {
  const Value* contexts = find(*subject.value, "build.additional_contexts");
  const auto check = [&](std::string_view text, Origin where) {
    constexpr std::string_view kPrefix = "service:";
    if (!text.starts_with(kPrefix)) return;
    const std::string_view name = text.substr(kPrefix.size());
    const Subject* target = scene.find(name);
    if (!target) return undefined_service(scene, subject, name, where);
    if (!target->service->enabled) {
      return scene.refuse(subject, "disabled-dependency", scene.part(where, name),
                          fmt::format("{} is not active; activate one of its profiles: {}",
                                      printable(name), join(target->service->profiles, ", ")));
    }
    if (!target->service->build) {
      scene.refuse(
          subject, "undefined-service", scene.part(where, name),
          fmt::format("{} has no `build`; only what is built can be a context", printable(name)));
    }
  };
  if (!contexts) return;
  if (const Value::Map* map = contexts->map()) {
    for (const Member& member : *map) check(member.value.text(), member.value.origin);
  }
}

void check_services(Scene& scene) {
  for (const Subject& subject : scene.subjects()) {
    for (const compose::Dependency& dependency : subject.service->dependencies) {
      if (!scene.find(dependency.service)) {
        undefined_service(scene, subject, dependency.service, dependency.origin);
      }
    }
    check_contexts(scene, subject);
  }
}

// Files of environments and labels, in services that do not run: the loader reads those of the
// others, as Compose does.
void check_lists(Scene& scene, const Subject& subject, std::string_view key) {
  const Value* value = subject.value->find(key);
  if (subject.service->enabled || !value || !value->list()) return;
  for (const Value& item : *value->list()) {
    const Value* path = item.map() ? find(item, "path") : &item;
    const Value* required = find(item, "required");
    if (!path || !path->text().starts_with('/')) continue;
    if (required && required->text() == "false") continue;
    if (scene.file_system().is_file(std::string(path->text()))) continue;
    scene.warn("compose-env-file", path->origin,
               fmt::format("there is no file {}; create it", printable(path->text())));
  }
}

// Contexts, Dockerfiles and their stages.
class Builds {
 public:
  explicit Builds(Scene& scene) : scene_(scene) {}

  void check(const Subject& subject) {
    const compose::Service& service = *subject.service;
    const Value* value = find(*subject.value, "build");
    if (!service.build || !value) return;
    const std::string& context = service.build->context;
    if (!context.starts_with('/') || find(*value, "dockerfile_inline")) return;
    const Value* written = value->map() ? find(*value, "context") : value;
    const Origin where = written ? written->origin : key_of(subject);
    if (!scene_.file_system().is_directory(context)) {
      return scene_.add("missing-build-context", where,
                        fmt::format("there is no directory {} to build from", printable(context)));
    }
    check_dockerfile(*value, context, where);
  }

 private:
  static Origin key_of(const Subject& subject) {
    const Member* member = subject.value->member("build");
    return member ? member->key_origin : subject.service->name_origin;
  }

  void check_dockerfile(const Value& build, const std::string& context, Origin context_at) {
    const Member* named = given(build, "dockerfile");
    const std::string name =
        named && !named->value.text().empty() ? std::string(named->value.text()) : "Dockerfile";
    if (compose::is_remote(name)) return;
    const std::string path = io::normalize_path(io::join_path(context, name));
    if (!scene_.file_system().is_file(path)) {
      const bool written = named && scene_.is_written(*named);
      return scene_.add("missing-dockerfile", written ? named->value.origin : context_at,
                        fmt::format("there is no file {} to build from", printable(path)));
    }
    const Value* target = find(build, "target");
    if (target && !target->text().empty()) check_stage(*target, path);
  }

  void check_stage(const Value& target, const std::string& path) {
    const Result<std::string> text = scene_.file_system().read(path, kMaxDockerfileSize);
    if (!text) return;
    const std::optional<Stages> stages = read_stages(*text);
    if (!stages || stages->has(target.text())) return;
    const std::string near = scene_.near(to_lower_ascii(target.text()), stages->names);
    std::string message =
        fmt::format("{} has no stage {}", printable(io::base_name(path)), printable(target.text()));
    if (!near.empty()) {
      message += fmt::format("; did you mean {}?", printable(near));
    } else if (!stages->names.empty()) {
      message += fmt::format("; it has {}", printable(join(stages->names, ", ")));
    }
    scene_.add("unknown-build-stage", target.origin, std::move(message),
               scene_.rename(target.origin, target.text(), near));
  }

  Scene& scene_;
};

// Configs and secrets that are made from files.
void check_files_of(Scene& scene, std::string_view section) {
  const Value* found = scene.project().model.find(section);
  const Value::Map* map = found ? found->map() : nullptr;
  if (!map) return;
  for (const Member& member : *map) {
    const Value* file = find(member.value, "file");
    if (!file || !file->text().starts_with('/')) continue;
    const std::string path(file->text());
    if (scene.file_system().info(path).type != io::FileType::none) continue;
    scene.add("missing-file", file->origin,
              fmt::format("there is no file {}; create it", printable(path)));
  }
}

// Profiles that --profile or COMPOSE_PROFILES ask for.
void check_profiles(Scene& scene) {
  std::unordered_set<std::string_view> known;
  for (const Subject& subject : scene.subjects()) {
    known.insert(subject.service->profiles.begin(), subject.service->profiles.end());
  }
  const Member* services = scene.project().model.member("services");
  const Origin where = services ? services->key_origin : Origin{};
  for (const std::string& profile : scene.project().profiles) {
    if (profile == "*" || known.contains(profile) || !scene.complete()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    const std::string near = scene.near(profile, names);
    scene.add("unknown-profile", where,
              !near.empty() ? fmt::format("no service has the profile {}; did you mean {}?",
                                          printable(profile), printable(near))
                            : fmt::format("no service has the profile {}, which is asked for",
                                          printable(profile)));
  }
}

}  // namespace

void check_references(Scene& scene) {
  check_services(scene);
  for (const Section& section : kSections) check_section(scene, section);
  Builds builds(scene);
  for (const Subject& subject : scene.subjects()) {
    check_lists(scene, subject, "env_file");
    check_lists(scene, subject, "label_file");
    builds.check(subject);
  }
  check_files_of(scene, "configs");
  check_files_of(scene, "secrets");
  check_profiles(scene);
}

}  // namespace dockhand::check
