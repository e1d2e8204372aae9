#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/cli/flags.h"
#include "plugin/context.h"

namespace dockhand::plugin {

// What a verb's arguments are: names of services, one path into the model, a verb to explain, or
// another program's own.
enum class Words : std::uint8_t { none, services, files, model_path, verb, passed_on };

// One verb. Help, completion and dispatch all read this row; a new verb is one file with such a
// constant and one line in commands/table.cpp.
struct Command {
  std::string_view name;
  std::string_view summary;      // One line without a full stop, in lists and as the help's first.
  std::string_view usage;        // Behind the name: `[OPTIONS] [SERVICE...]`.
  std::string_view description;  // Further lines of help; may be empty.
  std::string_view examples;     // One per line; may be empty.
  std::span<const Flag> flags;   // Its own, besides project_flags().
  Words words = Words::none;
  bool about_project = true;  // Whether the help shows project_flags().
  // Gives the exit code. Called with what was given; everything it needs of the world is in the
  // context. Null for Words::verb.
  int (*run)(Context& context, const Parsed& given) = nullptr;
};

// Every verb, in the order of the help.
std::span<const Command* const> commands();
const Command* find_command(std::string_view name);
// What `docker dockhand` alone does.
const Command& default_command();

}  // namespace dockhand::plugin
