#include "plugin/cli/flags.h"

#include <doctest/doctest.h>

#include <array>

using namespace dockhand;
using namespace dockhand::plugin;

namespace {

constexpr std::array<Flag, 5> kFlags = {{
    {"all", 'a', FlagKind::boolean, ""},
    {"debug", 'D', FlagKind::boolean, ""},
    {"file", 'f', FlagKind::list, ""},
    {"format", 0, FlagKind::text, ""},
    {"timeout", 't', FlagKind::duration, ""},
}};

// What was read, as one line: `all=true file=a,b | words`; or the error's words.
std::string read(const std::vector<std::string>& arguments, Order order = Order::interspersed) {
  const Result<Parsed> parsed = parse_flags(kFlags, arguments, order);
  if (!parsed) return parsed.error().what;
  std::string out;
  for (const auto& [name, values] : parsed->flags.all()) {
    out += name + "=";
    for (const std::string& value : values) out += (&value == &values.front() ? "" : ",") + value;
    out += " ";
  }
  if (parsed->help) out += parsed->help_by_shorthand ? "-h " : "--help ";
  out += "|";
  for (const std::string& word : parsed->words) out += " " + word;
  return out;
}

}  // namespace

TEST_CASE("flags are read as Docker reads them") {
  struct Row {
    std::vector<std::string> arguments;
    std::string result;
  };
  const std::vector<Row> rows = {
      {{}, "|"},
      {{"--all"}, "all=true |"},
      {{"--all=false", "x"}, "all=false | x"},
      {{"--all", "false"}, "all=true | false"},
      {{"--format", "json"}, "format=json |"},
      {{"--format=json"}, "format=json |"},
      {{"--format="}, "format= |"},
      {{"--format", "--all"}, "format=--all |"},
      {{"-f", "a", "-fb", "-f=c", "--file", "d"}, "file=a,b,c,d |"},
      {{"-aDf", "x"}, "all=true debug=true file=x |"},
      {{"-aDfx"}, "all=true debug=true file=x |"},
      {{"-a=false"}, "all=false |"},
      {{"web", "--all", "db"}, "all=true | web db"},
      {{"--", "--all", "-x"}, "| --all -x"},
      {{"a", "--", "-b"}, "| a -b"},
      {{"-"}, "| -"},
      {{"--timeout", "90"}, "timeout=90 |"},
      {{"-t", "1m30s"}, "timeout=1m30s |"},
      {{"--help"}, "--help |"},
      {{"-h"}, "-h |"},
      {{"--help=false"}, "|"},
      {{"--nosuch"}, "unknown flag: --nosuch"},
      {{"--nosuch=1"}, "unknown flag: --nosuch"},
      {{"-aZ"}, "unknown shorthand flag: 'Z' in -Z"},
      {{"-Zfoo"}, "unknown shorthand flag: 'Z' in -Zfoo"},
      {{"--format"}, "flag needs an argument: --format"},
      {{"-f"}, "flag needs an argument: 'f' in -f"},
      {{"-af"}, "flag needs an argument: 'f' in -f"},
      {{"--=x"}, "bad flag syntax: --=x"},
      {{"---x"}, "bad flag syntax: ---x"},
      {{"--all=maybe"},
       "invalid argument \"maybe\" for \"-a, --all\" flag: strconv.ParseBool: parsing \"maybe\": "
       "invalid syntax"},
      {{"--timeout", "soon"},
       "invalid argument \"soon\" for \"-t, --timeout\" flag: give a number of seconds, or a "
       "duration "
       "such as 90s or 5m"},
      {{"--timeout", "-5"},
       "invalid argument \"-5\" for \"-t, --timeout\" flag: give a number of seconds, or a "
       "duration "
       "such as 90s or 5m"},
      {{"--\x1b[31m"}, "unknown flag: --\\x1b[31m"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.result);
    CHECK(read(row.arguments) == row.result);
  }
}

TEST_CASE("before a verb the first word ends the flags") {
  CHECK(read({"--all", "status", "--nosuch"}, Order::flags_first) == "all=true | status --nosuch");
  CHECK(read({"--nosuch", "status"}, Order::flags_first) == "unknown flag: --nosuch");
  CHECK(read({"--all", "--nosuch", "--all"}, Order::known_flags_first) ==
        "all=true | --nosuch --all");
  CHECK(read({"-a", "-w"}, Order::known_flags_first) == "all=true | -w");
  CHECK(read({"-a", "--help"}, Order::known_flags_first) == "all=true --help |");
}

TEST_CASE("values are read by name") {
  const Result<Parsed> parsed =
      parse_flags(kFlags, std::vector<std::string>{"-f", "a", "--file=b", "--all=0", "-t", "2m"},
                  Order::interspersed);
  REQUIRE(parsed);
  CHECK(parsed->flags.list("file") == std::vector<std::string>{"a", "b"});
  CHECK(parsed->flags.text("file") == "b");
  CHECK(parsed->flags.has("all"));
  CHECK_FALSE(parsed->flags.flag("all"));
  CHECK(parsed->flags.duration("timeout") == Duration(std::chrono::minutes(2)));
  CHECK_FALSE(parsed->flags.optional("format"));
}

TEST_CASE("a bare number is seconds") {
  CHECK(parse_user_duration("90") == Duration(std::chrono::seconds(90)));
  CHECK(parse_user_duration("0") == Duration(0));
  CHECK_FALSE(parse_user_duration("99999999999"));
  CHECK_FALSE(parse_user_duration(""));
}
