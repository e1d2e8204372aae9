#include "base/settings.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>

namespace dockhand {
namespace {

using namespace std::chrono_literals;
using Values = std::map<std::string, std::string, std::less<>>;

SettingLayer environment_layer(Values values) {
  return {"environment",
          [values = std::move(values)](const SettingRow& row) -> std::optional<std::string> {
            const auto found = values.find(row.environment);
            return found == values.end() ? std::nullopt : std::optional(found->second);
          }};
}

SettingLayer file_layer(Values values) {
  return {"config.json",
          [values = std::move(values)](const SettingRow& row) -> std::optional<std::string> {
            const auto found = values.find(row.name);
            return found == values.end() ? std::nullopt : std::optional(found->second);
          }};
}

const SettingValue& value_of(const Settings& settings, std::string_view name) {
  for (const SettingValue& value : settings.values()) {
    if (value.row->name == name) return value;
  }
  throw std::out_of_range("no such row");
}

TEST_CASE("every row has a name, a variable and a sentence of its own, and a good default") {
  std::set<std::string_view> names, variables;
  for (const SettingRow& row : setting_rows()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    CHECK(variables.insert(row.environment).second);
    CHECK(row.environment.starts_with("DOCKHAND_"));
    CHECK(row.help.ends_with("."));
    // A default that did not fit its kind would be refused when somebody spells it out.
    const std::string text(row.default_value);
    const Settings spelt({file_layer({{std::string(row.name), text}})});
    CHECK(spelt.problems().empty());
    CHECK(value_of(spelt, row.name).origin == "config.json");
  }
}

TEST_CASE("without layers everything is at its default") {
  const Settings settings;
  CHECK(settings.problems().empty());
  CHECK(settings.values().size() == setting_rows().size());
  CHECK(settings.flag("probe.enabled"));
  CHECK(settings.seconds("probe.interval") == 5s);
  CHECK(settings.seconds("probe.timeout") == 2s);
  CHECK(settings.count("probe.concurrency") == 16);
  CHECK_FALSE(settings.flag("probe.foreign_hosts"));
  CHECK(settings.seconds("engine.timeout") == 10s);
  CHECK(settings.text("hints.parts") == "state,latency,url,used-by");
  CHECK(settings.text("color") == "auto");
  CHECK(value_of(settings, "color").origin == "default");
}

TEST_CASE("the first layer that has a setting wins") {
  const Settings settings({environment_layer({{"DOCKHAND_COLOR", "never"}}),
                           file_layer({{"color", "always"}, {"probe.interval", "0.5"}})});
  CHECK(settings.text("color") == "never");
  CHECK(value_of(settings, "color").origin == "environment");
  CHECK(settings.seconds("probe.interval") == 500ms);
  CHECK(value_of(settings, "probe.interval").origin == "config.json");
}

TEST_CASE("a value that does not fit is skipped and named") {
  const Settings settings({environment_layer({{"DOCKHAND_PROBE_CONCURRENCY", "many\x1b[0m"}}),
                           file_layer({{"probe.concurrency", "4"}})});
  CHECK(settings.count("probe.concurrency") == 4);
  REQUIRE(settings.problems().size() == 1);
  const Error& problem = settings.problems()[0];
  CHECK(problem.code == "setting-invalid");
  CHECK(problem.what == "cannot use the setting probe.concurrency of environment");
  CHECK(problem.why == "\"many\\x1b[0m\" is not a whole number from 1 to 1000000");
  CHECK(problem.fix == "set probe.concurrency to a whole number from 1 to 1000000, such as 16");
}

TEST_CASE("what fits a kind and what does not") {
  struct Case {
    std::string name, value;
    bool fits;
  };
  const std::vector<Case> cases = {
      {"probe.enabled", "true", true},      {"probe.enabled", "No", true},
      {"probe.enabled", " ON ", true},      {"probe.enabled", "0", true},
      {"probe.enabled", "2", false},        {"probe.enabled", "", false},
      {"probe.interval", "0.001", true},    {"probe.interval", "86400", true},
      {"probe.interval", "86400.1", false}, {"probe.interval", "0", false},
      {"probe.interval", "-1", false},      {"probe.interval", "5s", false},
      {"probe.interval", "inf", false},     {"probe.interval", "nan", false},
      {"probe.interval", "1e3", false},     {"probe.concurrency", "1", true},
      {"probe.concurrency", "0", false},    {"probe.concurrency", "1000001", false},
      {"probe.concurrency", "1.5", false},  {"color", "", true},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name);
    CAPTURE(each.value);
    const Settings settings({file_layer({{each.name, each.value}})});
    CHECK(settings.problems().empty() == each.fits);
  }
}

TEST_CASE("asking for a setting that does not exist is a programming mistake") {
  CHECK_THROWS_AS(Settings().text("no.such"), std::out_of_range);
}

}  // namespace
}  // namespace dockhand
