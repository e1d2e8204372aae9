#include <doctest/doctest.h>
#include <time.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "yaml/invariants.h"
#include "yaml/tree.h"

// Texts made to be slow take time in proportion to their size. What is compared is this thread's
// processor time for one text and for one of 32 times the size: linear work grows 32 times,
// quadratic work 1024 times. The bound lies midway, so that neither a busy machine nor a cold cache
// comes near it.
namespace dockhand::yaml::test {

namespace {

constexpr std::size_t kSmall = std::size_t{1} << 13;
constexpr std::size_t kGrowth = 32;
constexpr double kMostGrowth = 180;

std::string repeated(const std::string& part, std::size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  return text;
}

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// The least of several runs, so that what the machine adds by chance is left out.
double seconds_for(const std::string& text) {
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double begin = thread_seconds();
    const Tree tree = Tree::parse(text);
    const std::vector<Finding> findings = tree.findings();
    for (const Node root : tree.documents()) {
      for (const Node item : root.items()) static_cast<void>(item.resolved());
    }
    best = std::min(best, thread_seconds() - begin);
    REQUIRE(findings.size() <= kMaxFindings);
  }
  return best;
}

// Each line one column deeper than the one above, as wide as a text of that size allows.
std::string staircase(const std::string& step, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::string(i % 700, ' ') + step + "\n";
  return text;
}

using Make = std::string (*)(const std::string& part, std::size_t size);

void check_growth(const std::string& part, std::size_t size, Make make) {
  const double small = seconds_for(make(part, size));
  const double large = seconds_for(make(part, size * kGrowth));
  INFO("'" << part << "': " << small << " s, then " << large << " s");
  CHECK(large < kMostGrowth * std::max(small, 1e-4));
}

}  // namespace

TEST_CASE("hostile texts take linear time") {
  const std::vector<std::string> parts = {"[",
                                          "{",
                                          "[{",
                                          "{a: ",
                                          "- ",
                                          "? ",
                                          ": ",
                                          "&a ",
                                          "!a ",
                                          "*a ",
                                          "a: ",
                                          "'",
                                          "\"",
                                          "\"\n",
                                          "'\n",
                                          "- \"\n",
                                          "- '\n\"",
                                          "# c\n",
                                          " #",
                                          "#",
                                          "\n",
                                          " ",
                                          "\t",
                                          "\t\n",
                                          "---\n",
                                          "...\n",
                                          "%YAML 1.2\n",
                                          "- [\n",
                                          "[\n",
                                          "]",
                                          "}",
                                          ",",
                                          "a\n",
                                          "a:\n ",
                                          "a\n b: c\n",
                                          "por\n",
                                          "- a\n b\n",
                                          "? a\n",
                                          "? ? a\n",
                                          "|\n",
                                          "a: |\n b\n",
                                          "- |\n\n\n",
                                          ">\n\n ",
                                          "&a x\n",
                                          "- &a\n- *a\n",
                                          "- *b\n",
                                          "&a\n",
                                          "!t\n",
                                          "a: b: c: ",
                                          "\xff",
                                          "\x01",
                                          "\\",
                                          "\"\\",
                                          "\"\\u",
                                          "👋",
                                          "[a, b]: ",
                                          "[[a]: b, ",
                                          "{? a, ",
                                          "-\t",
                                          "a:\n\t",
                                          "a: 'b\n",
                                          "services:\n  a:\n",
                                          "a:\n  b: c\n  d\n",
                                          "k: [a\n",
                                          "k: {a: \"b\n",
                                          "%TAG !e! x\n---\n- !e!a b\n",
                                          "!e!a\n"};
  for (const std::string& part : parts) check_growth(part, kSmall, repeated);
  for (const char* step : {"a:", "- a", "'", "\"", "[", "a", "? a", "|", "&a", "- - b", "#"}) {
    check_growth(step, kSmall, staircase);
  }
}

TEST_CASE("hostile texts of a megabyte take linear time") {
  for (const char* part : {"[", "- ", "? ", "&a ", "*a ", "- &a\n- *a\n", "# c\n", "- \"\n"}) {
    check_growth(part, (std::size_t{1} << 20) / kGrowth, repeated);
  }
}

TEST_CASE("hostile texts keep the invariants") {
  for (const char* part : {"[", "{a: ", "- ", "? ", "a: ", "'", "- \"\n", "a\n b: c\n", "&a *a "}) {
    INFO(part);
    CHECK(Invariants(Tree::parse(repeated(part, 20'000))).what() == "");
  }
}

TEST_CASE("the tree of a large file is small") {
  std::string text = "services:\n";
  for (int i = 0; text.size() < 330'000; ++i) {
    text += "  service-" + std::to_string(i) +
            ":\n    image: nginx\n    ports: [\"80:80\"]\n    environment:\n      A: b\n";
  }
  CHECK(Tree::parse(text).memory() < std::size_t{8} << 20);
}

}  // namespace dockhand::yaml::test
