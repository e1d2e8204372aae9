#include "compose/scalar.h"

#include <doctest/doctest.h>

namespace dockhand::compose {
namespace {

constexpr std::string_view kTypes[] = {"null", "bool", "int", "int", "float", "date", "text"};

Value plain(std::string_view text) { return Value(Value::Scalar{std::string(text), false}, {}); }
Value quoted(std::string_view text) { return Value(Value::Scalar{std::string(text), true}, {}); }

}  // namespace

// What Compose 2.40 answers for each of these as the value of a label.
TEST_CASE("plain scalars have the types of Compose's YAML") {
  struct Case {
    std::string_view text, type, shown;
  };
  const Case cases[] = {
      {"", "null", ""},
      {"~", "null", ""},
      {"null", "null", ""},
      {"Null", "null", ""},
      {"nULL", "text", "nULL"},
      {"true", "bool", "true"},
      {"TRUE", "bool", "true"},
      {"False", "bool", "false"},
      {"tRue", "text", "tRue"},
      {"yes", "text", "yes"},
      {"on", "text", "on"},
      {"n", "text", "n"},
      {"0", "int", "0"},
      {"10", "int", "10"},
      {"010", "int", "8"},
      {"0o17", "int", "15"},
      {"0o8", "text", "0o8"},
      {"0x1F", "int", "31"},
      {"-0x10", "int", "-16"},
      {"0b11", "int", "3"},
      {"+5", "int", "5"},
      {"1_000", "int", "1000"},
      {"1__0", "int", "10"},
      {"_1", "text", "_1"},
      {"9223372036854775807", "int", "9223372036854775807"},
      {"12345678901234567890", "int", "12345678901234567890"},
      {"100000000000000000000", "float", "1e+20"},
      {"08", "float", "8"},
      {"1.10", "float", "1.1"},
      {"1.", "float", "1"},
      {".5", "float", "0.5"},
      {"-.5", "float", "-0.5"},
      {"+1.5", "float", "1.5"},
      {"1e3", "float", "1000"},
      {"1000000.0", "float", "1e+06"},
      {"123456789.123", "float", "1.23456789123e+08"},
      {"1e-7", "float", "1e-07"},
      {"1e21", "float", "1e+21"},
      {".inf", "float", "+Inf"},
      {"-.Inf", "float", "-Inf"},
      {".nan", "float", "NaN"},
      {"1e", "text", "1e"},
      {".", "text", "."},
      {"-", "text", "-"},
      {"+", "text", "+"},
      {"-a", "text", "-a"},
      {"1.2.3", "text", "1.2.3"},
      {"1.5s", "text", "1.5s"},
      {"12:30", "text", "12:30"},
      {"22:22", "text", "22:22"},
      {"0x", "text", "0x"},
      {"2001-01-01", "date", "2001-01-01 00:00:00 +0000 UTC"},
      {"2001-1-1 10:00:00", "date", "2001-01-01 10:00:00 +0000 UTC"},
      {"2001-01-01T10:00:00Z", "date", "2001-01-01 10:00:00 +0000 UTC"},
      {"2001-01", "text", "2001-01"},
      {"2001-13-01", "text", "2001-13-01"},
      {"-0", "float", "-0"},
      {"-9223372036854775808", "int", "-9223372036854775808"},
      {"2001-01-01x", "text", "2001-01-01x"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.text);
    CHECK(kTypes[resolve_plain(test.text).index()] == test.type);
    CHECK(to_text(plain(test.text)) == test.shown);
    CHECK(to_text(quoted(test.text)) == test.text);
  }
}

TEST_CASE("numbers from YAML and from variables") {
  CHECK(to_integer(plain("010")) == 8);
  CHECK(to_integer(quoted("010")) == 10);
  CHECK(to_integer(quoted("+3")) == 3);
  CHECK(to_integer(quoted("-3")) == -3);
  CHECK_FALSE(to_integer(quoted("0x10")));
  CHECK_FALSE(to_integer(quoted("")));
  CHECK_FALSE(to_integer(plain("1.5")));
  CHECK_FALSE(to_integer(plain("true")));
  CHECK_FALSE(to_integer(Value()));
}

TEST_CASE("booleans from YAML and from variables") {
  for (std::string_view word : {"true", "True", "yes", "Y", "on", "ON"}) {
    CAPTURE(word);
    CHECK(to_boolean(quoted(word)) == true);
  }
  for (std::string_view word : {"false", "No", "n", "off"}) {
    CAPTURE(word);
    CHECK(to_boolean(quoted(word)) == false);
  }
  CHECK(to_boolean(plain("FALSE")) == false);
  CHECK_FALSE(to_boolean(quoted("1")));
  CHECK_FALSE(to_boolean(plain("1")));
  CHECK_FALSE(to_boolean(Value()));
}

}  // namespace dockhand::compose
