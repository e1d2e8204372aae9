#include "compose/discovery.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "base/text.h"
#include "compose/render.h"

namespace dockhand::compose::test {
namespace {

constexpr std::string_view kCompose = "services: {a: {image: i}}";

// A file system with these files, all of them small Compose files unless they say otherwise.
struct Disk {
  Disk(std::initializer_list<std::pair<std::string, std::string>> list) {
    for (const auto& [path, content] : list) {
      system.write(path, content.empty() ? std::string(kCompose) : content);
    }
  }
  io::MemoryFileSystem system;
};

std::string found(const LoadOptions& options, const io::FileSystem& system) {
  const Discovery discovery = discover(options, system);
  return join(discovery.files, " ") + " in " + discovery.directory;
}

LoadOptions in(std::string directory) {
  LoadOptions options;
  options.working_directory = std::move(directory);
  return options;
}

}  // namespace

TEST_CASE("which files a directory means") {
  struct Case {
    std::vector<std::string> files;
    std::string_view from, found;
  };
  const Case cases[] = {
      {{"/p/compose.yaml"}, "/p", "/p/compose.yaml in /p"},
      {{"/p/compose.yaml"}, "/p/a/b", "/p/compose.yaml in /p"},
      {{"/compose.yml"}, "/p/a", "/compose.yml in /"},
      {{"/p/docker-compose.yaml", "/p/docker-compose.yml"}, "/p", "/p/docker-compose.yml in /p"},
      {{"/p/docker-compose.yml", "/p/compose.yml"}, "/p", "/p/compose.yml in /p"},
      {{"/p/compose.yml", "/p/compose.yaml"}, "/p", "/p/compose.yaml in /p"},
      {{"/p/compose.yaml", "/p/compose.override.yaml"},
       "/p",
       "/p/compose.yaml /p/compose.override.yaml in /p"},
      {{"/p/compose.yaml", "/p/compose.override.yaml", "/p/compose.override.yml"},
       "/p",
       "/p/compose.yaml /p/compose.override.yml in /p"},
      {{"/p/compose.yaml", "/p/docker-compose.override.yml"},
       "/p",
       "/p/compose.yaml /p/docker-compose.override.yml in /p"},
      {{"/compose.yaml", "/p/compose.override.yaml"}, "/p", "/compose.yaml in /"},
      {{"/p/other.yaml"}, "/p", " in /p"},
  };
  for (const Case& test : cases) {
    io::MemoryFileSystem system;
    for (const std::string& path : test.files) system.write(path, std::string(kCompose));
    CAPTURE(join(test.files, " "));
    CHECK(found(in(std::string(test.from)), system) == test.found);
  }
}

TEST_CASE("candidates that lost are named") {
  const Disk disk{{"/p/compose.yaml", ""}, {"/p/docker-compose.yml", ""}};
  const Discovery discovery = discover(in("/p"), disk.system);
  REQUIRE(discovery.warnings.size() == 1);
  CHECK(discovery.warnings[0] ==
        "/p/docker-compose.yml is not used, because there is compose.yaml");
}

TEST_CASE("files that are named") {
  const Disk disk{{"/p/compose.yaml", ""}, {"/p/compose.override.yaml", ""}, {"/p/x/a.yaml", ""}};
  LoadOptions options = in("/p");
  options.files = {"x/a.yaml", "/p/compose.yaml"};
  CHECK(found(options, disk.system) == "/p/x/a.yaml /p/compose.yaml in /p/x");
  options.project_directory = "..";
  CHECK(found(options, disk.system) == "/p/x/a.yaml /p/compose.yaml in /");
  options.files = {"-", "x/a.yaml"};
  options.project_directory = {};
  CHECK(found(options, disk.system) == "- /p/x/a.yaml in /p/x");
  options.files = {"-"};
  CHECK(found(options, disk.system) == "- in /p");
  options.files = {};
  options.environment.set("COMPOSE_FILE", "x/a.yaml:compose.yaml");
  CHECK(found(options, disk.system) == "/p/x/a.yaml /p/compose.yaml in /p/x");
  options.environment.set("COMPOSE_PATH_SEPARATOR", "::");
  options.environment.set("COMPOSE_FILE", "x/a.yaml::compose.yaml");
  CHECK(found(options, disk.system) == "/p/x/a.yaml /p/compose.yaml in /p/x");
  options.files = {"compose.yaml"};
  CHECK(found(options, disk.system) == "/p/compose.yaml in /p");
}

TEST_CASE("a project directory begins the search") {
  const Disk disk{{"/p/compose.yaml", ""}, {"/p/sub/compose.yaml", ""}, {"/p/sub/deep/x", ""}};
  LoadOptions options = in("/p");
  options.project_directory = "sub/deep";
  CHECK(found(options, disk.system) == "/p/sub/compose.yaml in /p/sub/deep");
}

TEST_CASE("variables: the process's, then .env here, then .env of the project") {
  const Disk disk{{"/p/.env", "COMPOSE_FILE=sub/c.yaml\nA=here\nB=here"},
                  {"/p/sub/c.yaml", ""},
                  {"/p/sub/.env", "B=there\nC=there\nD=$A"}};
  LoadOptions options = in("/p");
  options.environment.set("A", "process");
  const auto variables = [&] {
    const Result<Selection> selection = select(options, disk.system);
    REQUIRE(selection);
    const io::Environment& all = selection->variables;
    return fmt::format("{} {} {} {}", all.get("A"), all.get("B"), all.get("C"), all.get("D"));
  };
  CHECK(found(options, disk.system) == "/p/sub/c.yaml in /p/sub");
  CHECK(variables() == "process here there process");
  // With -f the first .env is the project's, and there is no second.
  options.files = {"sub/c.yaml"};
  CHECK(variables() == "process there there process");
  options.environment.set("COMPOSE_DISABLE_ENV_FILE", "1");
  CHECK(variables() == "process   ");
  options.environment.set("COMPOSE_DISABLE_ENV_FILE", "False");
  CHECK(variables() == "process there there process");
  options.environment.set("COMPOSE_DISABLE_ENV_FILE", "no");
  CHECK(select(options, disk.system).error().code == "compose-bad-setting");
  options.env_files = {"/dev/null"};  // Then nobody asks.
  CHECK(variables() == "process   ");
}

TEST_CASE("environment files that are named") {
  const Disk disk{{"/p/compose.yaml", ""},
                  {"/p/.env", "A=0\nZ=0"},
                  {"/p/a.env", "A=1\nB=$A"},
                  {"/p/b.env", "A=2\nC=$A"}};
  LoadOptions options = in("/p");
  options.env_files = {"a.env", "b.env"};
  const auto variables = [&] {
    const Result<Selection> selection = select(options, disk.system);
    REQUIRE(selection);
    const io::Environment& all = selection->variables;
    return fmt::format("{} {} {} {}", all.get("A"), all.get("B"), all.get("C"), all.get("Z"));
  };
  CHECK(variables() == "2 1 2 ");
  options.env_files = {};
  options.environment.set("COMPOSE_ENV_FILES", "a.env,,b.env");
  CHECK(variables() == "2 1 2 ");
  options.env_files = {"none.env"};
  const Result<Project> failed = load(options, disk.system);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "compose-no-file");
}

