#include <doctest/doctest.h>
#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/stacks.h"
#include "yaml/tree.h"

// libyaml as the judge of scalars: on generated, real and damaged files it sees the scalars and
// aliases that the tree holds, up to where either of them finds the first mistake.
namespace dockhand::yaml::test {

namespace {

struct Scalar {
  Range range;
  std::string text;
};

struct Reading {
  std::vector<Scalar> scalars;
  std::uint32_t error = std::numeric_limits<std::uint32_t>::max();  // Where the first mistake is.
  std::string what;
};

// libyaml counts characters; these are the byte offsets of them.
std::vector<std::uint32_t> character_offsets(std::string_view text) {
  std::vector<std::uint32_t> offsets;
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if ((text[i] & '\xC0') != '\x80') offsets.push_back(i);
  }
  offsets.push_back(static_cast<std::uint32_t>(text.size()));
  return offsets;
}

std::string text_of(const yaml_char_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

Reading read_with_libyaml(const std::string& text) {
  const std::vector<std::uint32_t> offsets = character_offsets(text);
  const auto offset = [&](std::size_t index) {
    return offsets[std::min(index, offsets.size() - 1)];
  };
  Reading reading;
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                               text.size());
  for (bool more = true; more;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) {
      const std::size_t context =
          parser.context != nullptr ? parser.context_mark.index : text.size();
      reading.error = std::min(offset(parser.problem_mark.index), offset(context));
      reading.what = parser.problem;
      break;
    }
    const Range range{offset(event.start_mark.index), offset(event.end_mark.index)};
    if (event.type == YAML_SCALAR_EVENT) {
      reading.scalars.push_back(
          {range, text_of(event.data.scalar.value, event.data.scalar.length)});
    } else if (event.type == YAML_ALIAS_EVENT) {
      reading.scalars.push_back({range, reinterpret_cast<const char*>(event.data.alias.anchor)});
    }
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return reading;
}

void collect(Node node, std::vector<Scalar>& scalars) {
  if (node.is_null() || node.is_scalar() || node.is_alias()) {
    scalars.push_back({node.full_range(), node.text()});
  }
  for (const Node item : node.items()) collect(item, scalars);
  for (const Entry entry : node.entries()) {
    collect(entry.key, scalars);
    collect(entry.value, scalars);
  }
}

Reading read(const std::string& text) {
  const Tree tree = Tree::parse(text);
  Reading reading;
  for (const Node root : tree.documents()) collect(root, reading.scalars);
  // libyaml leaves aliases to its users.
  for (const Finding& finding : tree.findings()) {
    if (finding.code == "yaml-undefined-alias" || finding.code == "yaml-recursive-alias") continue;
    reading.error = std::min(reading.error, finding.range.begin);
    reading.what += finding.code + " ";
  }
  return reading;
}

// Empty scalars have no position that both could agree on: they count by their text alone.
std::string described(const Scalar& scalar) {
  return scalar.text.empty() ? "empty" : fmt::format("{} '{}'", scalar.range.begin, scalar.text);
}

// The first of libyaml's scalars in front of the line of the first mistake that the tree does not
// hold; empty when there is none. Without a mistake, the tree must hold nothing else either.
std::string first_difference(const std::string& text) {
  const Reading theirs = read_with_libyaml(text);
  const Reading ours = read(text);
  const std::uint32_t mistake = std::min(theirs.error, ours.error);
  const bool sound = mistake > text.size();
  const std::size_t line_end =
      text.substr(0, std::min<std::size_t>(mistake, text.size())).find_last_of("\r\n");
  const std::size_t limit = sound ? text.size() : line_end == std::string::npos ? 0 : line_end;
  for (std::size_t i = 0; i < theirs.scalars.size(); ++i) {
    if (theirs.scalars[i].range.end > limit) break;
    const std::string expected = described(theirs.scalars[i]);
    const std::string found = i < ours.scalars.size() ? described(ours.scalars[i]) : "nothing";
    if (found == expected) continue;
    return fmt::format("{} instead of {} (mistakes: {}at {}; {} at {})", found, expected, ours.what,
                       ours.error, theirs.what, theirs.error);
  }
  if (sound && ours.scalars.size() != theirs.scalars.size()) return "more scalars than libyaml's";
  return {};
}

// A compose file with everything that such files hold.
std::string generated(std::mt19937& random) {
  const auto one_of = [&random](std::initializer_list<const char*> all) {
    return std::string(*(all.begin() + random() % all.size()));
  };
  std::string text = one_of({"", "# top\n", "---\n", "name: shop\n", "x-a: &a\n  k: v\n"});
  text += "services:" + one_of({"\n", "  # all\n", "\n\n"});
  for (int i = 0; i < 4; ++i) {
    const std::string quote = one_of({"", "", "\"", "'"});
    const std::string name = one_of({"web", "db", "api", "ünï"}) + std::to_string(i);
    text += "  " + quote + name + quote + ":" + one_of({"", " &s", " # c"}) + "\n";
    for (int j = 0; j < 5; ++j) {
      text +=
          "    " + one_of({"image: nginx:1.25", "image: \"a/b:c\"", "command: [\"a\", 'b', c]",
                           "command: >-\n      run it\n      fast\n\n       or not",
                           "entrypoint: |\n      set -e\n        deep: text\n      done",
                           "ports:\n    - 80:80\n    - \"81:81\"",
                           "ports:\n      - target: 80\n        published: 8080",
                           "environment:\n      A: b\n      C:\n      D: 'it''s'",
                           "environment: {A: b, \"C\": \"d\\n\"}",
                           "labels:\n      - \"a=b # c\"\n      # comment\n      - d", "init: true",
                           "healthcheck:\n      test: [\"CMD\",\n        \"curl\"]", "volumes: []",
                           "description: many words\n      on two lines # c", "user: ~",
                           "extends:\n        file: \"x.yaml\"\n        service: y",
                           "x-long: \"a b\n      c\\\n      d\"",
                           "deploy: {resources: {limits: {cpus: '0.5'}}}"});
      text += one_of({"\n", "\n", "\n\n", " # note\n", "\r\n"});
    }
  }
  return text + one_of({"", "volumes:\n  data:\n", "networks: {a: , b: {}}\n", "...\n"});
}

void damage(std::string& text, std::mt19937& random) {
  constexpr std::string_view kBytes[] = {" ", "\n", "  ", ":", ": ", "- ", "\"",  "'",  "[", "]",
                                         "{", "}",  ",",  "#", "\t", "x",  "&b ", "*b", "|", ""};
  const std::size_t at = random() % (text.size() + 1);
  text.replace(at, random() % 3, kBytes[random() % std::size(kBytes)]);
}

}  // namespace

