#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "compose/canonical/json.h"
#include "plugin/commands/project.h"
#include "plugin/commands/verbs.h"
#include "plugin/render/layout.h"
#include "yaml/line_index.h"

namespace dockhand::plugin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Flag, 3> kFlags = {{
    {"format", 0, FlagKind::text, "Format output: \"table\" or \"json\"", Values::words,
     "table json"},
    {"no-trunc", 0, FlagKind::boolean, "Don't truncate output"},
    {"resolved", 0, FlagKind::boolean,
     "Show the effective Compose model instead, with --format json"},
}};

std::string as_json(const Settings& settings) {
  Json list = Json::array();
  for (const SettingValue& value : settings.values()) {
    list.push_back({{"Setting", value.row->name},
                    {"Value", value.value},
                    {"Origin", value.origin},
                    {"Default", value.row->default_value},
                    {"Environment", value.row->environment},
                    {"Help", value.row->help}});
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> as_table(const Settings& settings, const render::Style& style) {
  render::Table table{{{"SETTING", 0}, {"VALUE", 0}, {"ORIGIN", 1}, {"ENVIRONMENT", 2}}, {}};
  for (const SettingValue& value : settings.values()) {
    const bool is_default = value.origin == "default";
    const render::Paint paint = is_default ? render::Paint::plain : render::Paint::bold;
    table.rows.push_back(
        {{{std::string(value.row->name)},
          {value.value, paint, {}},
          {value.origin, is_default ? render::Paint::dim : render::Paint::plain, {}},
          {std::string(value.row->environment), render::Paint::dim, {}}}});
  }
  return render::lay_out(table, style);
}

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
    const yaml::LineIndex index(project.files[file].tree.text());
    for (const Finding& one : findings) {
      lines.push_back(fmt::format("{}:{}: error: {} [{}]", project.place({file, one.range}),
                                  index.position(one.range.begin).column + 1,
                                  printable(one.message), one.code));
    }
  }
  return lines;
}

// The model that `docker compose config` would print, or everything for which it refuses to.
int run_resolved(Context& context, std::string_view format) {
  if (format != "json") {
    return context.fail({"format-unknown", "cannot print the resolved model as a table",
                         "it is printed as JSON only", "add --format json"});
  }
  const Result<compose::Project> project =
      compose::load(context.load_options(), *context.world().files);
  if (!project) return context.fail(project.error());
  const std::vector<std::string> errors = mistakes(*project);
  if (!errors.empty()) {
    context.err().lines(errors);
    return kFailed;
  }
  context.out().line(compose::to_json(*project));
  return kDone;
}

int run(Context& context, const Parsed& given) {
  const std::string format = given.flags.optional("format").value_or("table");
  if (format != "table" && format != "json") {
    return context.fail(
        {"format-unknown", "no such format: " + format, "config can print: table, json", {}});
  }
  if (given.flags.flag("resolved")) return run_resolved(context, format);
  // Settings are in force without a project too; with one, its x-dev counts.
  const Result<compose::Project> project =
      compose::load(context.load_options(), *context.world().files);
  if (!project && project.error().code != "compose-no-file") return context.fail(project.error());
  const Settings settings = context.settings(project ? &*project : nullptr);
  for (const Error& problem : settings.problems())
    context.err().write(error_text("warning", problem));
  render::Style style = context.style();
  style.full = given.flags.flag("no-trunc");
  if (format == "json") {
    context.out().line(as_json(settings));
  } else {
    context.out().lines(as_table(settings, style));
  }
  return kDone;
}

}  // namespace

const Command kConfigCommand = {
    .name = "config",
    .summary = "Show the settings in force, or the effective Compose model",
    .usage = "[OPTIONS]",
    .description =
        "Flags win over the environment, then x-dev in the compose file, then plugins.dockhand in\n"
        "Docker's config.json, then the defaults. With --resolved: what Compose makes of the "
        "files, as\n"
        "`docker compose config` prints it, with secrets in the clear.",
    .examples = "docker dockhand config --resolved --format json",
    .flags = kFlags,
    .words = Words::none,
    .run = run,
};

}  // namespace dockhand::plugin