TEST_CASE("what a directory's name becomes") {
  struct Case {
    std::string_view text, name;
  };
  const Case cases[] = {
      {"shop", "shop"},     {"My Proj.1_x-", "myproj1_x-"},
      {"_-Ünï", "n"},       {"日本", ""},
      {"--a--", "a--"},     {"", ""},
      {"9lives", "9lives"},
  };
  for (const Case& test : cases) CHECK(normalize_project_name(test.text) == test.name);
}

TEST_CASE("the project's name") {
  struct Case {
    std::string_view text, name;
  };
  const Case cases[] = {
      {"services: {}", "p"},
      {"name: mine", "mine"},
      {"name: ${X:-x}-y", "x-y"},
      {"name: My.Name", "myname"},
      {"name: one\n---\nname: two", "two"},
      {"name: '!!'", "p"},
      {"--- compose.yaml\nname: a\n--- compose.override.yaml\nname: b", "b"},
      {"--- compose.yaml\nname: a\n--- .env\nCOMPOSE_PROJECT_NAME=c", "c"},
  };
  for (const Case& test : cases) {
    CAPTURE(test.text);
    CHECK(Files(test.text).load().name == test.name);
  }
  LoadOptions options = in_p();
  options.environment.set("COMPOSE_PROJECT_NAME", "env");
  CHECK(Files("name: a").load(options)->name == "env");
  options.project_name = "flag";
  CHECK(Files("name: a").load(options)->name == "flag");
  CHECK(Files("services: {a: {image: '${COMPOSE_PROJECT_NAME}'}}")
            .load(options)
            ->services.at(0)
            .image == "flag");
}

TEST_CASE("names that Compose refuses") {
  LoadOptions options = in_p();
  options.project_name = "Bad";
  Result<Project> failed = Files("name: a").load(options);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "compose-bad-name");
  CHECK(failed.error().fix == "use \"bad\" instead, with -p");

  options.project_name = {};
  options.environment.set("COMPOSE_PROJECT_NAME", "-x");
  failed = Files("name: a").load(options);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "compose-bad-name");

  const Disk disk{{"/日本/compose.yaml", ""}};
  failed = load(in("/日本"), disk.system);
  REQUIRE_FALSE(failed);
  CHECK(failed.error().code == "compose-bad-name");
}

TEST_CASE("no file, and files that cannot be read") {
  const Disk disk{{"/p/x", ""}, {"/p/dir/compose.yaml", ""}};
  LoadOptions options = in("/p");
  CHECK(load(options, disk.system).error().code == "compose-no-file");
  options.files = {"nope.yaml"};
  CHECK(load(options, disk.system).error().code == "compose-no-file");
  options.files = {"dir"};
  CHECK(load(options, disk.system).error().code == "compose-unreadable");
}

TEST_CASE("standard input is a file like others") {
  LoadOptions options = in_p();
  options.files = {"-"};
  options.standard_input = "services: {a: {image: '${V}'}}";
  const Result<Project> project = Files("--- .env\nV=1").load(options);
  REQUIRE(project);
  CHECK(render(*project) == "a image=1\n");
  CHECK(project->files.at(0).path == "-");
}

TEST_CASE("names of Compose files") {
  for (std::string_view name :
       {"compose.yaml", "compose.yml", "compose.override.yml", "docker-compose.yaml",
        "docker-compose.prod.yml", "compose-dev.yaml"}) {
    CAPTURE(name);
    CHECK(is_compose_file_name(name));
  }
  for (std::string_view name :
       {"compose", "compose.json", "my-compose.yaml", "values.yaml", ".yaml", ""}) {
    CAPTURE(name);
    CHECK_FALSE(is_compose_file_name(name));
  }
}

}  // namespace dockhand::compose::test
