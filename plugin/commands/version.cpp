#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "plugin/cli/metadata.h"
#include "plugin/commands/verbs.h"
#include "plugin/render/go_template.h"

namespace dockhand::plugin {
namespace {

constexpr std::array<Flag, 2> kFlags = {{
    {"format", 0, FlagKind::text, "Format output: \"pretty\", \"json\", or a Go template",
     Values::words, "pretty json"},
    {"short", 0, FlagKind::boolean, "Show only the version number"},
}};

int run(Context& context, const Parsed& given) {
  const std::string format = given.flags.optional("format").value_or("pretty");
  const nlohmann::ordered_json json = {{"Version", std::string(version())}};
  if (given.flags.flag("short")) {
    context.out().line(version());
  } else if (format == "pretty") {
    context.out().line(fmt::format("Dockhand version {}", version()));
  } else if (format == "json") {
    context.out().line(json.dump());
  } else {
    const Result<render::GoTemplate> made = render::GoTemplate::parse(format);
    if (!made) return context.fail(made.error());
    const Result<std::vector<std::string>> lines = made->render({json});
    if (!lines) return context.fail(lines.error());
    context.out().lines(*lines);
  }
  return kDone;
}

}  // namespace

const Command kVersionCommand = {
    .name = "version",
    .summary = "Show the version of Dockhand",
    .usage = "[OPTIONS]",
    .description = "",
    .examples = "",
    .flags = kFlags,
    .words = Words::none,
    .about_project = false,
    .run = run,
};

}  // namespace dockhand::plugin
