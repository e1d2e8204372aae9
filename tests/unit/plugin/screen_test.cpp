#include "plugin/render/screen.h"

#include <doctest/doctest.h>

#include "actions/action.h"
#include "plugin/render/layout.h"
#include "plugin/render/progress.h"

using namespace dockhand;
using namespace dockhand::plugin::render;

namespace {

constexpr io::TerminalSize kSize{40, 5};

std::string update(const std::string& bytes) { return "\x1b[?2026h" + bytes + "\x1b[?2026l"; }

}  // namespace

TEST_CASE("only changed lines are written") {
  Screen screen;
  CHECK(screen.draw({"a", "b"}, kSize) ==
        update("\x1b[1;1Ha\x1b[K\x1b[2;1Hb\x1b[K\x1b[3;1H\x1b[J"));
  CHECK(screen.draw({"a", "b"}, kSize).empty());
  CHECK(screen.draw({"a", "c"}, kSize) == update("\x1b[2;1Hc\x1b[K"));
  CHECK(screen.draw({"a", "c", "d"}, kSize) == update("\x1b[3;1Hd\x1b[K"));
  CHECK(screen.draw({"a"}, kSize) == update("\x1b[2;1H\x1b[J"));
}

TEST_CASE("after a resize every line is written again") {
  Screen screen;
  screen.draw({"a", "b"}, kSize);
  screen.forget();
  CHECK(screen.draw({"a", "b"}, {20, 5}) ==
        update("\x1b[1;1Ha\x1b[K\x1b[2;1Hb\x1b[K\x1b[3;1H\x1b[J"));
}

TEST_CASE("lines beyond the terminal are counted") {
  Screen screen;
  const std::string bytes = screen.draw({"1", "2", "3", "4", "5", "6", "7"}, kSize);
  CHECK(bytes.find("... 3 more lines") != std::string::npos);
  CHECK(bytes.find("\x1b[6;1H") == std::string::npos);
}

TEST_CASE("leaving undoes entering") {
  const Screen screen;
  CHECK(screen.enter() == "\x1b[?1049h\x1b[?25l\x1b[?7l");
  CHECK(screen.leave() == "\x1b[?7h\x1b[?25h\x1b[?1049l");
}

TEST_CASE("a live region is rewritten where it stands, and taken away") {
  LiveRegion region;
  CHECK(region.clear().empty());
  CHECK(region.draw({"a", "b"}, kSize) == update("\ra\x1b[K\nb\x1b[K\n"));
  CHECK(region.draw({"a", "b"}, kSize).empty());
  CHECK(region.draw({"a", "c"}, kSize) == update("\x1b[2A\r\nc\x1b[K\n"));
  CHECK(region.draw({"a"}, kSize) == update("\x1b[2A\r\n\x1b[J"));
  CHECK(region.clear() == "\x1b[1A\r\x1b[J");
  CHECK(region.clear().empty());
}

TEST_CASE("progress keeps the last word on each resource, what is under way last") {
  Progress progress;
  const auto step = [](std::string resource, std::string status) {
    return actions::ActionProgress{std::move(resource), std::move(status), ""};
  };
  CHECK(progress.add(step("Container shop-db-1", "Starting")));
  CHECK_FALSE(progress.add(step("Container shop-db-1", "Starting")));
  CHECK_FALSE(progress.add(step("", "")));
  CHECK(progress.add(step("Container shop-web-1", "Created")));
  CHECK(progress.add(step("Network shop_default", "Error")));
  Style style;
  CHECK(joined_lines(progress.lines(style)) ==
        "●  shop-web-1             created\n"
        "✕  Network shop_default   error\n"
        "◐  shop-db-1              starting\n");
  CHECK(progress.add(step("Container shop-db-1", "Started")));
  CHECK(progress.lines(style).front() == "●  shop-db-1              started");
  CHECK(progress_line(step("Container shop-db-1", "Started"), style) == "shop-db-1: started");
  CHECK(progress_line({"", "", "something else"}, style) == "something else");
}

TEST_CASE("progress is bounded") {
  Progress progress;
  for (int i = 0; i < 1000; ++i) progress.add({"Container c" + std::to_string(i), "Started", ""});
  CHECK(progress.lines(Style{}).size() == Progress::kMost);
}
