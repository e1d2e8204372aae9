#include "compose/discovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "compose/environment.h"
#include "compose/scalar.h"

namespace dockhand::compose {
namespace {

// In the order in which Compose prefers them.
constexpr std::array<std::string_view, 4> kNames = {"compose.yaml", "compose.yml",
                                                    "docker-compose.yml", "docker-compose.yaml"};
constexpr std::array<std::string_view, 4> kOverrideNames = {
    "compose.override.yml", "compose.override.yaml", "docker-compose.override.yml",
    "docker-compose.override.yaml"};

// A path that a user gave, as seen from where the user is.
std::string absolute(const LoadOptions& options, std::string_view path) {
  if (path == "-") return "-";
  return io::normalize_path(io::join_path(options.working_directory, path));
}

std::string project_directory(const LoadOptions& options, const std::vector<std::string>& files) {
  if (!options.project_directory.empty()) return absolute(options, options.project_directory);
  for (const std::string& file : files) {
    if (file != "-") return io::parent_path(file);
  }
  return io::normalize_path(options.working_directory);
}

std::vector<std::string> existing(const std::string& directory,
                                  const std::array<std::string_view, 4>& names,
                                  const io::FileSystem& files) {
  std::vector<std::string> found;
  for (std::string_view name : names) {
    std::string path = io::join_path(directory, name);
    if (files.info(path).type != io::FileType::none) found.push_back(std::move(path));
  }
  return found;
}

void take_first(const std::vector<std::string>& candidates, Discovery& found) {
  if (candidates.empty()) return;
  found.files.push_back(candidates.front());
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    found.warnings.push_back(fmt::format("{} is not used, because there is {}", candidates[i],
                                         io::base_name(candidates.front())));
  }
}

void search_upward(std::string directory, const io::FileSystem& files, Discovery& found) {
  for (;;) {
    take_first(existing(directory, kNames, files), found);
    if (!found.files.empty()) return take_first(existing(directory, kOverrideNames, files), found);
    const std::string parent = io::parent_path(directory);
    if (parent == directory) return;
    directory = parent;
  }
}

// -f, else COMPOSE_FILE.
std::vector<std::string> named_files(const LoadOptions& options, const io::Environment& variables) {
  std::vector<std::string> files;
  if (!options.files.empty()) {
    for (const std::string& file : options.files) files.push_back(absolute(options, file));
    return files;
  }
  if (!variables.has("COMPOSE_FILE")) return files;
  std::string_view rest = variables.get("COMPOSE_FILE");
  const std::string& chosen = variables.get("COMPOSE_PATH_SEPARATOR");
  const std::string separator = chosen.empty() ? ":" : chosen;
  for (;;) {
    const std::size_t end = rest.find(separator);
    files.push_back(absolute(options, rest.substr(0, end)));
    if (end == std::string_view::npos) return files;
    rest.remove_prefix(end + separator.size());
  }
}

constexpr std::string_view kDisableEnvFile = "COMPOSE_DISABLE_ENV_FILE";

// What COMPOSE_DISABLE_ENV_FILE says, in the words that Compose knows.
Result<bool> env_file_disabled(const io::Environment& environment) {
  static constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "true", "True", "TRUE"};
  static constexpr std::array<std::string_view, 6> kFalse = {"0",     "f",     "F",
                                                             "false", "False", "FALSE"};
  if (!environment.has(kDisableEnvFile)) return false;
  const std::string& value = environment.get(kDisableEnvFile);
  if (std::find(kTrue.begin(), kTrue.end(), value) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), value) != kFalse.end()) return false;
  return Error{"compose-bad-setting",
               fmt::format("cannot read {}=\"{}\"", kDisableEnvFile, printable(value)),
               "it is neither true nor false", "set it to true or false, or unset it"};
}

// --env-file, else COMPOSE_ENV_FILES.
std::vector<std::string> named_env_files(const LoadOptions& options) {
  std::vector<std::string> files;
  for (const std::string& file : options.env_files) files.push_back(absolute(options, file));
  if (!files.empty()) return files;
  for (std::string_view file : split(options.environment.get("COMPOSE_ENV_FILES"), ',')) {
    if (!file.empty()) files.push_back(absolute(options, file));
  }
  return files;
}

