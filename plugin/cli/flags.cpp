#include "plugin/cli/flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"

namespace dockhand::plugin {
namespace {

Error flag_error(std::string what) { return {"flag-error", std::move(what)}; }

// The spellings that Go's strconv.ParseBool takes.
std::optional<bool> parse_bool(std::string_view text) {
  constexpr std::array<std::string_view, 6> kTrue = {"1", "t", "T", "TRUE", "true", "True"};
  constexpr std::array<std::string_view, 6> kFalse = {"0", "f", "F", "FALSE", "false", "False"};
  if (std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), text) != kFalse.end()) return false;
  return std::nullopt;
}

std::string spelling(const Flag& flag) {
  return flag.shorthand == 0 ? fmt::format("--{}", flag.name)
                             : fmt::format("-{}, --{}", flag.shorthand, flag.name);
}

class Parser {
 public:
  Parser(std::span<const Flag> flags, std::span<const std::string> arguments, Order order)
      : flags_(flags), rest_(arguments), order_(order) {}

  Result<Parsed> run() {
    while (!rest_.empty()) {
      const std::string argument = rest_.front();
      rest_ = rest_.subspan(1);
      if (argument == "--") {
        if (order_ != Order::interspersed) parsed_.words.push_back(argument);
        take_rest_as_words();
        break;
      }
      const bool word = argument.size() < 2 || argument[0] != '-';
      if (word || (order_ == Order::known_flags_first && !knows(argument))) {
        parsed_.words.push_back(argument);
        if (order_ != Order::interspersed) take_rest_as_words();
        continue;
      }
      const Result<void> read = argument[1] == '-' ? read_long(argument) : read_short(argument);
      if (!read) return read.error();
    }
    return std::move(parsed_);
  }

 private:
  void take_rest_as_words() {
    parsed_.words.insert(parsed_.words.end(), rest_.begin(), rest_.end());
    rest_ = {};
  }

  bool knows(std::string_view argument) const {
    if (argument[1] != '-') return argument[1] == 'h' || find_shorthand(flags_, argument[1]);
    const std::string_view name = argument.substr(2, argument.find('=') - 2);
    return name == "help" || find_flag(flags_, name) != nullptr;
  }

  Result<void> read_long(const std::string& argument) {
    const std::string_view body = std::string_view(argument).substr(2);
    const std::size_t equals = body.find('=');
    const std::string_view name = body.substr(0, equals);
    if (name.empty() || name[0] == '-') {
      return flag_error(fmt::format("bad flag syntax: {}", printable(argument)));
    }
    std::optional<std::string> value;
    if (equals != std::string_view::npos) value = std::string(body.substr(equals + 1));
    if (name == "help") {
      parsed_.help = !value || parse_bool(*value).value_or(true);
      return {};
    }
    const Flag* flag = find_flag(flags_, name);
    if (flag == nullptr) return flag_error(fmt::format("unknown flag: --{}", printable(name)));
    if (!value && flag->kind == FlagKind::boolean) value = "true";
    if (!value) {
      if (rest_.empty()) return flag_error(fmt::format("flag needs an argument: --{}", name));
      value = rest_.front();
      rest_ = rest_.subspan(1);
    }
    return set(*flag, std::move(*value));
  }

  Result<void> read_short(const std::string& argument) {
    std::string_view letters = std::string_view(argument).substr(1);
    while (!letters.empty()) {
      const char letter = letters[0];
      const std::string_view group = letters;
      letters.remove_prefix(1);
      const Flag* flag = find_shorthand(flags_, letter);
      if (flag == nullptr && letter == 'h') {
        parsed_.help = parsed_.help_by_shorthand = true;
        continue;
      }
      if (flag == nullptr) {
        return flag_error(fmt::format("unknown shorthand flag: '{}' in -{}",
                                      printable(std::string(1, letter)), printable(group)));
      }
      if (!letters.empty() && letters[0] == '=') return set(*flag, std::string(letters.substr(1)));
      if (flag->kind == FlagKind::boolean) {
        const Result<void> done = set(*flag, "true");
        if (!done) return done;
        continue;
      }
      if (!letters.empty()) return set(*flag, std::string(letters));
      if (rest_.empty()) {
        return flag_error(
            fmt::format("flag needs an argument: '{}' in -{}", letter, printable(group)));
      }
      std::string value = rest_.front();
      rest_ = rest_.subspan(1);
      return set(*flag, std::move(value));
    }
    return {};
  }

  Result<void> set(const Flag& flag, std::string value) {
    const auto refuse = [&](std::string_view why) {
      return flag_error(fmt::format("invalid argument \"{}\" for \"{}\" flag: {}", printable(value),
                                    spelling(flag), why));
    };
    if (flag.kind == FlagKind::boolean && !parse_bool(value)) {
      return refuse(
          fmt::format("strconv.ParseBool: parsing \"{}\": invalid syntax", printable(value)));
    }
    if (flag.kind == FlagKind::duration && !parse_user_duration(value)) {
      return refuse("give a number of seconds, or a duration such as 90s or 5m");
    }
    parsed_.flags.add(flag.name, std::move(value));
    return {};
  }

  std::span<const Flag> flags_;
  std::span<const std::string> rest_;
  Order order_;
  Parsed parsed_;
};

}  // namespace

bool FlagValues::flag(std::string_view name) const {
  return parse_bool(text(name)).value_or(false);
}

std::string FlagValues::text(std::string_view name) const {
  return optional(name).value_or(std::string());
}

std::optional<std::string> FlagValues::optional(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> FlagValues::list(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

std::optional<Duration> FlagValues::duration(std::string_view name) const {
  return has(name) ? parse_user_duration(text(name)) : std::nullopt;
}

Result<Parsed> parse_flags(std::span<const Flag> flags, std::span<const std::string> arguments,
                           Order order) {
  return Parser(flags, arguments, order).run();
}

std::optional<Duration> parse_user_duration(std::string_view text) {
  const std::optional<long long> number = parse_integer(text);
  constexpr long long kMost = 365LL * 24 * 3600;
  if (number) {
    if (*number < 0 || *number > kMost) return std::nullopt;
    return std::chrono::seconds(*number);
  }
  return parse_go_duration(text);
}

const Flag* find_flag(std::span<const Flag> flags, std::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(),
                                  [name](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

const Flag* find_shorthand(std::span<const Flag> flags, char shorthand) {
  const auto found = std::find_if(flags.begin(), flags.end(), [shorthand](const Flag& flag) {
    return flag.shorthand == shorthand;
  });
  return found == flags.end() ? nullptr : &*found;
}

}  // namespace dockhand::plugin
