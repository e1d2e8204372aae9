#include "compose/loader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "compose/canonical/canonical.h"
#include "compose/discovery.h"
#include "compose/document.h"
#include "compose/model.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

Error no_file(const LoadOptions& options) {
  return {"compose-no-file",
          fmt::format("cannot find a Compose file in {} or above it", options.working_directory),
          "there is no compose.yaml, compose.yml, docker-compose.yml or docker-compose.yaml",
          "go to the project's directory, or name a file with -f"};
}

// Opens the files that were asked for, so that one that is missing is said before anything else.
Result<void> open_all(Workshop& workshop, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const Result<std::uint32_t> file = workshop.open(path);
    if (file) continue;
    const bool missing = file.error().code == "file-missing";
    return Error{missing ? "compose-no-file" : "compose-unreadable",
                 fmt::format("cannot read the Compose file {}", path), file.error().why,
                 missing ? "name a file that exists with -f" : file.error().fix};
  }
  return {};
}

struct ProjectName {
  std::string text;
  std::optional<Origin> origin;  // Where a file says it.
};

// `name:` of the last file and document that has one, normalised.
ProjectName written_name(const std::vector<SourceFile>& files, const io::Environment& variables,
                         Report& report) {
  ProjectName name;
  for (std::size_t i = 0; i < files.size(); ++i) {
    for (const yaml::Node root : files[i].tree.documents()) {
      const yaml::Node node = root.find("name");
      if (!node || node.text().empty()) continue;
      const Origin origin{static_cast<std::uint32_t>(i), node.range()};
      name = {normalize_project_name(read_scalar(node, variables)), origin};
      if (name.text.empty()) {
        report.error("compose-no-name", origin,
                     "nothing of this name is left that a project may be called; use lower-case "
                     "letters and digits");
      }
    }
  }
  return name;
}

Result<ProjectName> project_name(const LoadOptions& options, const Selection& selection,
                                 Workshop& workshop) {
  Result<std::string> name = explicit_name(options, selection.variables);
  if (!name) return std::move(name).error();
  if (!name->empty()) return ProjectName{*std::move(name), std::nullopt};
  ProjectName found = written_name(workshop.files, selection.variables, workshop.report);
  if (found.text.empty()) {
    found = {normalize_project_name(io::base_name(selection.found.directory)), std::nullopt};
  }
  if (!found.text.empty()) return found;
  return Error{"compose-bad-name",
               fmt::format("cannot name the project after {}", selection.found.directory),
               "nothing of the directory's name is left that a project may be called",
               "write `name:` at the top of the Compose file, or use -p"};
}

std::vector<std::string> active_profiles(const LoadOptions& options,
                                         const io::Environment& variables) {
  if (!options.profiles.empty()) return options.profiles;
  std::vector<std::string> profiles;
  for (std::string_view profile : split(variables.get("COMPOSE_PROFILES"), ',')) {
    if (!trim(profile).empty()) profiles.emplace_back(trim(profile));
  }
  return profiles;
}

void read_services(std::string_view section, Project& project, std::vector<Service>& services,
                   Reading& reading) {
  Value* members = project.model.find(section);
  if (!members || !members->map()) return;
  services.reserve(members->map()->size());
  for (Member& member : *members->map()) {
    Service& service = services.emplace_back(read_service(member, reading));
    service.enabled = is_enabled(member.value, project.profiles);
    imply_dependencies(member.value, service.dependencies);
  }
}

void read_model(Project& project, Report& report) {
  const Value* x_dev = project.model.find("x-dev");
  if (!x_dev) x_dev = project.model.find("x-dockhand");
  if (x_dev) read_project_x_dev(*x_dev, project, report);
  Reading reading{report};
  read_services("services", project, project.services, reading);
  read_services("jobs", project, project.jobs, reading);
}

// Says that nothing is written at all, unless more is known of why nothing could be read.
void refuse_empty(const Project& project, Report& report) {
  if (!project.model.map() || !project.model.map()->empty()) return;
  for (const SourceFile& file : project.files) {
    if (!file.findings.empty()) return;
  }
  report.error("compose-empty", {}, "there is nothing in the Compose file; write `services:`");
}

// What no Compose understands yet that most people have.
void tell_versions(const Value& model, Report& report) {
  const Member* jobs = model.member("jobs");
  if (!jobs) return;
  report.add(Severity::information, "compose-newer-format", jobs->key_origin,
             "`jobs` needs Docker Compose 5.6 or later; older ones refuse this file");
}

}  // namespace

Result<Project> load(const LoadOptions& options, const io::FileSystem& files,
                     const Validate& validate) {
  Result<Selection> selection = select(options, files);
  if (!selection) return std::move(selection).error();
  Discovery& found = selection->found;
  if (found.files.empty()) return no_file(options);

  Project project;
  project.directory = found.directory;
  project.file_paths = found.files;
  Workshop workshop(files, project.files);
  workshop.standard_input = options.standard_input;
  workshop.validate = validate;
  if (Result<void> opened = open_all(workshop, found.files); !opened) return opened.error();
  for (const std::string& problem : selection->problems)
    workshop.report.error("compose-env-syntax", {}, problem);

  Result<ProjectName> name = project_name(options, *selection, workshop);
  if (!name) return std::move(name).error();
  project.name = std::move(name->text);
  selection->variables.set("COMPOSE_PROJECT_NAME", project.name);
  if (name->origin) {
    const SourceFile& file = project.files[name->origin->file];
    const std::uint32_t line = file.lines.position(name->origin->range.begin).line;
    selection->places["COMPOSE_PROJECT_NAME"] = {file.path, line + 1};
  }
  project.profiles = active_profiles(options, selection->variables);

  const Scope scope{found.directory, std::move(selection->variables), std::move(selection->places),
                    found.files};
  project.model = load_model(workshop, scope, found.files, std::nullopt);
  refuse_empty(project, workshop.report);
  settle(project.model, scope, files);
  tell_versions(project.model, workshop.report);
  canonicalize(project.model, project, scope, workshop);
  read_model(project, workshop.report);
  return project;
}

}  // namespace dockhand::compose