// Fills the gaps of the environment from the .env files, and finds the Compose files on the way:
// COMPOSE_FILE may stand in the first .env, and where it leads there may be a second.
class Selector {
 public:
  Selector(const LoadOptions& options, const io::FileSystem& files)
      : options_(options), files_(files) {
    selection_.variables = options.environment;
    if (!selection_.variables.has("PWD"))
      selection_.variables.set("PWD", options.working_directory);
  }

  Result<Selection> run() {
    Discovery& found = selection_.found;
    const std::vector<std::string> named = named_env_files(options_);
    if (!named.empty()) {
      if (Result<void> read = read_named(named); !read) return read.error();
    } else {
      const Result<bool> disabled = env_file_disabled(options_.environment);
      if (!disabled) return disabled.error();
      wants_own_ = !*disabled;
      read_own(project_directory(options_, named_files(options_, io::Environment())));
    }
    found.files = named_files(options_, selection_.variables);
    if (found.files.empty()) search_upward(project_directory(options_, {}), files_, found);
    found.directory = project_directory(options_, found.files);
    read_own(found.directory);
    return std::move(selection_);
  }

 private:
  Result<void> read_named(const std::vector<std::string>& paths) {
    EnvFiles read = fill_gaps(selection_.variables, selection_.places, paths, files_);
    selection_.problems = std::move(read.problems);
    if (read.unreadable.empty()) return {};
    const EnvFiles::Unreadable& first = read.unreadable.front();
    return Error{"compose-no-file", fmt::format("cannot read the environment file {}", first.path),
                 first.why, "name a file that exists with --env-file"};
  }

  void read_own(const std::string& directory) {
    const std::string path = io::join_path(directory, ".env");
    if (!wants_own_ || directory == read_ || !files_.is_file(path)) return;
    read_ = directory;
    EnvFiles read = fill_gaps(selection_.variables, selection_.places, {path}, files_);
    for (std::string& problem : read.problems) selection_.problems.push_back(std::move(problem));
    for (const EnvFiles::Unreadable& file : read.unreadable) {
      selection_.problems.push_back(fmt::format("cannot read {}: {}", file.path, file.why));
    }
  }

  const LoadOptions& options_;
  const io::FileSystem& files_;
  Selection selection_;
  bool wants_own_ = false;  // Whether directories' own .env files count.
  std::string read_;        // The directory whose .env has been read.
};

bool is_valid_name(std::string_view name) {
  return !name.empty() && normalize_project_name(name) == name;
}

}  // namespace

Result<Selection> select(const LoadOptions& options, const io::FileSystem& files) {
  return Selector(options, files).run();
}

Discovery discover(const LoadOptions& options, const io::FileSystem& files) {
  Result<Selection> selection = select(options, files);
  return selection ? std::move(selection->found) : Discovery();
}

Result<std::string> explicit_name(const LoadOptions& options, const io::Environment& variables) {
  const bool flag = !options.project_name.empty();
  const std::string& name = flag ? options.project_name : variables.get("COMPOSE_PROJECT_NAME");
  if (name.empty() || is_valid_name(name)) return name;
  return Error{
      "compose-bad-name", fmt::format("cannot use the project name \"{}\"", printable(name)),
      "a project name has lower-case letters, digits, hyphens and underscores only, and begins "
      "with a letter or a digit",
      fmt::format("use \"{}\" instead, {}", normalize_project_name(name),
                  flag ? "with -p" : "in COMPOSE_PROJECT_NAME")};
}

std::string normalize_project_name(std::string_view text) {
  std::string name;
  for (char c : to_lower_ascii(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter || ((c == '_' || c == '-') && !name.empty())) name += c;
  }
  return name;
}

bool is_compose_file_name(std::string_view base_name) {
  const std::size_t dot = base_name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view extension = base_name.substr(dot + 1);
  if (extension != "yaml" && extension != "yml") return false;
  return base_name.substr(0, 7) == "compose" || base_name.substr(0, 14) == "docker-compose";
}

}  // namespace dockhand::compose
