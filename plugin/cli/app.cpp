#include "plugin/cli/app.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plugin/cli/command.h"
#include "plugin/cli/completion.h"
#include "plugin/cli/help.h"
#include "plugin/cli/metadata.h"

namespace dockhand::plugin {
namespace {

constexpr std::string_view kShorthandDeprecated =
    "Flag shorthand -h has been deprecated, use --help\n";

FlagValues merged(FlagValues first, const FlagValues& second) {
  for (const auto& [name, values] : second.all()) {
    for (const std::string& value : values) first.add(name, value);
  }
  return first;
}

FlagValues only(const FlagValues& given, std::span<const Flag> flags) {
  FlagValues kept;
  for (const auto& [name, values] : given.all()) {
    if (find_flag(flags, name) == nullptr) continue;
    for (const std::string& value : values) kept.add(name, value);
  }
  return kept;
}

std::vector<Flag> with_project_flags(std::span<const Flag> own) {
  std::vector<Flag> flags(own.begin(), own.end());
  flags.insert(flags.end(), project_flags().begin(), project_flags().end());
  return flags;
}

// One call of the program, from its arguments to its exit code.
class App {
 public:
  App(World& world, Invocation invocation)
      : world_(world), invocation_(std::move(invocation)), program_(invocation_.program()) {}

  int run() {
    switch (invocation_.kind) {
      case Invocation::Kind::complete:
        return complete_words(true);
      case Invocation::Kind::complete_without_descriptions:
        return complete_words(false);
      case Invocation::Kind::version:
        world_.out.write(fmt::format("Dockhand version {}\n", version()));
        return kDone;
      case Invocation::Kind::help:
        return help(invocation_.arguments);
      case Invocation::Kind::command:
        break;
    }
    return command();
  }

 private:
  int width() const {
    const std::optional<io::TerminalSize> size = world_.terminal_size();
    return size && size->columns > 0 ? size->columns : 80;
  }

  int complete_words(bool descriptions) {
    Context context(world_, invocation_, project_flags_before(invocation_.arguments));
    const bool wanted =
        descriptions && world_.environment.get("DOCKER_CLI_DISABLE_COMPLETION_DESCRIPTION").empty();
    world_.out.write(completion_text(complete(context, invocation_.arguments), wanted));
    return kDone;
  }

  // The -f and -p that stand among the words, so that the right file is read for completing.
  static FlagValues project_flags_before(const std::vector<std::string>& words) {
    if (words.empty()) return {};
    std::vector<Flag> flags;
    for (const Command* command : commands()) {
      for (const Flag& flag : command->flags) {
        if (find_flag(flags, flag.name) == nullptr) flags.push_back(flag);
      }
    }
    flags = with_project_flags(flags);
    const std::vector<std::string> before(words.begin(), words.end() - 1);
    Result<Parsed> parsed = parse_flags(flags, before, Order::interspersed);
    return parsed ? only(parsed->flags, project_flags()) : FlagValues();
  }

  int help(const std::vector<std::string>& words) {
    const std::string topic = words.empty() ? std::string() : words.front();
    if (topic.empty() || topic.starts_with('-')) {
      world_.out.write(root_help(program_, width()));
      return kDone;
    }
    const Command* command = find_command(topic);
    if (command == nullptr) {
      world_.err.write(fmt::format("unknown help topic: {}\n", printable(topic)));
      return kFailed;
    }
    world_.out.write(command_help(*command, program_, width()));
    return kDone;
  }

  int asked_help(const Parsed& parsed, const Command* command) {
    if (parsed.help_by_shorthand) world_.out.write(kShorthandDeprecated);
    world_.out.write(command == nullptr ? root_help(program_, width())
                                        : command_help(*command, program_, width()));
    return kDone;
  }

  int unknown_command(std::string_view name) {
    world_.err.write(fmt::format("docker: unknown command: {} {}\n{}", program_, printable(name),
                                 usage_hint(nullptr, program_)));
    return kFailed;
  }

