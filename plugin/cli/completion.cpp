#include "plugin/cli/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "base/text.h"
#include "compose/provenance.h"
#include "plugin/cli/command.h"

namespace dockhand::plugin {
namespace {

// A person begins to wait at about this time.
constexpr Duration kEnginePatience = std::chrono::milliseconds(250);
constexpr std::size_t kMostCandidates = 2000;

std::vector<Flag> flags_for(const Command* command) {
  const Command& meant = command == nullptr ? default_command() : *command;
  std::vector<Flag> flags(meant.flags.begin(), meant.flags.end());
  flags.insert(flags.end(), project_flags().begin(), project_flags().end());
  return flags;
}

// The flag whose value comes next, when the words end in one that wants a value.
const Flag* waiting_flag(std::span<const Flag> flags, std::span<const std::string> words) {
  if (words.empty()) return nullptr;
  const std::string& last = words.back();
  if (last.size() < 2 || last[0] != '-' || last.find('=') != std::string::npos) return nullptr;
  const Flag* flag = last[1] == '-' ? find_flag(flags, std::string_view(last).substr(2))
                                    : find_shorthand(flags, last.back());
  return flag == nullptr || flag->kind == FlagKind::boolean ? nullptr : flag;
}

std::optional<compose::Project> load_project(Context& context) {
  compose::LoadOptions options = context.load_options();
  if (options.profiles.empty()) options.profiles = {"*"};
  Result<compose::Project> project = compose::load(options, *context.world().files);
  return project ? std::optional(std::move(*project)) : std::nullopt;
}

void add_projects(Context& context, Completion& completion) {
  Result<engine::Endpoint> endpoint = context.endpoint();
  // An ssh connection alone takes longer than anybody waits for a completion.
  if (!endpoint || endpoint->transport == engine::Transport::ssh) return;
  engine::EngineOptions options;
  options.timeout = kEnginePatience;
  options.environment = context.world().environment;
  const auto engine = context.world().make_engine(std::move(*endpoint), std::move(options));
  const auto projects = live::list_projects(*engine, context.stop());
  if (!projects) return;
  for (const live::ProjectSummary& project : *projects) {
    completion.candidates.push_back({project.name, project.directory});
  }
}

void add_profiles(Context& context, Completion& completion) {
  const std::optional<compose::Project> project = load_project(context);
  if (!project) return;
  std::set<std::string> profiles;
  for (const compose::Service& service : project->services) {
    profiles.insert(service.profiles.begin(), service.profiles.end());
  }
  for (const std::string& profile : profiles) completion.candidates.push_back({profile, ""});
}

Completion values_of(Context& context, const Flag& flag) {
  Completion completion;
  switch (flag.values) {
    case Values::words:
      for (const std::string_view word : split(flag.words, ' ')) {
        completion.candidates.push_back({std::string(word), ""});
      }
      break;
    case Values::compose_files:
      completion.candidates = {{"yaml", ""}, {"yml", ""}};
      completion.directive = directive::kOnlyExtensions;
      break;
    case Values::files:
      completion.directive = directive::kFiles;
      break;
    case Values::directories:
      completion.directive = directive::kOnlyDirectories;
      break;
    case Values::projects:
      add_projects(context, completion);
      break;
    case Values::profiles:
      add_profiles(context, completion);
      break;
    case Values::none:
      break;
  }
  return completion;
}

void add_flags(std::span<const Flag> flags, const std::string& prefix, Completion& completion) {
  for (const Flag& flag : flags) {
    completion.candidates.push_back({fmt::format("--{}", flag.name), std::string(flag.help)});
    if (flag.shorthand != 0 && !prefix.starts_with("--")) {
      completion.candidates.push_back({fmt::format("-{}", flag.shorthand), std::string(flag.help)});
    }
  }
  completion.candidates.push_back({"--help", "Print usage"});
}

void add_verbs(Completion& completion) {
  for (const Command* command : commands()) {
    completion.candidates.push_back({std::string(command->name), std::string(command->summary)});
  }
}

void add_services(Context& context, const std::vector<std::string>& given, Completion& completion) {
  const std::optional<compose::Project> project = load_project(context);
  if (!project) return;
  for (const compose::Service& service : project->services) {
    if (std::find(given.begin(), given.end(), service.name) != given.end()) continue;
    completion.candidates.push_back({service.name, service.image});
  }
}

// The keys below the path that the user began to write.
void add_model_paths(Context& context, const std::string& begun, Completion& completion) {
  const std::size_t dot = begun.rfind('.');
  const std::string parent = dot == std::string::npos ? std::string() : begun.substr(0, dot);
  const std::optional<compose::ModelPath> path = compose::parse_model_path(parent);
  const std::optional<compose::Project> project = load_project(context);
  const compose::Value* value = path && project ? compose::find(project->model, *path) : nullptr;
  if (!value || !value->map()) return;
  for (const compose::Member& member : *value->map()) {
    compose::ModelPath below = *path;
    below.push_back({member.key, {}});
    completion.candidates.push_back({compose::to_string(below), ""});
  }
}

// Only what begins as the user began, at most kMostCandidates.
void keep_matching(const std::string& prefix, Completion& completion) {
  if (completion.directive == directive::kOnlyExtensions) return;
  std::erase_if(completion.candidates, [&prefix](const Candidate& candidate) {
    return !candidate.value.starts_with(prefix);
  });
  if (completion.candidates.size() > kMostCandidates) completion.candidates.resize(kMostCandidates);
}

// The verb among the words, and where it stands; null when none has been typed yet.
std::pair<const Command*, std::size_t> verb_of(const std::vector<std::string>& words) {
  const std::vector<Flag> flags = flags_for(nullptr);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].starts_with('-')) {
      if (waiting_flag(flags, std::span(words).first(i + 1)) != nullptr) ++i;
      continue;
    }
    return {find_command(words[i]), i};
  }
  return {nullptr, words.size()};
}

}  // namespace

