#include "plugin/commands/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace dockhand::plugin {
namespace {

constexpr std::size_t kMistakesShown = 3;
constexpr std::size_t kNamesShown = 8;

std::shared_ptr<const compose::Project> shared(compose::Project project) {
  return std::make_shared<const compose::Project>(std::move(project));
}

// `compose.yaml:12: message`, for each error in the files, the first few of them.
void tell_mistakes(Context& context, const compose::Project& project) {
  std::vector<std::string> lines;
  std::size_t errors = 0;
  for (std::uint32_t file = 0; file < project.files.size(); ++file) {
    for (const Finding& finding : project.files[file].findings) {
      if (finding.severity != Severity::error || ++errors > kMistakesShown) continue;
      lines.push_back(
          fmt::format("{}: {}", project.place({file, finding.range}), printable(finding.message)));
    }
  }
  if (errors > kMistakesShown) lines.push_back(fmt::format("and {} more", errors - kMistakesShown));
  context.err().lines(lines);
}

Result<Target> load(Context& context, compose::LoadOptions options) {
  const io::FileSystem& files = *context.world().files;
  Result<compose::Project> project = compose::load(options, files);
  if (!project) return project.error();
  if (options.files.empty()) context.err().lines(compose::discover(options, files).warnings);
  tell_mistakes(context, *project);
  std::string name = project->name;
  return Target{std::move(name), shared(std::move(*project)), std::move(options)};
}

std::vector<std::string> names_of(const std::vector<live::ProjectSummary>& projects) {
  std::vector<std::string> names;
  for (const live::ProjectSummary& project : projects) names.push_back(printable(project.name));
  return names;
}

std::string some_of(std::vector<std::string> names) {
  const std::size_t total = names.size();
  if (total > kNamesShown) {
    names.resize(kNamesShown);
    names.push_back(fmt::format("and {} more", total - kNamesShown));
  }
  return join(names, ", ");
}

const live::ProjectSummary* find(const std::vector<live::ProjectSummary>& projects,
                                 std::string_view name) {
  const auto found = std::find_if(projects.begin(), projects.end(),
                                  [name](const auto& project) { return project.name == name; });
  return found == projects.end() ? nullptr : &*found;
}

Error no_such_project(const std::string& name, const std::vector<live::ProjectSummary>& listed) {
  Error error{"project-missing", fmt::format("no project named {}", printable(name)), {}, {}};
  const std::vector<std::string> names = names_of(listed);
  error.why = names.empty() ? "no Compose project runs on this Engine"
                            : fmt::format("on this Engine there are: {}", some_of(names));
  const std::optional<std::string> meant = nearest(name, names);
  error.fix = meant ? fmt::format("docker dockhand -p {}", *meant) : "docker dockhand status --all";
  return error;
}

// -p without -f: the project of that name that runs, from the files its labels name; else, as
// Compose does it, the file of this directory under that name.
Result<Target> named_target(Context& context) {
  compose::LoadOptions options = context.load_options();
  if (options.project_name.empty()) {
    options.project_name = context.world().environment.get("COMPOSE_PROJECT_NAME");
  }
  Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return engine.error();
  Result<std::vector<live::ProjectSummary>> listed = live::list_projects(**engine, context.stop());
  if (!listed) return listed.error();
  if (const live::ProjectSummary* running = find(*listed, options.project_name)) {
    return target_of(context, *running);
  }
  Result<Target> target = load(context, options);
  if (!target && target.error().code == "compose-no-file") {
    return no_such_project(options.project_name, *listed);
  }
  return target;
}

}  // namespace

Result<Target> find_target(Context& context) {
  const bool only_named = context.project_flags().has("project-name") && !context.names_files();
  if (only_named) return named_target(context);
  Result<Target> target = load(context, context.load_options());
  if (!target && target.error().code == "compose-no-file" && !context.names_files()) {
    if (context.names_project()) return named_target(context);
    return with_running_projects(context, target.error());
  }
  return target;
}

