#include "base/settings.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "base/text.h"

namespace dockhand {
namespace {

using enum SettingKind;

constexpr std::array<SettingRow, 9> kRows = {{
    {"probe.enabled", "DOCKHAND_PROBES", boolean, "true",
     "Ask services themselves how they are, besides what the Engine knows."},
    {"probe.interval", "DOCKHAND_HEALTH_POLL_INTERVAL_SECONDS", seconds, "5",
     "Time between two probes of a service that somebody looks at."},
    {"probe.timeout", "DOCKHAND_PROBE_TIMEOUT_SECONDS", seconds, "2",
     "How long a probe may take before it counts as failed."},
    {"probe.concurrency", "DOCKHAND_PROBE_CONCURRENCY", count, "16",
     "How many probes may be under way at once."},
    {"probe.foreign_hosts", "DOCKHAND_PROBE_FOREIGN_HOSTS", boolean, "false",
     "Let the editor probe URLs on hosts other than the Engine's."},
    {"engine.timeout", "DOCKHAND_ENGINE_TIMEOUT_SECONDS", seconds, "10",
     "How long the Engine may take to answer one call."},
    {"hints.parts", "DOCKHAND_HINTS", text, "state,latency,url,used-by",
     "The parts of an inlay hint, in their order."},
    {"check.severity", "DOCKHAND_CHECK_SEVERITY", text, "",
     "How severe findings of a code are, or off: latest-tag=off, unused-volume=warning."},
    {"color", "DOCKHAND_COLOR", text, "auto", "When to use colour: auto, always or never."},
}};

constexpr double kMostSeconds = 86'400;
constexpr long long kHighestCount = 1'000'000;

std::optional<bool> parse_flag(std::string_view value) {
  const std::string word = to_lower_ascii(value);
  if (word == "true" || word == "1" || word == "yes" || word == "on") return true;
  if (word == "false" || word == "0" || word == "no" || word == "off") return false;
  return std::nullopt;
}

// More than nothing and at most a day; fractions are allowed: `0.5`.
std::optional<Duration> parse_seconds(std::string_view value) {
  double number = 0;
  const char* const end = value.data() + value.size();
  const auto [stopped, failure] =
      std::from_chars(value.data(), end, number, std::chars_format::fixed);
  if (failure != std::errc() || stopped != end) return std::nullopt;
  if (!(number >= 0.001 && number <= kMostSeconds)) return std::nullopt;
  return Duration(std::llround(number * 1e9));
}

std::optional<int> parse_count(std::string_view value) {
  const std::optional<long long> number = parse_integer(value);
  if (!number || *number < 1 || *number > kHighestCount) return std::nullopt;
  return static_cast<int>(*number);
}

// What a value of this kind looks like, or empty when the value is one.
std::string_view what_is_wanted(SettingKind kind, std::string_view value) {
  switch (kind) {
    case text:
      return {};
    case boolean:
      return parse_flag(value) ? "" : "true or false";
    case seconds:
      return parse_seconds(value) ? "" : "a number of seconds from 0.001 to 86400";
    case count:
      return parse_count(value) ? "" : "a whole number from 1 to 1000000";
  }
  return {};
}

}  // namespace

std::span<const SettingRow> setting_rows() { return kRows; }

Settings::Settings() : Settings(std::vector<SettingLayer>{}) {}

Settings::Settings(const std::vector<SettingLayer>& layers) {
  for (const SettingRow& row : kRows) {
    SettingValue chosen{&row, std::string(row.default_value), "default"};
    for (const SettingLayer& layer : layers) {
      const std::optional<std::string> given = layer.find(row);
      if (!given) continue;
      const std::string value(trim(*given));
      const std::string_view wanted = what_is_wanted(row.kind, value);
      if (wanted.empty()) {
        chosen.value = value;
        chosen.origin = layer.origin;
        break;
      }
      problems_.push_back(
          {"setting-invalid",
           fmt::format("cannot use the setting {} of {}", row.name, layer.origin),
           fmt::format("\"{}\" is not {}", first_line(value, 60), wanted),
           fmt::format("set {} to {}, such as {}", row.name, wanted, row.default_value)});
    }
    values_.push_back(std::move(chosen));
  }
}

const SettingValue& Settings::find(std::string_view name) const {
  for (const SettingValue& value : values_) {
    if (value.row->name == name) return value;
  }
  throw std::out_of_range("no such setting: " + std::string(name));
}

const std::string& Settings::text(std::string_view name) const { return find(name).value; }

bool Settings::flag(std::string_view name) const { return parse_flag(find(name).value).value(); }

Duration Settings::seconds(std::string_view name) const {
  return parse_seconds(find(name).value).value();
}

int Settings::count(std::string_view name) const { return parse_count(find(name).value).value(); }

}  // namespace dockhand
