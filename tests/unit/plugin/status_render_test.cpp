#include "plugin/render/status.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "base/unicode.h"
#include "golden.h"
#include "plugin/render/layout.h"
#include "reports.h"

using namespace dockhand;
using namespace dockhand::plugin::render;

namespace {

Style terminal(int width) {
  Style style;
  style.width = width;
  return style;
}

std::string status(const Style& style, const StatusOptions& options = {}) {
  return joined_lines(status_lines(reports::shop(), options, style));
}

}  // namespace

TEST_CASE("the status of a stack, at many widths") {
  for (const int width : {60, 80, 100, 140}) {
    StatusOptions options;
    options.latency = true;
    options.next = "more:  docker compose logs --tail 20 payments";
    check_golden("status-" + std::to_string(width), status(terminal(width), options));
  }
}

TEST_CASE("the status in ASCII") {
  Style style = terminal(80);
  style.utf8 = false;
  const std::string text = status(style);
  check_golden("status-ascii", text);
}

TEST_CASE("the status in colour, with links") {
  Style style = terminal(100);
  style.colour = style.hyperlinks = true;
  check_golden("status-colour", status(style));
}

TEST_CASE("where the URL has no room the name leads there") {
  Style style = terminal(60);
  style.hyperlinks = true;
  const std::string text = status(style);
  CHECK(text.find("http://localhost:8080\x1b\\web") != std::string::npos);
}

TEST_CASE("a pipe gets one line for each service, none cut") {
  const std::string text = status(Style{});
  check_golden("status-pipe", text);
  CHECK(split_lines(text).size() == 1 + reports::shop().services.size());
}

TEST_CASE("no line is wider than the terminal") {
  for (int width = 30; width < 160; ++width) {
    for (const bool utf8 : {true, false}) {
      Style style = terminal(width);
      style.utf8 = utf8;
      for (const std::string& line : status_lines(reports::shop(), {{}, true, "more: x"}, style)) {
        CAPTURE(width);
        CAPTURE(line);
        CHECK(display_width(line) <= static_cast<std::size_t>(width));
      }
    }
  }
}

TEST_CASE("--no-trunc keeps every column and every word") {
  Style style = terminal(60);
  style.full = true;
  const std::string text = status(style);
  CHECK(text.find("http://localhost:8081/products") != std::string::npos);
  CHECK(text.find("…") == std::string::npos);
}

TEST_CASE("only the services that were asked for") {
  const std::string text = status(terminal(80), {{"db"}, false, ""});
  CHECK(text.find("postgres://") != std::string::npos);
  CHECK(text.find("payments") == std::string::npos);
}

TEST_CASE("a lost Engine is told above the table") {
  explain::ProjectReport project = reports::shop();
  project.notice = "the Docker Engine is not reachable; all of this is as it was 12s ago";
  check_golden("status-lost", joined_lines(status_lines(project, {}, terminal(80))));
}

TEST_CASE("many projects: a line each, and what is wrong") {
  explain::ProjectReport blog;
  blog.name = "blog";
  blog.files = "/srv/blog/compose.yaml";
  blog.summary = "1 service: ok";
  blog.services = {reports::good("ghost", "200 in 9 ms", "4w 2d", "http://localhost:2368")};
  explain::ProjectReport shop = reports::shop();
  shop.files = "/home/me/shop/compose.yaml + /home/me/shop/compose.override.yaml";
  check_golden("overview-140", joined_lines(overview_lines({blog, shop}, terminal(140))));
  check_golden("overview-80", joined_lines(overview_lines({blog, shop}, terminal(80))));
  check_golden("overview-pipe", joined_lines(overview_lines({blog, shop}, Style{})));
}
