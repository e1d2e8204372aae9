#include "plugin/commands/resolved.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "base/text.h"
#include "base/unicode.h"
#include "check/check.h"
#include "compose/canonical/json.h"
#include "compose/provenance.h"
#include "compose/scalar.h"

namespace dockhand::plugin {
namespace {

using compose::Step;
using Json = nlohmann::ordered_json;

// `compose.yaml:12:3: error: message [code]`, for every error in the files.
std::vector<std::string> mistakes(const compose::Project& project) {
  std::vector<std::string> lines;
  for (std::uint32_t file = 0; file < project.files.size(); ++file) {
    std::vector<Finding> findings = project.files[file].findings;
    std::erase_if(findings, [](const Finding& one) { return one.severity != Severity::error; });
    if (findings.empty()) continue;
    std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
      return a.range.begin < b.range.begin;
    });
    for (const Finding& one : findings) {
      lines.push_back(fmt::format("{}:{}: error: {} [{}]", project.place({file, one.range}),
                                  project.files[file].lines.position(one.range.begin).column + 1,
                                  printable(one.message), one.code));
    }
  }
  return lines;
}

Json json_of(const compose::Value::Scalar& scalar) {
  const compose::Typed typed = compose::resolve(scalar);
  if (const bool* flag = std::get_if<bool>(&typed)) return *flag;
  if (const std::int64_t* number = std::get_if<std::int64_t>(&typed)) return *number;
  if (const std::uint64_t* number = std::get_if<std::uint64_t>(&typed)) return *number;
  if (const double* number = std::get_if<double>(&typed)) return *number;
  return to_valid_utf8(scalar.text);
}

std::string_view word_of(Step::Kind kind) {
  switch (kind) {
    case Step::Kind::variable:
      return "variable";
    case Step::Kind::fallback:
      return "default";
    case Step::Kind::alias:
      return "alias";
    case Step::Kind::merge_key:
      return "merge";
    case Step::Kind::extends:
      return "extends";
    case Step::Kind::include:
      return "include";
    case Step::Kind::overrides:
      return "overrides";
  }
  return "";
}

// The provenance of every scalar at and below a path, as a list of objects.
class ProvenanceList {
 public:
  ProvenanceList(const compose::Project& project, render::Secrets secrets)
      : project_(project), provenance_(project), secrets_(secrets) {}

  void add(const compose::Value& value, compose::ModelPath& path) {
    if (const compose::Value::Map* map = value.map(); map && !map->empty()) {
      for (const compose::Member& member : *map) below(member.value, path, {member.key, {}});
    } else if (const compose::Value::List* list = value.list(); list && !list->empty()) {
      for (std::size_t i = 0; i < list->size(); ++i) below((*list)[i], path, {{}, i});
    } else {
      list_.push_back(object(value, path));
    }
  }

  std::string text() const { return list_.dump(2, ' ', false, Json::error_handler_t::replace); }

 private:
  void below(const compose::Value& value, compose::ModelPath& path, compose::PathPart part) {
    path.push_back(std::move(part));
    add(value, path);
    path.pop_back();
  }

  Json object(const compose::Value& value, const compose::ModelPath& path) {
    Json object;
    object["Path"] = to_valid_utf8(compose::to_string(path));
    object["Value"] = json_value(value, path.empty() ? std::string() : path.back().key);
    if (compose::is_written(value)) add_place(object, value.origin);
    Json chain = Json::array();
    for (const Step* step : compose::steps_of(value)) chain.push_back(json_step(*step));
    object["Chain"] = std::move(chain);
    object["Words"] = to_valid_utf8(provenance_.words(value));
    return object;
  }

  Json json_value(const compose::Value& value, const std::string& key) const {
    if (value.map()) return Json::object();
    if (value.list()) return Json::array();
    const compose::Value::Scalar* scalar = value.scalar();
    if (!scalar) return nullptr;
    const bool hidden = secrets_ == render::Secrets::masked && looks_secret(key);
    return hidden && !scalar->text.empty() ? Json("********") : json_of(*scalar);
  }

  void add_place(Json& object, const compose::Origin& origin) {
    const auto place = provenance_.place(origin);
    if (!place) return;
    object["File"] = to_valid_utf8(project_.files[origin.file].path);
    object["Line"] = place->begin.line;
    object["Column"] = place->begin.column;
    object["EndLine"] = place->end.line;
    object["EndColumn"] = place->end.column;
  }

  Json json_step(const Step& step) {
    Json object;
    object["Kind"] = word_of(step.kind);
    if (!step.name.empty()) object["Name"] = to_valid_utf8(step.name);
    if (!step.source.empty()) {
      object["File"] = to_valid_utf8(step.source);
      object["Line"] = step.line;
    }
    if (step.at.range.begin < step.at.range.end) add_place(object, step.at);
    return object;
  }

  const compose::Project& project_;
  compose::Provenance provenance_;
  const render::Secrets secrets_;
  Json list_ = Json::array();
};

// The nearest key where the path stops leading on, for "did you mean".
Error no_such_path(const compose::Value& model, const compose::ModelPath& path) {
  compose::ModelPath known;
  const compose::Value* at = &model;
  for (const compose::PathPart& part : path) {
    const compose::Value* next = compose::find(*at, {part});
    if (!next) break;
    at = next;
    known.push_back(part);
  }
  Error error{
      "path-missing", "nothing is at " + compose::to_string(path) + " in the model", {}, {}};
  std::vector<std::string> keys;
  if (const compose::Value::Map* map = at->map()) {
    for (const compose::Member& member : *map) keys.push_back(member.key);
  }
  const std::string where = known.empty() ? "the model" : compose::to_string(known);
  error.why = keys.empty() ? where + " has no keys" : where + " has no such key";
  const compose::PathPart& wrong = path[known.size()];
  if (const auto meant = nearest(wrong.key, keys)) {
    known.push_back({*meant, {}});
    error.fix = "did you mean " + compose::to_string(known) + "?";
  } else if (!keys.empty()) {
    keys.resize(std::min<std::size_t>(keys.size(), 12));
    error.fix = "it has " + join(keys, ", ");
  }
  return error;
}

}  // namespace

int show_resolved(Context& context, const ResolvedOptions& options) {
  const std::optional<compose::ModelPath> path = compose::parse_model_path(options.path);
  if (!path) {
    return context.fail({"path-form",
                         "cannot read the path " + printable(options.path),
                         {},
                         "write it as in services.web.ports[0].target"});
  }
  const Result<compose::Project> project =
      check::load(context.load_options(), *context.world().files, {});
  if (!project) return context.fail(project.error());
  const std::vector<std::string> errors = mistakes(*project);
  context.err().lines(errors);
  const int code = errors.empty() ? kDone : kFailed;

  const compose::Value* value = compose::find(project->model, *path);
  if (!value) return context.fail(no_such_path(project->model, *path));
  if (options.format == "text") {
    compose::Provenance provenance(*project);
    context.out().lines(render::model_lines(*value, provenance, options.style, options.secrets));
  } else if (!path->empty()) {
    ProvenanceList list(*project, options.secrets);
    compose::ModelPath at = *path;
    list.add(*value, at);
    context.out().line(list.text());
  } else if (errors.empty()) {
    const Result<std::string> json = compose::to_json(*project);
    if (!json) return context.fail(json.error());
    context.out().line(*json);
  }
  return code;
}

}  // namespace dockhand::plugin
