// Proves provenance by experiment: for every scalar of a project's effective model, whoever edits
// exactly the bytes that it claims as its origin changes exactly the values that claim them.
//
// Reads one JSON object for each project from standard input, a line each: `name`, and what
// compose::LoadOptions holds. Prints one JSON object for each: `name`, how many `places` were
// edited, and in words the others: `untouchable` ones, for which no edit was tried that the loader
// accepts; `deciding` ones, whose every edit makes more or fewer values, because their text decides
// which entries of two lists are one; and `wrong` ones.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "compose/loader.h"
#include "compose/provenance.h"
#include "io/file_system.h"
#include "yaml/line_index.h"

namespace dockhand::compose {
namespace {

using Json = nlohmann::json;
using Paths = std::set<std::string>;
using Place = std::pair<std::string, std::uint32_t>;  // A file, and where in it a value begins.

// What is compared of one scalar.
struct Scalar {
  std::string text;
  Origin origin;
  bool is_written;
  std::vector<const Step*> steps;  // Live as long as the Project.
};
using Scalars = std::map<std::string, Scalar>;

void collect(const Value& value, ModelPath& path, Scalars& into) {
  const auto below = [&](const Value& child, PathPart part) {
    path.push_back(std::move(part));
    collect(child, path, into);
    path.pop_back();
  };
  if (const Value::Map* map = value.map()) {
    for (const Member& member : *map) below(member.value, {member.key, {}});
  } else if (const Value::List* list = value.list()) {
    for (std::size_t i = 0; i < list->size(); ++i) below((*list)[i], {{}, i});
  } else {
    const Value::Scalar* scalar = value.scalar();
    const std::string text =
        scalar ? (scalar->quoted ? "'" : "") + scalar->text : std::string("null");
    into[to_string(path)] = {text, value.origin, is_written(value), steps_of(value)};
  }
}

Scalars scalars_of(const Project& project) {
  Scalars scalars;
  ModelPath path;
  collect(project.model, path, scalars);
  return scalars;
}

bool is_fine(const Result<Project>& project) {
  if (!project) return false;
  for (const SourceFile& file : project->files) {
    for (const Finding& finding : file.findings) {
      if (finding.severity == Severity::error) return false;
    }
  }
  return true;
}

// The words that a short form or an enumeration may hold, and what each may be replaced by.
const std::vector<std::pair<std::string, std::string>> kTwins = {
    {"tcp", "udp"},
    {"udp", "tcp"},
    {"true", "false"},
    {"false", "true"},
    {"yes", "no"},
    {"no", "always"},
    {"always", "no"},
    {"ro", "rw"},
    {"rw", "ro"},
    {"on-failure", "always"},
    {"unless-stopped", "always"},
    {"service_started", "service_healthy"},
    {"service_healthy", "service_started"},
    {"service_completed_successfully", "service_started"},
    {"host", "none"},
    {"none", "host"},
    {"ingress", "host"},
    {"bridge", "overlay"},
    {"rebuild", "restart"},
    {"sync", "restart"},
    {"restart", "rebuild"},
    {"shareable", "private"},
    {"private", "host"},
    {"missing", "always"},
    {"never", "always"},
    {"volume", "tmpfs"},
    {"bind", "volume"}};

// The texts that may stand in the place of `text`, and change what it means as little as they can.
std::vector<std::string> edits_of(const std::string& text, const Scalars& all) {
  std::vector<std::string> edits;
  for (const auto& [from, to] : kTwins) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      edits.push_back(text.substr(0, at) + to + text.substr(at + from.size()));
    }
  }
  for (std::size_t i = text.size(); i-- > 0;) {
    if (text[i] < '0' || text[i] > '9') continue;
    std::string edited = text;
    edited[i] = text[i] == '9' ? '8' : static_cast<char>(text[i] + 1);
    edits.push_back(std::move(edited));
  }
  const bool is_quoted = text.size() > 1 && (text.back() == '"' || text.back() == '\'');
  const std::size_t end = text.size() - (is_quoted ? 1 : 0);
  edits.push_back(text.substr(0, end) + "x" + text.substr(end));
  edits.push_back(text.substr(0, is_quoted ? 1 : 0) + "x" + text.substr(is_quoted ? 1 : 0));
  // Another service, network, volume and so on, where the text is the name of one.
  for (const auto& [path, scalar] : all) {
    const std::optional<ModelPath> parts = parse_model_path(path);
    if (parts && parts->size() > 2 && edits.size() < 60) edits.push_back((*parts)[1].key);
  }
  std::erase(edits, text);
  return edits;
}

class Experiment {
 public:
  Experiment(const LoadOptions& options, const io::FileSystem& files)
      : options_(options), files_(files) {}

  Json run() {
    Json report = {{"places", 0},
                   {"untouchable", Json::array()},
                   {"deciding", Json::array()},
                   {"wrong", Json::array()}};
    Result<Project> loaded = load(options_, files_);
    if (!is_fine(loaded)) return report;
    project_ = &*loaded;
    before_ = scalars_of(*project_);
    std::map<std::pair<Place, std::uint32_t>, Paths> by_origin;
    for (const auto& [path, scalar] : before_) {
      if (scalar.is_written)
        by_origin[{place_of(*project_, scalar), scalar.origin.range.end}].insert(path);
    }
    for (const auto& [origin, claimants] : by_origin) {
      const std::string where = try_edits(origin.first, origin.second, claimants);
      if (where.empty()) {
        report["places"] = report["places"].get<int>() + 1;
      } else if (!was_accepted_) {
        report["untouchable"].push_back(where);
      } else {
        report[is_deciding_ ? "deciding" : "wrong"].push_back(where);
      }
    }
    return report;
  }

