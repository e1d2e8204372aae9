#include "compose/canonical/env_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "compose/canonical/placed.h"
#include "compose/dotenv.h"
#include "compose/key_index.h"
#include "compose/scalar.h"
#include "compose/steps.h"

namespace dockhand::compose {
namespace {

// Lines as `docker run --env-file` reads them: nothing in a value means anything.
DotEnv parse_raw(std::string_view text, const io::Environment& known) {
  DotEnv result;
  std::uint32_t number = 0;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    line.remove_prefix(std::min(line.find_first_not_of(" \t\v\f\r"), line.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::size_t equals = line.find('=');
    const std::string name(line.substr(0, equals));
    if (name.empty() || name.find_first_of(" \t") != std::string::npos) {
      result.problems.push_back({"a line is NAME=value, and a name has no blanks", number});
    } else if (equals != std::string_view::npos) {
      result.variables.push_back({name, std::string(line.substr(equals + 1)), number});
    } else if (known.has(name)) {
      result.variables.push_back({name, known.get(name), number});
    }
  }
  return result;
}

// The service's own variables, where the project has none of the name.
io::Environment with_own(const io::Environment& project, const Value* environment) {
  io::Environment known = project;
  if (!environment || !environment->map()) return known;
  for (const Member& member : *environment->map()) {
    if (member.value.scalar() && !known.has(member.key)) {
      known.set(member.key, std::string(member.value.text()));
    }
  }
  return known;
}

}  // namespace

const Result<std::string>& EnvFileReader::text(const std::string& path) {
  const auto known = texts_.find(path);
  if (known != texts_.end()) return known->second;
  return texts_.emplace(path, files_.read(path, kMaxEnvFileSize)).first->second;
}

void EnvFileReader::read(const Value& entry, const io::Environment& known, io::Environment& earlier,
                         Variables& found) {
  const Value* path = entry.map() ? entry.find("path") : &entry;
  if (!path || path->text().empty()) return;
  const Value* required = entry.find("required");
  const Value* format = entry.find("format");
  const Result<std::string>& content = text(std::string(path->text()));
  if (content) {
    return parse(*path, std::string(path->text()), format ? format->text() : std::string_view(),
                 known, earlier, found);
  }
  const bool missing = content.error().code == "file-missing";
  if (missing && required && !to_boolean(*required).value_or(true)) return;
  report_.error("compose-env-file", path->origin,
                missing ? fmt::format("there is no file {}; make it, or write `required: false`",
                                      path->text())
                        : fmt::format("cannot read {}: {}", path->text(), content.error().why));
}

void EnvFileReader::parse(const Value& entry, const std::string& path, std::string_view format,
                          const io::Environment& known, io::Environment& earlier,
                          Variables& found) {
  if (!format.empty() && format != "raw" && format != ".env") {
    return report_.error(
        "compose-env-file", entry.origin,
        fmt::format("`{}` is no format of such files; write raw, or nothing", printable(format)));
  }
  const std::string& content = *text(path);
  const DotEnv parsed =
      format == "raw" ? parse_raw(content, known) : parse_dotenv(content, known, earlier);
  for (const DotEnv::Problem& problem : parsed.problems) {
    report_.error("compose-env-syntax", entry.origin,
                  fmt::format("{}:{}: {}", path, problem.line, problem.message));
  }
  for (const DotEnv::Variable& variable : parsed.variables) {
    earlier.set(variable.name, variable.value);
    found.push_back({variable.name, variable.value, path, variable.line, &entry});
  }
}

void EnvFileReader::put(Value& service, std::string_view key, const Variables& found) {
  if (found.empty()) return;
  Value* into = service.find(key);
  if (!into) {
    add(*service.map(), key, Value(Value::Map{}, implied_at(found.front().from->origin)));
    into = &service.map()->back().value;
  }
  if (into->is_null()) into->data = Value::Map{};
  if (!into->map()) return;
  KeyIndex index(*into->map());
  const std::size_t written = into->map()->size();
  for (const Variable& variable : found) {
    Member* member = index.find(variable.name);
    if (member && member < into->map()->data() + written) continue;
    Value value = string_value(variable.value, variable.from->origin);
    value.via = variable.from->via;
    came_by(value, {Step::Kind::variable, {}, variable.name, variable.file, variable.line});
    if (member) {
      member->value = std::move(value);
    } else {
      into->map()->push_back({variable.name, variable.from->origin, std::move(value)});
    }
  }
}

void EnvFileReader::add_environment(Value& service) {
  const Value* files = service.find("env_file");
  if (!files || !files->list() || files->list()->empty()) return;
  const io::Environment known = with_own(variables_, service.find("environment"));
  io::Environment earlier;
  Variables found;
  for (const Value& entry : *files->list()) read(entry, known, earlier, found);
  put(service, "environment", found);
}

void EnvFileReader::add_labels(Value& service) {
  const Value* files = service.find("label_file");
  if (!files || !files->list()) return;
  const io::Environment none;
  io::Environment earlier;
  Variables found;
  for (const Value& entry : *files->list()) read(entry, none, earlier, found);
  put(service, "labels", found);
}

}  // namespace dockhand::compose