Completion complete(Context& context, const std::vector<std::string>& words) {
  Completion completion;
  if (words.empty()) return completion;
  std::string prefix = words.back();
  const std::vector<std::string> before(words.begin(), words.end() - 1);
  const auto [command, position] = verb_of(before);
  const bool verb_given = position < before.size();
  if (verb_given && command == nullptr) return completion;
  const std::vector<Flag> flags = flags_for(command);

  const std::size_t equals = prefix.starts_with("--") ? prefix.find('=') : std::string::npos;
  if (const Flag* flag = waiting_flag(flags, before)) {
    completion = values_of(context, *flag);
  } else if (equals != std::string::npos) {
    const Flag* named = find_flag(flags, std::string_view(prefix).substr(2, equals - 2));
    if (named == nullptr) return completion;
    prefix.erase(0, equals + 1);
    completion = values_of(context, *named);
  } else if (prefix.starts_with('-')) {
    add_flags(flags, prefix, completion);
  } else if (!verb_given) {
    add_verbs(completion);
  } else if (command->words == Words::verb && position + 1 == before.size()) {
    add_verbs(completion);
  } else if (command->words == Words::services) {
    add_services(context,
                 {before.begin() + static_cast<std::ptrdiff_t>(position) + 1, before.end()},
                 completion);
  } else if (command->words == Words::model_path && position + 1 == before.size()) {
    add_model_paths(context, prefix, completion);
  } else if (command->words == Words::passed_on || command->words == Words::files) {
    completion.directive = directive::kFiles;
  }
  keep_matching(prefix, completion);
  return completion;
}

std::string completion_text(const Completion& completion, bool descriptions) {
  std::string out;
  for (const Candidate& candidate : completion.candidates) {
    out += printable(candidate.value);
    if (descriptions && !candidate.description.empty()) {
      out += "\t" + first_line(candidate.description, 120);
    }
    out += '\n';
  }
  return out + fmt::format(":{}\n", completion.directive);
}

}  // namespace dockhand::plugin