 private:
  static Place place_of(const Project& project, const Scalar& scalar) {
    return {project.files[scalar.origin.file].path, scalar.origin.range.begin};
  }

  // Empty when an edit changed just the claimants; else where, and what the last one did instead.
  std::string try_edits(const Place& place, std::uint32_t end, const Paths& claimants) {
    was_accepted_ = is_deciding_ = false;
    const std::string text(file_of(*project_, place.first).tree.text());
    const std::string written = text.substr(place.second, end - place.second);
    const std::string said =
        fmt::format("{}:{} `{}`", io::base_name(place.first), place.second, written);
    std::string outcome;
    for (const std::string& edit : edits_of(written, before_)) {
      std::string edited = text;
      edited.replace(place.second, end - place.second, edit);
      const std::optional<std::string> wrong = attempt(place, edited, claimants);
      if (!wrong) continue;
      was_accepted_ = true;
      if (wrong->empty()) return {};
      if (outcome.empty()) outcome = fmt::format(" -> `{}`: {}", edit, *wrong);
    }
    return said + outcome;
  }

  // Nothing when the edited file is refused; else what is wrong, empty when nothing is.
  std::optional<std::string> attempt(const Place& place, const std::string& edited,
                                     const Paths& claimants) {
    io::OverlayFileSystem overlay(files_);
    LoadOptions options = options_;
    if (place.first == "-") {
      options.standard_input = edited;
    } else {
      overlay.set(place.first, edited);
    }
    const Result<Project> loaded = load(options, overlay);
    if (!is_fine(loaded)) return std::nullopt;
    const Scalars after = scalars_of(*loaded);
    Paths expected = claimants;
    for (const auto& [path, scalar] : after) {
      if (scalar.is_written && place_of(*loaded, scalar) == place) expected.insert(path);
    }
    add_users(before_, *project_, place, expected);
    add_users(after, *loaded, place, expected);
    const std::string wrong = compare(changed(after), expected);
    const auto same_path = [](const auto& a, const auto& b) { return a.first == b.first; };
    const bool same_paths =
        std::equal(before_.begin(), before_.end(), after.begin(), after.end(), same_path);
    if (!wrong.empty() && !same_paths) is_deciding_ = true;
    return wrong;
  }

  // A value also claims the line that sets a variable which was put into it.
  static void add_users(const Scalars& scalars, const Project& project, const Place& place,
                        Paths& into) {
    const SourceFile& file = file_of(project, place.first);
    const std::uint32_t line = yaml::LineIndex(file.tree.text()).position(place.second).line + 1;
    for (const auto& [path, scalar] : scalars) {
      for (const Step* step : scalar.steps) {
        if (step->source == place.first && step->line == line) into.insert(path);
      }
    }
  }

  static const SourceFile& file_of(const Project& project, const std::string& path) {
    return *std::find_if(project.files.begin(), project.files.end(),
                         [&](const SourceFile& file) { return file.path == path; });
  }

  // What an edit changed, values apart that nobody wrote: they follow from others.
  Paths changed(const Scalars& after) const {
    Paths paths;
    const auto differs = [](const Scalars& in, const std::string& path, const Scalar& scalar) {
      const auto other = in.find(path);
      return other == in.end() || other->second.text != scalar.text;
    };
    for (const auto& [path, scalar] : before_) {
      if (scalar.is_written && differs(after, path, scalar)) paths.insert(path);
    }
    for (const auto& [path, scalar] : after) {
      if (scalar.is_written && differs(before_, path, scalar)) paths.insert(path);
    }
    return paths;
  }

  static std::string compare(const Paths& changed, const Paths& expected) {
    std::vector<std::string> unclaimed, unchanged;
    std::set_difference(changed.begin(), changed.end(), expected.begin(), expected.end(),
                        std::back_inserter(unclaimed));
    std::set_difference(expected.begin(), expected.end(), changed.begin(), changed.end(),
                        std::back_inserter(unchanged));
    std::string words;
    if (!unclaimed.empty())
      words += " changed, but claims another origin: " + join(unclaimed, ", ");
    if (!unchanged.empty()) words += " claims it, but did not change: " + join(unchanged, ", ");
    return words;
  }

  const LoadOptions& options_;
  const io::FileSystem& files_;
  const Project* project_ = nullptr;
  Scalars before_;
  bool was_accepted_ = false;
  bool is_deciding_ = false;  // An edit made a value or took one away.
};

LoadOptions options_of(const Json& asked) {
  LoadOptions options;
  options.working_directory = asked.at("cwd");
  options.files = asked.at("files").get<std::vector<std::string>>();
  options.standard_input = asked.at("stdin");
  options.project_directory = asked.at("project_directory");
  options.project_name = asked.at("project_name");
  options.profiles = asked.at("profiles").get<std::vector<std::string>>();
  options.env_files = asked.at("env_files").get<std::vector<std::string>>();
  for (const auto& [name, value] : asked.at("env").items()) {
    options.environment.set(name, value.get<std::string>());
  }
  return options;
}

}  // namespace
}  // namespace dockhand::compose

int main() {
  using namespace dockhand;
  const io::RealFileSystem files;
  for (std::string line; std::getline(std::cin, line);) {
    const auto asked = nlohmann::json::parse(line);
    const compose::LoadOptions options = compose::options_of(asked);
    nlohmann::json report = compose::Experiment(options, files).run();
    report["name"] = asked.at("name");
    std::cout << report.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
  }
}
