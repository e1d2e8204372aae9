#include "compose/provenance.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compose/loader.h"
#include "io/file_system.h"

namespace dockhand::compose::test {
namespace {

using Files = std::vector<std::pair<std::string, std::string>>;

Project load_files(const Files& contents) {
  io::MemoryFileSystem files;
  for (const auto& [name, text] : contents) files.write("/p/" + name, text);
  LoadOptions options{"/p", {}};
  options.environment.set("SHELL_SET", "s");
  return *load(options, files);
}

// What is said of the value at `path`.
std::string words(const Files& contents, std::string_view path) {
  const Project project = load_files(contents);
  const Value* value = find(project.model, *parse_model_path(path));
  return value ? Provenance(project).words(*value) : "nothing there";
}

struct Case {
  const char* what;
  Files files;
  const char* path;
  const char* words;
};

const std::vector<Case> kCases = {
    {"written",
     {{"compose.yaml", "services:\n  a:\n    image: x\n"}},
     "services.a.image",
     "compose.yaml:3"},
    {"from the environment",
     {{"compose.yaml", "services:\n  a:\n    image: x:$SHELL_SET\n"}},
     "services.a.image",
     "compose.yaml:3, SHELL_SET from the environment"},
    {"from .env",
     {{"compose.yaml", "services:\n  a:\n    image: x:${TAG}-${TAG}\n"}, {".env", "# c\nTAG=1\n"}},
     "services.a.image",
     "compose.yaml:3, TAG from .env:2"},
    {"the project's own name",
     {{"compose.yaml", "name: n\nservices:\n  a:\n    image: x-$COMPOSE_PROJECT_NAME\n"}},
     "services.a.image",
     "compose.yaml:4, COMPOSE_PROJECT_NAME from compose.yaml:1"},
    {"a default that counts",
     {{"compose.yaml", "services:\n  a:\n    image: x:${TAG:-1}\n"}},
     "services.a.image",
     "compose.yaml:3, TAG is not set"},
    {"a default that does not",
     {{"compose.yaml", "services:\n  a:\n    image: ${A:-${B}}\n"}, {".env", "A=1\nB=2\n"}},
     "services.a.image",
     "compose.yaml:3, A from .env:1"},
    {"an alias",
     {{"compose.yaml", "x-i: &i x\nservices:\n  a:\n    image: *i\n"}},
     "services.a.image",
     "compose.yaml:1, alias at compose.yaml:4"},
    {"an alias in an alias",
     {{"compose.yaml", "x-i: &i x\nx-j: &j {image: *i}\nservices:\n  a: *j\n"}},
     "services.a.image",
     "compose.yaml:1, alias at compose.yaml:2, alias at compose.yaml:4"},
    {"a merge key",
     {{"compose.yaml", "x-i: &i {image: x, user: u}\nservices:\n  a:\n    <<: *i\n    user: v\n"}},
     "services.a.image",
     "compose.yaml:1, << at compose.yaml:4"},
    {"a merge key that is overridden",
     {{"compose.yaml", "x-i: &i {image: x, user: u}\nservices:\n  a:\n    <<: *i\n    user: v\n"}},
     "services.a.user",
     "compose.yaml:5, overrides compose.yaml:1"},
    {"an override file",
     {{"compose.yaml", "services:\n  a:\n    image: x\n    user: u\n"},
      {"compose.override.yaml", "services:\n  a:\n    user: v\n"}},
     "services.a.user",
     "compose.override.yaml:3, overrides compose.yaml:4"},
    {"what an override file leaves alone",
     {{"compose.yaml", "services:\n  a:\n    image: x\n    user: u\n"},
      {"compose.override.yaml", "services:\n  a:\n    user: v\n"}},
     "services.a.image",
     "compose.yaml:3"},
    {"what !override replaces",
     {{"compose.yaml", "services:\n  a:\n    image: x\n    dns: [\"1.1.1.1\"]\n"},
      {"compose.override.yaml", "services:\n  a:\n    dns: !override [\"2.2.2.2\"]\n"}},
     "services.a.dns[0]",
     "compose.override.yaml:3, overrides compose.yaml:4"},
    {"extends",
     {{"compose.yaml",
       "services:\n  a:\n    extends: b\n    user: u\n  b:\n    image: x\n    user: v\n"}},
     "services.a.image",
     "compose.yaml:6, extends b at compose.yaml:3"},
    {"extends, overridden",
     {{"compose.yaml",
       "services:\n  a:\n    extends: b\n    user: u\n  b:\n    image: x\n    user: v\n"}},
     "services.a.user",
     "compose.yaml:4, overrides compose.yaml:7"},
    {"extends twice, from another file",
     {{"compose.yaml", "services:\n  a:\n    extends: {file: base.yaml, service: b}\n"},
      {"base.yaml", "services:\n  b:\n    extends: c\n  c:\n    image: x\n"}},
     "services.a.image",
     "base.yaml:5, extends c at base.yaml:3, extends b at compose.yaml:3"},
    {"include",
     {{"compose.yaml", "include:\n  - more.yaml\nservices: {}\n"},
      {"more.yaml", "services:\n  a:\n    image: x\n"}},
     "services.a.image",
     "more.yaml:3, included at compose.yaml:2"},
    {"an item written as a pair",
     {{"compose.yaml", "services:\n  a:\n    image: x\n    environment: [\"A=1\", \"B=2\"]\n"},
      {"compose.override.yaml", "services:\n  a:\n    environment:\n      A: $SHELL_SET\n"}},
     "services.a.environment.A",
     "compose.override.yaml:4, SHELL_SET from the environment, overrides compose.yaml:4"},
};

}  // namespace

TEST_CASE("provenance is told in words") {
  for (const Case& each : kCases) {
    INFO(each.what);
    CHECK(words(each.files, each.path) == each.words);
  }
}

TEST_CASE("a value that many files override remembers the nearest of them") {
  io::MemoryFileSystem files;
  LoadOptions options{"/p", {}};
  for (int i = 0; i < 40; ++i) {
    options.files.push_back("/p/" + std::to_string(i) + ".yaml");
    files.write(options.files.back(), "services: {a: {image: x" + std::to_string(i) + "}}\n");
  }
  const Project project = *load(options, files);
  const Value* image = find(project.model, *parse_model_path("services.a.image"));
  REQUIRE(image);
  const std::vector<const Step*> steps = steps_of(*image);
  REQUIRE(steps.size() == 8);
  CHECK(Provenance(project).words(*steps.back()) == "overrides 38.yaml:1");
  CHECK(Provenance(project).words(*steps.front()) == "overrides 31.yaml:1");
}

TEST_CASE("model paths are read as they are written") {
  for (const char* text :
       {"", "services", "services.web.ports[0].target", "services.a.labels.\"com.x\"",
        "services.a.x[0][12]", "networks.a-b_c"}) {
    INFO(text);
    const std::optional<ModelPath> path = parse_model_path(text);
    REQUIRE(path);
    CHECK(to_string(*path) == text);
  }
  for (const char* text : {".", "a.", "a..b", "a[", "a[x]", "a[-1]", "\"a", "a b", "a[0]b"}) {
    INFO(text);
    CHECK_FALSE(parse_model_path(text));
  }
}

}  // namespace dockhand::compose::test
