#include "compose/provenance.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace dockhand::compose {
namespace {

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '/';
}

// Reads the parts of a path off a text's beginning.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : rest_(text) {}

  std::optional<ModelPath> read() {
    ModelPath path;
    while (!rest_.empty()) {
      const bool fine = rest_[0] == '[' ? index(path) : key(path);
      if (!fine) return std::nullopt;
    }
    return path;
  }

 private:
  bool index(ModelPath& path) {
    const std::size_t end = rest_.find(']');
    if (end == std::string_view::npos) return false;
    const std::optional<long long> number = parse_integer(rest_.substr(1, end - 1));
    if (!number || *number < 0) return false;
    path.push_back({{}, static_cast<std::size_t>(*number)});
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool key(ModelPath& path) {
    if (!path.empty()) {
      if (rest_[0] != '.') return false;
      rest_.remove_prefix(1);
    }
    const bool quoted = !rest_.empty() && rest_[0] == '"';
    std::size_t end = 0;
    if (quoted) {
      end = rest_.find('"', 1);
      if (end == std::string_view::npos) return false;
      path.push_back({std::string(rest_.substr(1, end - 1)), std::nullopt});
      rest_.remove_prefix(end + 1);
      return true;
    }
    while (end < rest_.size() && is_bare(rest_[end])) ++end;
    if (end == 0) return false;
    path.push_back({std::string(rest_.substr(0, end)), std::nullopt});
    rest_.remove_prefix(end);
    return true;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<ModelPath> parse_model_path(std::string_view text) { return PathReader(text).read(); }

std::string to_string(const ModelPath& path) {
  std::string text;
  for (const PathPart& part : path) {
    if (part.index) {
      text += fmt::format("[{}]", *part.index);
      continue;
    }
    if (!text.empty()) text += '.';
    const bool bare = !part.key.empty() && std::all_of(part.key.begin(), part.key.end(), is_bare);
    text += bare ? part.key : '"' + part.key + '"';
  }
  return text;
}

const Value* find(const Value& model, const ModelPath& path) {
  const Value* at = &model;
  for (const PathPart& part : path) {
    if (part.index) {
      const Value::List* list = at->list();
      at = list && *part.index < list->size() ? &(*list)[*part.index] : nullptr;
    } else {
      at = at->find(part.key);
    }
    if (!at) return nullptr;
  }
  return at;
}

bool is_written(const Value& value) { return value.origin.range.begin < value.origin.range.end; }

Provenance::Provenance(const Project& project) : project_(project) {}

std::optional<Provenance::Place> Provenance::place(const Origin& origin) const {
  if (origin.file >= project_.files.size()) return std::nullopt;
  const SourceFile& file = project_.files[origin.file];
  const auto from_one = [](yaml::LineColumn position) {
    return yaml::LineColumn{position.line + 1, position.column + 1};
  };
  return Place{relative_path(file.path, project_.directory),
               from_one(file.lines.position(origin.range.begin)),
               from_one(file.lines.position(origin.range.end))};
}

std::string Provenance::line_of(const Origin& origin) const {
  const std::optional<Place> found = place(origin);
  return found ? fmt::format("{}:{}", found->file, found->begin.line) : std::string();
}

std::string Provenance::words(const Step& step) const {
  switch (step.kind) {
    case Step::Kind::variable:
      if (step.source.empty()) return step.name + " from the environment";
      return fmt::format("{} from {}:{}", step.name, relative_path(step.source, project_.directory),
                         step.line);
    case Step::Kind::fallback:
      return step.name + " is not set";
    case Step::Kind::alias:
      return "alias at " + line_of(step.at);
    case Step::Kind::merge_key:
      return "<< at " + line_of(step.at);
    case Step::Kind::extends:
      return fmt::format("extends {} at {}", step.name, line_of(step.at));
    case Step::Kind::include:
      return "included at " + line_of(step.at);
    case Step::Kind::overrides:
      return "overrides " + line_of(step.at);
  }
  return {};
}

std::string Provenance::words(const Value& value) const {
  if (!is_written(value)) return "default";
  std::vector<std::string> parts = {line_of(value.origin)};
  for (const Step* step : steps_of(value)) parts.push_back(words(*step));
  return join(parts, ", ");
}

std::vector<const Step*> steps_of(const Value& value) {
  std::vector<const Step*> steps;
  for (const Step* step = value.via.get(); step; step = step->before.get()) steps.push_back(step);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

std::string relative_path(std::string_view path, std::string_view directory) {
  const std::string inside =
      directory == "/" ? std::string(directory) : std::string(directory) + "/";
  if (path.substr(0, inside.size()) == inside) path.remove_prefix(inside.size());
  return std::string(path);
}

}  // namespace dockhand::compose
