#include "base/text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dockhand {
namespace {

using Texts = std::vector<std::string_view>;

TEST_CASE("trim takes ASCII white space from both ends") {
  CHECK(trim(" \t\r\n\v\fa b \t\r\n\v\f") == "a b");
  CHECK(trim("a") == "a");
  CHECK(trim(" \t") == "");
  CHECK(trim("") == "");
  CHECK(trim("\u00a0a") == "\u00a0a");
}

TEST_CASE("split keeps empty pieces") {
  CHECK(split("a::b", ':') == Texts{"a", "", "b"});
  CHECK(split("", ':') == Texts{""});
  CHECK(split(":", ':') == Texts{"", ""});
  CHECK(split("abc", ':') == Texts{"abc"});
}

TEST_CASE("split_lines knows both line ends and has no empty last line") {
  CHECK(split_lines("a\nb\r\nc") == Texts{"a", "b", "c"});
  CHECK(split_lines("a\n\nb\n") == Texts{"a", "", "b"});
  CHECK(split_lines("a\r\n") == Texts{"a"});
  CHECK(split_lines("\n") == Texts{""});
  CHECK(split_lines("") == Texts{});
  CHECK(split_lines("a\rb") == Texts{"a\rb"});
}

TEST_CASE("join puts separators between") {
  CHECK(join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(join({"a"}, ", ") == "a");
  CHECK(join({"", ""}, "/") == "/");
  CHECK(join({}, ", ") == "");
}

TEST_CASE("to_lower_ascii leaves other letters alone") {
  CHECK(to_lower_ascii("AZ az 09 \u00c4") == "az az 09 \u00c4");
}

struct IntegerCase {
  std::string text;
  std::optional<long long> expected;
};

TEST_CASE("parse_integer wants the whole text") {
  const std::vector<IntegerCase> cases = {
      {"0", 0},
      {"42", 42},
      {"-42", -42},
      {"007", 7},
      {"9223372036854775807", 9223372036854775807LL},
      {"9223372036854775808", std::nullopt},
      {"", std::nullopt},
      {"-", std::nullopt},
      {"+1", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1.0", std::nullopt},
      {"0x10", std::nullopt},
      {std::string("1\0", 2), std::nullopt},
  };
  for (const IntegerCase& each : cases) {
    CAPTURE(each.text);
    CHECK(parse_integer(each.text) == each.expected);
  }
}

struct TextCase {
  std::string text, expected;
};

TEST_CASE("printable leaves nothing that a terminal would obey") {
  const std::vector<TextCase> cases = {
      {"plain \u00e4\u20ac\U0001F600", "plain \u00e4\u20ac\U0001F600"},
      {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
      {"\x1b]0;title\x07", "\\x1b]0;title\\x07"},
      {std::string("a\0b", 3), "a\\x00b"},
      {"del\x7f", "del\\x7f"},
      {"c1 \xc2\x9b"
       "31m",
       "c1 \\x9b31m"},
      {"bad \xff\xc3", "bad \\xff\\xc3"},
      {"over\xc0\xaf", "over\\xc0\\xaf"},
      {"a\nb\r\nc\td\re", "a b c d e"},
      {"a\n\nb", "a  b"},
      {"next\xc2\x85line", "next line"},
      {"para\u2028graph\u2029s", "para graph s"},
      {"ev\u202eil \u2066x\u2069 \u200f\u061c.", "evil x ."},
      {"real \ufffd stays", "real \ufffd stays"},
      {"", ""},
  };
  for (const TextCase& each : cases) {
    CAPTURE(each.expected);
    CHECK(printable(each.text) == each.expected);
  }
}

TEST_CASE("first_line is the first that says something, made printable and cut") {
  CHECK(first_line("\n  \r\n  hello \nworld", 80) == "hello");
  CHECK(first_line("hello world", 5) == "hell\u2026");
  CHECK(first_line("hello", 5) == "hello");
  CHECK(first_line("a\x1b[2Jb", 80) == "a\\x1b[2Jb");
  CHECK(first_line("", 80) == "");
  CHECK(first_line(" \n\t\n", 80) == "");
  CHECK(first_line("x", 0) == "");
}

TEST_CASE("keys that look secret") {
  for (const char* const key :
       {"PASSWORD", "db_pass", "POSTGRES_PASSWORD_FILE", "api-token", "SecretKey", "PUBLIC_KEY",
        "SENTRY_DSN", "aws_credentials", "KEYCLOAK_URL"}) {
    CAPTURE(key);
    CHECK(looks_secret(key));
  }
  for (const char* const key : {"", "PORT", "USER", "HOST", "ke_y", "LOG_LEVEL"}) {
    CAPTURE(key);
    CHECK_FALSE(looks_secret(key));
  }
}

struct NearestCase {
  std::string word;
  std::optional<std::string> expected;
};

TEST_CASE("nearest means what was probably meant") {
  const std::vector<std::string> keys = {"image",    "ports",      "volumes",    "environment",
                                         "env_file", "depends_on", "healthcheck"};
  const std::vector<NearestCase> cases = {
      {"imgae", "image"},
      {"image", "image"},
      {"port", "ports"},
      {"volume", "volumes"},
      {"enviroment", "environment"},
      {"envirnomnet", "environment"},
      {"dependson", "depends_on"},
      {"healtcheck", "healthcheck"},
      {"heathchek", "healthcheck"},
      {"xyz", std::nullopt},
      {"", std::nullopt},
      {"im", std::nullopt},
      {std::string(100'000, 'x'), std::nullopt},
  };
  for (const NearestCase& each : cases) {
    CAPTURE(each.word);
    CHECK(nearest(each.word, keys) == each.expected);
  }
  CHECK(nearest("ab", {"ac", "ab"}) == "ab");
  CHECK(nearest("ab", {}) == std::nullopt);
}

}  // namespace
}  // namespace dockhand
