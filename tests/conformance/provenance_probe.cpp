// Proves provenance by experiment: for every scalar of a project's effective model, whoever edits
// exactly the bytes that it claims as its origin changes exactly the values that claim them.
//
// Reads one JSON object for each project from standard input, a line each: `name`, and what
// compose::LoadOptions holds. Prints one JSON object for each: `name`, and the places of each
// Verdict.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
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
    {"volume", "tmpfs"}};

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

// What came of editing one place.
enum class Verdict {
  proven,       // Every value that claims it changed by some edit, and never another one.
  untouchable,  // No edit was tried that the loader accepts.
  deciding,     // Edits make other values come and go, or mean something else.
  blunt,        // What claims it did not change by any edit that was tried.
  wrong         // A value changed that does not claim it.
};
constexpr std::string_view kVerdicts[] = {"proven", "untouchable", "deciding", "blunt", "wrong"};

// Keys whose values decide what others mean: the type of a mount, and a local volume's driver and
// options, whether a text is a path.
constexpr std::string_view kDecidingKeys[] = {".type", ".driver", ".driver_opts.o"};

bool ends_in_deciding_key(const std::string& path) {
  return std::any_of(std::begin(kDecidingKeys), std::end(kDecidingKeys),
                     [&](std::string_view key) { return path.ends_with(key); });
}

// `80-81`: how many ports there are.
bool is_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  return dash != std::string_view::npos && parse_integer(text.substr(0, dash)) &&
         parse_integer(text.substr(dash + 1));
}

class Experiment {
 public:
  Experiment(const LoadOptions& options, const io::FileSystem& files)
      : options_(options), files_(files) {}

  // The places of each verdict, in words.
  Json run() {
    Json report;
    for (const std::string_view verdict : kVerdicts) report[verdict] = Json::array();
    const Result<Project> loaded = load(options_, files_);
    if (!is_fine(loaded)) return report;
    project_ = &*loaded;
    before_ = scalars_of(*project_);
    std::map<Place, Paths> claims;
    for (const auto& [path, scalar] : before_) {
      if (scalar.is_written) claims[place_of(*project_, scalar)].insert(path);
    }
    for (const auto& [place, claimants] : claims) {
      const auto [verdict, words] = try_edits(place, claimants);
      report[kVerdicts[static_cast<std::size_t>(verdict)]].push_back(words);
    }
    return report;
  }

 private:
  struct Place {
    std::string file;
    Range range;
    auto key() const { return std::tie(file, range.begin, range.end); }
    bool operator<(const Place& other) const { return key() < other.key(); }
    bool overlaps(const Place& other) const {
      return file == other.file && range.begin < other.range.end && other.range.begin < range.end;
    }
  };

  // What one edit did.
  struct Outcome {
    Paths changed;
    Paths unclaimed;  // Of the changed ones.
    bool has_same_paths = false;
  };

  static Place place_of(const Project& project, const Scalar& scalar) {
    return {project.files[scalar.origin.file].path, scalar.origin.range};
  }

  static std::string_view text_of(const Project& project, const std::string& path) {
    const auto file = std::find_if(project.files.begin(), project.files.end(),
                                   [&](const SourceFile& one) { return one.path == path; });
    return file->tree.text();
  }

  std::pair<Verdict, std::string> try_edits(const Place& place, const Paths& claimants) const {
    const std::string_view text = text_of(*project_, place.file);
    const std::string written(text.substr(place.range.begin, place.range.size()));
    const std::string where =
        fmt::format("{}:{} `{}`", io::base_name(place.file), place.range.begin, written);
    Paths unchanged = claimants;
    bool was_accepted = false, was_clean = false;
    bool moves_others =
        is_range(written) || std::all_of(claimants.begin(), claimants.end(), ends_in_deciding_key);
    std::string violation;
    for (const std::string& edit : edits_of(written, before_)) {
      const std::optional<Outcome> outcome = attempt(place, edit);
      if (!outcome) continue;
      was_accepted = true;
      if (!outcome->has_same_paths) moves_others = true;
      if (!outcome->unclaimed.empty()) {
        violation = fmt::format("{} -> `{}`: changed, but claims another origin: {}", where, edit,
                                list(outcome->unclaimed));
        continue;
      }
      was_clean = true;
      for (const std::string& path : outcome->changed) unchanged.erase(path);
      if (unchanged.empty()) return {Verdict::proven, where};
    }
    if (!was_accepted) return {Verdict::untouchable, where};
    if (moves_others) return {Verdict::deciding, where};
    if (!was_clean) return {Verdict::wrong, violation};
    return {Verdict::blunt, where + ": no edit changed " + list(unchanged)};
  }

  // Nothing when the loader refuses the edited file.
  std::optional<Outcome> attempt(const Place& place, const std::string& edit) const {
    std::string edited(text_of(*project_, place.file));
    edited.replace(place.range.begin, place.range.size(), edit);
    io::OverlayFileSystem overlay(files_);
    LoadOptions options = options_;
    if (place.file == "-") {
      options.standard_input = edited;
    } else {
      overlay.set(place.file, edited);
    }
    const Result<Project> loaded = load(options, overlay);
    if (!is_fine(loaded)) return std::nullopt;
    const Scalars after = scalars_of(*loaded);
    const auto size = static_cast<std::uint32_t>(edit.size());
    Paths claimed = claimants(before_, *project_, place);
    claimed.merge(
        claimants(after, *loaded, {place.file, {place.range.begin, place.range.begin + size}}));
    Outcome outcome;
    outcome.changed = changed(after);
    std::set_difference(outcome.changed.begin(), outcome.changed.end(), claimed.begin(),
                        claimed.end(), std::inserter(outcome.unclaimed, outcome.unclaimed.end()));
    const auto same_path = [](const auto& a, const auto& b) { return a.first == b.first; };
    outcome.has_same_paths =
        std::equal(before_.begin(), before_.end(), after.begin(), after.end(), same_path);
    return outcome;
  }

  // The values that claim some of the place's bytes, or the line that sets a variable which was put
  // into them.
  static Paths claimants(const Scalars& scalars, const Project& project, const Place& place) {
    const yaml::LineIndex lines(text_of(project, place.file));
    const std::uint32_t line = lines.position(place.range.begin).line + 1;
    Paths paths;
    for (const auto& [path, scalar] : scalars) {
      const bool uses_line = std::any_of(
          scalar.steps.begin(), scalar.steps.end(),
          [&](const Step* step) { return step->source == place.file && step->line == line; });
      const bool claims = scalar.is_written && place_of(project, scalar).overlaps(place);
      if (uses_line || claims) paths.insert(path);
    }
    return paths;
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

  static std::string list(const Paths& paths) {
    return join(std::vector<std::string>(paths.begin(), paths.end()), ", ");
  }

  const LoadOptions& options_;
  const io::FileSystem& files_;
  const Project* project_ = nullptr;
  Scalars before_;
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
