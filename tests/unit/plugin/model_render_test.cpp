#include "plugin/render/model.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "base/unicode.h"
#include "compose/loader.h"
#include "golden.h"
#include "io/file_system.h"
#include "plugin/render/layout.h"
#include "yaml/tree.h"

using namespace dockhand;
using namespace dockhand::plugin::render;

namespace {

compose::Project project() {
  io::MemoryFileSystem files;
  files.write("/shop/.env", "TAG=1.25\n");
  files.write("/shop/compose.yaml",
              "x-base: &base\n"
              "  image: nginx:${TAG}\n"
              "  restart: unless-stopped\n"
              "services:\n"
              "  web:\n"
              "    <<: *base\n"
              "    environment:\n"
              "      API_TOKEN: s3cret\n"
              "      EMPTY_SECRET: ''\n"
              "      DEBUG: 'true'\n"
              "      OLD: 'yes'\n"
              "      NOTE: \"two\\nlines # of text\"\n"
              "    labels: {}\n"
              "    stop_signal: ${SIGNAL:-SIGTERM}\n"
              "  worker:\n"
              "    extends: web\n"
              "    restart: 'no'\n");
  files.write("/shop/compose.override.yaml",
              "services:\n  web:\n    environment:\n      DEBUG: 'false'\n");
  return *compose::load({"/shop", {}}, files);
}

std::string shown(const compose::Project& project, const char* path, const Style& style,
                  Secrets secrets = Secrets::masked) {
  compose::Provenance provenance(project);
  const compose::Value* value = find(project.model, *compose::parse_model_path(path));
  REQUIRE(value);
  return joined_lines(model_lines(*value, provenance, style, secrets));
}

}  // namespace

TEST_CASE("the model with the provenance of each value") {
  check_golden("model", shown(project(), "services", Style{}));
}

TEST_CASE("a scalar alone is one line") {
  CHECK(shown(project(), "services.web.image", Style{}) ==
        "nginx:1.25  # compose.yaml:2, TAG from .env:1, << at compose.yaml:6\n");
}

TEST_CASE("secrets are shown when they are asked for") {
  const char* path = "services.web.environment.API_TOKEN";
  CHECK(shown(project(), "services.web.environment", Style{}).find("s3cret") == std::string::npos);
  CHECK(shown(project(), path, Style{}, Secrets::shown) == "s3cret  # compose.yaml:8\n");
}

TEST_CASE("on a terminal comments are cut, the YAML never is") {
  const compose::Project shop = project();
  Style narrow;
  for (int width = 20; width < 120; ++width) {
    narrow.width = width;
    const std::string text = shown(shop, "services", narrow);
    for (const std::string_view line : split_lines(text)) {
      const std::size_t comment = line.find("  # ");
      if (comment == std::string_view::npos) continue;
      CAPTURE(line);
      CHECK(display_width(line) <= static_cast<std::size_t>(width));
    }
  }
}

TEST_CASE("what is printed is YAML") {
  const std::string text = shown(project(), "services", Style{}, Secrets::shown);
  const yaml::Tree tree = yaml::Tree::parse(text);
  CHECK(tree.findings().empty());
  const yaml::Node environment = tree.documents().front().find("web").find("environment");
  CHECK(environment.find("NOTE").text() == "two\nlines # of text");
  CHECK(environment.find("OLD").style() == yaml::Style::double_quoted);
}