Target target_of(Context& context, const live::ProjectSummary& summary) {
  Target target{summary.name, nullptr, {}};
  if (summary.config_files.empty()) return target;
  compose::LoadOptions options = context.load_options();
  options.files = summary.config_files;
  options.project_name = summary.name;
  if (!summary.directory.empty()) {
    options.working_directory = options.project_directory = summary.directory;
  }
  // Files that are not on this machine, or not any more, leave the containers.
  Result<compose::Project> project = compose::load(options, *context.world().files);
  if (project) target.project = shared(std::move(*project));
  target.options = std::move(options);
  return target;
}

std::vector<Target> running_targets(Context& context, Target target,
                                    const std::vector<live::ProjectSummary>& listed) {
  std::vector<Target> targets;
  // A name that the user gave is the one meant.
  const bool by_name =
      context.names_project() || !target.project || target.project->file_paths.empty();
  if (by_name || find(listed, target.name) != nullptr) targets.push_back(target);
  if (by_name) return targets;
  const std::string& file = target.project->file_paths.front();
  for (const live::ProjectSummary& summary : listed) {
    const bool same_file = std::find(summary.config_files.begin(), summary.config_files.end(),
                                     file) != summary.config_files.end();
    if (same_file && summary.name != target.name) targets.push_back(target_of(context, summary));
  }
  if (targets.empty()) targets.push_back(std::move(target));
  return targets;
}

Result<Target> find_one_target(Context& context, engine::Engine& engine) {
  Result<Target> target = find_target(context);
  if (!target) return target;
  Result<std::vector<live::ProjectSummary>> listed = live::list_projects(engine, context.stop());
  if (!listed) return listed.error();
  const std::string own_name = target->name;
  std::vector<Target> targets = running_targets(context, std::move(*target), *listed);
  if (targets.size() == 1 || targets.front().name == own_name) return std::move(targets.front());
  std::vector<std::string> names;
  for (const Target& each : targets) names.push_back(printable(each.name));
  return Error{"project-ambiguous", "several projects run from this compose file",
               fmt::format("they are: {}", some_of(names)),
               fmt::format("choose one with -p, for example: -p {}", names.front())};
}

Error with_running_projects(Context& context, Error error) {
  Result<std::shared_ptr<engine::Engine>> engine = context.engine();
  if (!engine) return error;
  const Result<std::vector<live::ProjectSummary>> listed =
      live::list_projects(**engine, context.stop());
  if (!listed || listed->empty()) return error;
  const std::vector<std::string> names = names_of(*listed);
  error.why = fmt::format(
      "{} on this Engine: {}",
      names.size() == 1 ? "one project is" : fmt::format("{} projects are", names.size()),
      some_of(names));
  const std::string program = context.invocation().program();
  error.fix = fmt::format("{} status --all   or   {} -p {}", program, program, names.front());
  return error;
}

std::string selecting_words(Context& context, const Target& target) {
  if (context.names_files() && context.project_flags().has("file")) {
    std::string words;
    for (const std::string& file : context.project_flags().list("file")) {
      words += fmt::format("-f {} ", file);
    }
    return words;
  }
  const compose::Discovery found =
      compose::discover(context.load_options(), *context.world().files);
  const bool here = target.project && !found.files.empty() &&
                    !context.project_flags().has("project-name") &&
                    found.files == target.project->file_paths;
  return here ? "" : fmt::format("-p {} ", target.name);
}

Result<void> check_services(const std::vector<std::string>& names,
                            const std::vector<std::string>& known, const std::string& project) {
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Error error{"service-missing", fmt::format("no such service: {}", printable(name)), {}, {}};
    error.why = known.empty() ? fmt::format("{} has no services", project)
                              : fmt::format("{} has: {}", project, some_of(known));
    const std::optional<std::string> meant = nearest(name, known);
    if (meant) error.fix = fmt::format("did you mean {}?", *meant);
    return error;
  }
  return {};
}

}  // namespace dockhand::plugin