TEST_CASE("libyaml sees the same scalars in sound files") {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    const std::string text = generated(random);
    const Reading theirs = read_with_libyaml(text);
    const Reading ours = read(text);
    INFO(text);
    CHECK(theirs.what == "");
    CHECK(ours.what == "");
    CHECK(first_difference(text) == "");
  }
  for (const Stack& stack : stacks()) {
    INFO(stack.name);
    CHECK(first_difference(stack.text) == "");
  }
}

TEST_CASE("libyaml sees the same scalars in damaged files up to the first mistake") {
  std::mt19937 random(2);
  int mistakes = 0;
  int not_found = 0;
  for (int i = 0; i < 4000; ++i) {
    std::string text = generated(random);
    for (auto n = random() % 3 + 1; n > 0; --n) damage(text, random);
    const std::string difference = first_difference(text);
    if (!difference.empty()) FAIL_CHECK(difference << " in\n" << text);
    const Reading theirs = read_with_libyaml(text);
    if (theirs.what.empty()) continue;
    ++mistakes;
    if (read(text).what.empty()) ++not_found;
  }
  CHECK(mistakes > 1000);
  // YAML 1.2 allows a little that libyaml refuses: `&&b`, `: x`, `[:x]`, a tab behind `- `.
  CHECK(not_found * 50 < mistakes);
}

}  // namespace dockhand::yaml::test
