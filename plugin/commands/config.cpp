#include <array>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plugin/commands/project.h"
#include "plugin/commands/resolved.h"
#include "plugin/commands/verbs.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Flag, 4> kFlags = {{
    {"format", 0, FlagKind::text, "Format output: \"table\" or \"json\"", Values::words,
     "table json"},
    {"no-trunc", 0, FlagKind::boolean, "Don't truncate output"},
    {"resolved", 0, FlagKind::boolean,
     "Show the effective Compose model, and where each value comes from"},
    {"show-secrets", 0, FlagKind::boolean, "Don't mask values that look secret"},
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

int run(Context& context, const Parsed& given) {
  const std::string format = given.flags.optional("format").value_or("table");
  if (format != "table" && format != "json") {
    return context.fail(
        {"format-unknown", "no such format: " + format, "config can print: table, json", {}});
  }
  render::Style style = context.style();
  style.full = given.flags.flag("no-trunc");
  if (given.flags.flag("resolved")) {
    const render::Secrets secrets =
        given.flags.flag("show-secrets") ? render::Secrets::shown : render::Secrets::masked;
    return show_resolved(context, {given.words.empty() ? std::string() : given.words.front(),
                                   format == "json" ? "json" : "text", secrets, style});
  }
  if (!given.words.empty()) {
    return context.fail({"path-unused", "a path needs --resolved",
                         "without it config shows the settings in force",
                         "docker dockhand config --resolved " + printable(given.words.front())});
  }
  // Settings are in force without a project too; with one, its x-dev counts.
  const Result<compose::Project> project =
      compose::load(context.load_options(), *context.world().files);
  if (!project && project.error().code != "compose-no-file") return context.fail(project.error());
  const Settings settings = context.settings(project ? &*project : nullptr);
  for (const Error& problem : settings.problems())
    context.err().write(error_text("warning", problem));
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
    .usage = "[OPTIONS] [PATH]",
    .description =
        "Flags win over the environment, then x-dev in the compose file, then plugins.dockhand in\n"
        "Docker's config.json, then the defaults.\n\n"
        "With --resolved: what Compose makes of the files, each value with where it comes from.\n"
        "PATH chooses a part of it. As JSON without PATH it is what `docker compose config` "
        "prints,\n"
        "secrets in the clear; with PATH a list of values with file, line and chain.",
    .examples =
        "docker dockhand config --resolved\n"
        "docker dockhand config --resolved services.web.environment\n"
        "docker dockhand config --resolved --format json",
    .flags = kFlags,
    .words = Words::model_path,
    .run = run,
};

}  // namespace dockhand::plugin
