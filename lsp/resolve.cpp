#include "lsp/resolve.h"

#include <algorithm>
#include <utility>

#include "check/check.h"
#include "lsp/services.h"

namespace dockhand::lsp {
namespace {

using compose::LoadOptions;

std::string key_of(const LoadOptions& options) {
  std::string key = options.working_directory + '\n' + options.project_name;
  for (const std::string& file : options.files) key += '\n' + file;
  return key;
}

ResolvedProject load_project(LoadOptions options, const io::FileSystem& files) {
  std::string key = key_of(options);
  Result<compose::Project> loaded = check::load(options, files);
  if (!loaded) return {std::move(key), std::move(options), loaded.error()};
  return {std::move(key), std::move(options),
          std::shared_ptr<const compose::Project>(
              std::make_shared<compose::Project>(std::move(*loaded)))};
}

ResolvedProject load_running(const RunningProject& running, const io::Environment& environment,
                             const io::FileSystem& files) {
  LoadOptions options;
  options.working_directory = running.directory;
  options.files = running.files;
  options.project_directory = running.directory;
  options.project_name = running.name;
  options.environment = environment;
  return load_project(std::move(options), files);
}

bool stands_alone(const std::string& path, const io::FileSystem& files) {
  const Result<std::string> text = files.read(path, compose::kMaxFileSize);
  return text && lsp::stands_alone(yaml::Tree::parse(*text));
}

ResolvedProject load_discovered(const std::string& path, const io::Environment& environment,
                                const io::FileSystem& files) {
  LoadOptions options;
  options.working_directory = io::parent_path(path);
  options.environment = environment;
  const compose::Discovery found = compose::discover(options, files);
  if (found.files.empty()) {
    options.files = {path};
    return load_project(std::move(options), files);
  }
  options.working_directory = found.directory;
  ResolvedProject project = load_project(options, files);
  if (project.project && reads(**project.project, path)) return project;
  options.working_directory = io::parent_path(path);
  if (stands_alone(path, files)) {
    options.files = {path};
  } else {
    options.files = found.files;
    options.files.push_back(path);
  }
  return load_project(std::move(options), files);
}

}  // namespace

bool reads(const compose::Project& project, const std::string& path) {
  return std::any_of(project.files.begin(), project.files.end(),
                     [&](const compose::SourceFile& file) { return file.path == path; });
}

std::vector<ResolvedProject> resolve(const ResolveRequest& request,
                                     const io::Environment& environment,
                                     const io::FileSystem& files) {
  std::vector<ResolvedProject> projects;
  for (const RunningProject& running : request.running) {
    projects.push_back(load_running(running, environment, files));
  }
  if (projects.empty()) projects.push_back(load_discovered(request.path, environment, files));
  return projects;
}

}  // namespace dockhand::lsp
