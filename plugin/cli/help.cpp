#include "plugin/cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "plugin/cli/metadata.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin {
namespace {

constexpr std::size_t kNarrowestHelp = 24;

std::string_view type_name(const Flag& flag) {
  switch (flag.kind) {
    case FlagKind::text:
      return " string";
    case FlagKind::list:
      return " stringArray";
    case FlagKind::duration:
      return " duration";
    case FlagKind::boolean:
      break;
  }
  return "";
}

std::string left_of(const Flag& flag) {
  const std::string letter = flag.shorthand == 0 ? "    " : fmt::format("-{}, ", flag.shorthand);
  return fmt::format("  {}--{}{}", letter, flag.name, type_name(flag));
}

std::string options(std::vector<Flag> flags, int width) {
  if (flags.empty()) return {};
  std::sort(flags.begin(), flags.end(),
            [](const Flag& a, const Flag& b) { return a.name < b.name; });
  std::size_t column = 0;
  for (const Flag& flag : flags) column = std::max(column, left_of(flag).size() + 3);
  const auto columns = static_cast<std::size_t>(std::max(width - 1, 0));
  const std::size_t room = columns > column + kNarrowestHelp ? columns - column : kNarrowestHelp;
  std::string out = "\nOptions:\n";
  for (const Flag& flag : flags) {
    std::string left = render::padded(left_of(flag), column);
    for (const std::string& line : render::wrap(flag.help, room)) {
      out += left + line + "\n";
      left = std::string(column, ' ');
    }
  }
  return out;
}

std::string command_list() {
  std::size_t column = 0;
  for (const Command* command : commands()) column = std::max(column, command->name.size() + 2);
  std::string out = "\nCommands:\n";
  for (const Command* command : commands()) {
    out += fmt::format("  {}{}\n", render::padded(command->name, column), command->summary);
  }
  return out;
}

std::string examples(std::string_view program, std::string_view lines) {
  if (lines.empty()) return {};
  std::string out = "\nExamples:\n";
  for (const std::string_view line : split_lines(lines)) {
    out += fmt::format("  {} {}\n", program, line);
  }
  return out;
}

std::vector<Flag> all_flags(const Command& command) {
  std::vector<Flag> flags(command.flags.begin(), command.flags.end());
  if (command.about_project) {
    flags.insert(flags.end(), project_flags().begin(), project_flags().end());
  }
  return flags;
}

}  // namespace

std::string usage_line(const Command* command, std::string_view program) {
  if (command == nullptr) return fmt::format("Usage:  {} [OPTIONS] COMMAND", program);
  const std::string_view gap = command->usage.empty() ? "" : " ";
  return fmt::format("Usage:  {} {}{}{}", program, command->name, gap, command->usage);
}

std::string usage_hint(const Command* command, std::string_view program) {
  const std::string name =
      command == nullptr ? std::string(program) : fmt::format("{} {}", program, command->name);
  return fmt::format("\n{}\n\nRun '{} --help' for more information\n", usage_line(command, program),
                     name);
}

std::string root_help(std::string_view program, int width) {
  std::string out = usage_line(nullptr, program) + "\n\n";
  out += std::string(kShortDescription) + "\n\n";
  out += fmt::format("Without a command: {}, with its options.\n", default_command().name);
  out += options({project_flags().begin(), project_flags().end()}, width);
  out += command_list();
  return out +
         fmt::format("\nRun '{} COMMAND --help' for more information on a command.\n", program);
}

std::string command_help(const Command& command, std::string_view program, int width) {
  std::string out = usage_line(&command, program) + "\n\n" + std::string(command.summary) + "\n";
  if (!command.description.empty()) out += "\n" + std::string(command.description) + "\n";
  out += examples(program, command.examples);
  return out + options(all_flags(command), width);
}

}  // namespace dockhand::plugin
