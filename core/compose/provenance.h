#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compose/project.h"
#include "yaml/line_index.h"

// Where the values of a project's effective model came from, for people: the terminal, the editor
// and JSON say it in the same words. Pure functions of the Project.
namespace dockhand::compose {

// One step down into the model: a key of a map, or an index into a list.
struct PathPart {
  std::string key;
  std::optional<std::size_t> index;
  friend bool operator==(const PathPart&, const PathPart&) = default;
};
using ModelPath = std::vector<PathPart>;

// `services.web.ports[0].target`; a key with other characters than letters, digits, `_`, `-` and
// `/` stands in double quotes: `labels."com.example.role"`. Nothing for what is not written so. The
// empty text is the whole model.
std::optional<ModelPath> parse_model_path(std::string_view text);
std::string to_string(const ModelPath& path);

// The value at the path, or null.
const Value* find(const Value& model, const ModelPath& path);

// Whether anybody wrote the value: what Compose adds by itself has no bytes in a file.
bool is_written(const Value& value);

// Lines and columns of origins, and provenance in words. Refers to the project, which must outlive
// it. Any thread.
class Provenance {
 public:
  explicit Provenance(const Project& project);

  struct Place {
    std::string file;             // Relative to the project's directory, where it lies inside.
    yaml::LineColumn begin, end;  // From 1, columns in bytes.
  };
  // Nothing for an origin of no file.
  std::optional<Place> place(const Origin& origin) const;

  // `compose.yaml:31`, or nothing.
  std::string line_of(const Origin& origin) const;

  // `PORT from .env:3`, `extends base, common.yaml:7`, `overrides compose.yaml:12`.
  std::string words(const Step& step) const;

  // Where the value is written, then how it came here, the latest last, separated by commas:
  // `compose.yaml:12, PORT from .env:3`. `default` when nobody wrote it.
  std::string words(const Value& value) const;

 private:
  const Project& project_;
};

// The steps of a chain, the first to happen first.
std::vector<const Step*> steps_of(const Value& value);

// The path as people see it from the directory: without it, where it lies inside.
std::string relative_path(std::string_view path, std::string_view directory);

}  // namespace dockhand::compose
