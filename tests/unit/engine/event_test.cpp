#include "engine/event.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace dockhand::engine {
namespace {

const std::string kDie =
    R"({"status":"die","id":"ab","from":"shop","Type":"container","Action":"die","Actor":{"ID":"ab",)"
    R"("Attributes":{"exitCode":"137","name":"we\"b}{\\","com.docker.compose.project":"shop"}},)"
    R"("scope":"local","time":1763717671,"timeNano":1763717671482915077})";
const std::string kHealth =
    R"({"Type":"container","Action":"health_status: unhealthy","Actor":{"ID":"cd"},"time":5})";

std::string shown(const std::vector<Event>& events) {
  std::string text;
  for (const Event& event : events) {
    text += fmt::format("{}/{}/{}/{} ", event.type, event.action, event.detail, event.id);
  }
  return text;
}

const std::string kBoth = "container/die//ab container/health_status/unhealthy/cd ";

}  // namespace

TEST_CASE("an event is read whole") {
  const auto event = parse_event(kDie);
  REQUIRE(event);
  CHECK(event->type == "container");
  CHECK(event->action == "die");
  CHECK(event->detail.empty());
  CHECK(event->id == "ab");
  CHECK(event->attributes.at("exitCode") == "137");
  CHECK(event->attributes.at("name") == "we\"b}{\\");
  CHECK(event->time.time_since_epoch().count() == 1763717671482915077);
}

TEST_CASE("an action is cut at its colon, and seconds stand in for nanoseconds") {
  const auto event = parse_event(kHealth);
  REQUIRE(event);
  CHECK(event->action == "health_status");
  CHECK(event->detail == "unhealthy");
  CHECK(event->time == Time(std::chrono::seconds(5)));
  const auto exec = parse_event(R"({"Type":"container","Action":"exec_start: sh -c 'a: b'"})");
  REQUIRE(exec);
  CHECK(exec->action == "exec_start");
  CHECK(exec->detail == "sh -c 'a: b'");
}

TEST_CASE("what is no event is none") {
  for (const char* text : {"", "{}", "[]", "{", R"({"message":"x"})", R"({"Type":"container"})",
                           R"({"Action":"die"})", R"({"Type":1,"Action":"die"})"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_event(text));
  }
}

TEST_CASE("odd members read as absent") {
  const auto event = parse_event(
      R"({"Type":"container","Action":"die","Actor":{"ID":5,"Attributes":{"a":1,"b":"c"}},)"
      R"("time":99999999999999999,"timeNano":"x"})");
  REQUIRE(event);
  CHECK(event->id.empty());
  CHECK(event->attributes == std::map<std::string, std::string>{{"b", "c"}});
  CHECK(event->time == Time{});
}

TEST_CASE("chunks may fall anywhere") {
  for (const std::string between : {"", "\n", "\r\n", "\x1e", "\n\x1e", " \t\n\n"}) {
    const std::string body = between + kDie + between + kHealth + between;
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
      EventReader reader;
      std::vector<Event> events = reader.feed(std::string_view(body).substr(0, cut));
      for (Event& event : reader.feed(std::string_view(body).substr(cut))) {
        events.push_back(std::move(event));
      }
      CAPTURE(cut);
      REQUIRE(shown(events) == kBoth);
      REQUIRE_FALSE(reader.astray());
    }
    EventReader reader;
    std::vector<Event> events;
    for (const char c : body) {
      for (Event& event : reader.feed(std::string_view(&c, 1))) events.push_back(std::move(event));
    }
    CHECK(shown(events) == kBoth);
    CHECK(reader.dropped() == 0);
  }
}

TEST_CASE("objects that are no events are dropped and counted") {
  EventReader reader;
  CHECK(shown(reader.feed("{}" + kDie + R"({"message":"}"})" + "\n{]" + kHealth)) == kBoth);
  CHECK(reader.dropped() == 3);
  CHECK_FALSE(reader.astray());
}

TEST_CASE("an event of exactly the greatest size is read, a longer one is dropped") {
  const std::string head = R"({"Type":"container","Action":"die","Actor":{"ID":"ab"},"x":")";
  const std::string tail = R"("})";
  for (const std::size_t extra : {std::size_t{0}, std::size_t{1}, EventReader::kMaxEvent}) {
    CAPTURE(extra);
    const std::size_t fill = EventReader::kMaxEvent - head.size() - tail.size() + extra;
    EventReader reader;
    std::vector<Event> events = reader.feed(head);
    const std::string block(4096, '{');  // Inside a string, where braces mean nothing.
    for (std::size_t left = fill; left > 0;) {
      const std::size_t size = std::min(left, block.size());
      CHECK(reader.feed(std::string_view(block).substr(0, size)).empty());
      left -= size;
    }
    events = reader.feed(tail + kHealth);
    CHECK(events.size() == (extra == 0 ? 2 : 1));
    CHECK(reader.dropped() == (extra == 0 ? 0 : 1));
    CHECK(events.back().id == "cd");
  }
}

TEST_CASE("a page instead of events is noticed, and does not stop the reader") {
  EventReader reader;
  CHECK(reader.feed("<html><body>It works!</body></html>\n").empty());
  CHECK(reader.astray());
  CHECK(shown(reader.feed(kDie + kHealth)) == kBoth);
}

TEST_CASE("nesting without end is bounded") {
  EventReader reader;
  const std::string block(1 << 16, '[');
  CHECK(reader.feed("{").empty());
  for (int i = 0; i < 64; ++i) CHECK(reader.feed(block).empty());
  CHECK(reader.dropped() == 0);
}

}  // namespace dockhand::engine
