#include "plugin/render/go_template.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "plugin/render/layout.h"

using namespace dockhand;
using namespace dockhand::plugin::render;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Json> kRows = {{{"Service", "web"},
                                  {"State", "running"},
                                  {"UsedBy", {"a", "b"}},
                                  {"ExitCode", nullptr},
                                  {"Restarts", 2}},
                                 {{"Service", "db"},
                                  {"State", "healthy"},
                                  {"UsedBy", Json::array()},
                                  {"ExitCode", 137},
                                  {"Restarts", 0}}};

// The lines, or the reason against the template.
std::string rendered(const std::string& text) {
  const Result<GoTemplate> made = GoTemplate::parse(text);
  if (!made) return "refused: " + made.error().why;
  const Result<std::vector<std::string>> lines = made->render(kRows);
  if (!lines) return "failed: " + lines.error().why;
  return joined_lines(*lines);
}

}  // namespace

TEST_CASE("what people write for docker ps works") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{{.Service}}", "web\ndb\n"},
      {"{{ .Service }}: {{.State}}", "web: running\ndb: healthy\n"},
      {"{{.service}}", "web\ndb\n"},
      {"{{.exit_code}}", "\n137\n"},
      {"{{.Service}}\\t{{.State}}", "web\trunning\ndb\thealthy\n"},
      {"{{upper .Service}}", "WEB\nDB\n"},
      {"{{.Service | upper | lower}}", "web\ndb\n"},
      {"{{json .UsedBy}}", "[\"a\",\"b\"]\n[]\n"},
      {"{{.UsedBy}}", "[a b]\n[]\n"},
      {"{{join .UsedBy \", \"}}", "a, b\n\n"},
      {"{{.UsedBy | join \"+\"}}", "a+b\n\n"},
      {"{{len .UsedBy}}", "2\n0\n"},
      {"{{print .Service \" \" .Restarts}}", "web 2\ndb 0\n"},
      {"a {{- .Service -}} b", "awebb\nadbb\n"},
      {"{{json .}}",
       "{\"Service\":\"web\",\"State\":\"running\",\"UsedBy\":[\"a\",\"b\"],\"ExitCode\":null,"
       "\"Restarts\":2}\n"
       "{\"Service\":\"db\",\"State\":\"healthy\",\"UsedBy\":[],\"ExitCode\":137,\"Restarts\":0}"
       "\n"},
      {"table {{.Service}}\\t{{.State}}",
       "SERVICE   STATE\nweb       running\ndb        healthy\n"},
      {"plain", "plain\nplain\n"},
      {"", "\n\n"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first);
    CHECK(rendered(row.first) == row.second);
  }
}

TEST_CASE("the rest of Go's templates is refused in words") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"{{.Service", "refused: an action begun with {{ is not ended with }}"},
      {"{{}}", "refused: an action is empty"},
      {"{{if .Service}}x{{end}}",
       "refused: `if` is not understood; there are fields such as {{.Service}} and the functions "
       "json, upper, "
       "lower, join, len, print, println"},
      {"{{json}}", "refused: json needs a value: {{json .}}"},
      {"{{.Service | .State}}",
       "refused: behind | must come a function: json, upper, lower, join, len, print, println"},
      {"{{.Service .State}}", "refused: `.Service` is no function and takes no arguments"},
      {"{{upper x}}", "refused: `x` is neither a field nor a quoted text"},
      {"{{print \"x}}", "refused: a quoted text is not ended"},
      {"table", "refused: behind `table` the columns are missing"},
      {"{{.Nosuch}}",
       "failed: there is no field .Nosuch; there are .Service, .State, .UsedBy, .ExitCode, "
       ".Restarts"},
      {"{{.Service.Name}}", "failed: .Service.Name has no field .Name"},
      {"{{join .Service}}", "failed: join wants a list and a separator: {{join .UsedBy \", \"}}"},
      {std::string(70000, 'x'), "refused: it is longer than 64 KiB"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.first.substr(0, 60));
    CHECK(rendered(row.first) == row.second);
  }
}