  // Asked for help about no verb of ours, Docker's commands show all of theirs.
  int unknown_verb(std::string_view verb, const Parsed& before) {
    const auto asks_help = [](const std::string& word) { return word == "--help" || word == "-h"; };
    const bool help_wanted =
        before.help || std::any_of(before.words.begin(), before.words.end(), asks_help);
    return help_wanted ? help({}) : unknown_command(verb);
  }

  int flag_error(const Error& error, const Command* command) {
    world_.err.write(error.what + "\n" + usage_hint(command, program_));
    return kFlagError;
  }

  int command() {
    // Before the verb stand flags of the project; those of the default verb too, when none follows.
    const std::vector<Flag> flags = with_project_flags(default_command().flags);
    Result<Parsed> before = parse_flags(flags, invocation_.arguments, Order::flags_first);
    if (!before) return flag_error(before.error(), nullptr);
    if (!before->words.empty() && before->words.front() == "--") {
      before->words.erase(before->words.begin());
    }
    if (before->words.empty()) {
      if (before->help) return asked_help(*before, nullptr);
      return run_command(default_command(), *before);
    }
    const std::string verb = before->words.front();
    const Command* command = find_command(verb);
    if (command == nullptr) return unknown_verb(verb, *before);
    for (const auto& [name, values] : before->flags.all()) {
      const bool fits = find_flag(with_project_flags(command->flags), name) != nullptr;
      if (!fits) return flag_error({"flag-error", "unknown flag: --" + name}, nullptr);
    }
    before->words.erase(before->words.begin());
    if (before->help) return asked_help(*before, command);
    return parse_and_run(*command, *before);
  }

  // What a verb accepts, when so many words are too many for it; else empty.
  static std::string_view accepted_words(Words words, std::size_t given) {
    if (words == Words::none && given > 0) return "no arguments";
    if (words == Words::model_path && given > 1) return "at most 1 argument";
    return {};
  }

  int parse_and_run(const Command& command, const Parsed& before) {
    if (command.words == Words::passed_on) return run_passing_on(command, before);
    Result<Parsed> parsed =
        parse_flags(with_project_flags(command.flags), before.words, Order::interspersed);
    if (!parsed) return flag_error(parsed.error(), &command);
    if (parsed->help) return asked_help(*parsed, &command);
    if (const std::string_view accepted = accepted_words(command.words, parsed->words.size());
        !accepted.empty()) {
      world_.err.write(fmt::format("docker: '{} {}' accepts {}\n{}", program_, command.name,
                                   accepted, usage_hint(&command, program_)));
      return kFailed;
    }
    if (command.words == Words::verb) return help(parsed->words);
    parsed->flags = merged(before.flags, parsed->flags);
    return run_command(command, *parsed);
  }

  // The arguments are another program's, flags included.
  int run_passing_on(const Command& command, const Parsed& before) {
    const bool asks_help =
        !before.words.empty() && (before.words.front() == "--help" || before.words.front() == "-h");
    if (asks_help) return asked_help(before, &command);
    return run_command(command, before);
  }

  int run_command(const Command& command, const Parsed& parsed) {
    Context context(world_, invocation_,
                    merged(invocation_.project_flags, only(parsed.flags, project_flags())));
    return command.run(context, parsed);
  }

  World& world_;
  Invocation invocation_;
  std::string program_;
};

// What became of the output counts when the command itself had no complaint. A reader that went
// away (`| head`) has what it wanted.
int with_output(World& world, int exit_code, std::string_view program) {
  const std::optional<Error>& failure = world.out.failure();
  if (!failure || failure->code == "output-closed") return exit_code;
  world.err.write(error_text(program, *failure));
  return exit_code == kDone ? kFailed : exit_code;
}

}  // namespace

int run_app(World& world, std::span<const std::string> arguments) {
  Result<Invocation> invocation = read_invocation(arguments, world.environment);
  if (!invocation) {
    const std::string program = "docker-dockhand";
    world.err.write(invocation.error().what + "\n" + usage_hint(nullptr, program));
    return kFlagError;
  }
  const std::string program = invocation->program();
  const int exit_code = App(world, std::move(*invocation)).run();
  return with_output(world, exit_code, program);
}

}  // namespace dockhand::plugin
