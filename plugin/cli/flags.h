#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dockhand::plugin {

enum class FlagKind : std::uint8_t { boolean, text, list, duration };

// What a shell may offer as the value of a flag.
enum class Values : std::uint8_t {
  none,
  words,
  compose_files,
  files,
  directories,
  projects,
  profiles
};

// One flag, as help, completion and the parser need it. A constant.
struct Flag {
  std::string_view name;
  char shorthand = 0;
  FlagKind kind = FlagKind::boolean;
  std::string_view help;
  Values values = Values::none;
  std::string_view words = {};  // Of Values::words: separated by spaces.
};

// What was given, by a flag's long name.
class FlagValues {
 public:
  bool has(std::string_view name) const { return values_.find(name) != values_.end(); }
  bool flag(std::string_view name) const;
  std::string text(std::string_view name) const;  // The last one given; empty when none was.
  std::optional<std::string> optional(std::string_view name) const;
  std::vector<std::string> list(std::string_view name) const;
  std::optional<Duration> duration(std::string_view name) const;

  void add(std::string_view name, std::string value) {
    values_[std::string(name)].push_back(std::move(value));
  }
  const std::map<std::string, std::vector<std::string>, std::less<>>& all() const {
    return values_;
  }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Parsed {
  FlagValues flags;
  std::vector<std::string> words;
  bool help = false;
  bool help_by_shorthand = false;
};

enum class Order : std::uint8_t {
  interspersed,       // Flags and words in any order, as behind a verb.
  flags_first,        // The first word ends the flags; it and all behind it are words.
  known_flags_first,  // So does the first flag that is not known.
};

// Reads arguments as Docker's own flag library (pflag) does: `--name=v`, `--name v`, `-nv`, `-n v`,
// `-n=v`, grouped booleans, `--bool=false`, `--`. `--help` and `-h` are always known. The error's
// `what` is in that library's words; its code is `flag-error`.
Result<Parsed> parse_flags(std::span<const Flag> flags, std::span<const std::string> arguments,
                           Order order);

// A duration given by a user: Go's form, or a bare number of seconds.
std::optional<Duration> parse_user_duration(std::string_view text);

const Flag* find_flag(std::span<const Flag> flags, std::string_view name);
const Flag* find_shorthand(std::span<const Flag> flags, char shorthand);

}  // namespace dockhand::plugin
