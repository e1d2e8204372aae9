#include <fmt/format.h>

#include <limits>

#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadHealthCheck = "compose-bad-health-check";

std::optional<Duration> read_duration(const Value* value) {
  return value ? parse_go_duration(value->text()) : std::nullopt;
}

std::vector<std::string> read_test(const Value& test, Report& report) {
  std::vector<std::string> words = read_strings(&test);
  if (words.empty() || words[0] == "CMD" || words[0] == "CMD-SHELL" || words[0] == "NONE")
    return words;
  report.error(kBadHealthCheck, test.origin,
               "the `test` of a health check begins with CMD, CMD-SHELL or NONE");
  return {};
}

}  // namespace

HealthCheck read_health_check(const Value& check, Report& report) {
  HealthCheck result;
  result.origin = check.origin;
  if (!check.map()) {
    report.warning(kBadHealthCheck, check.origin, "`healthcheck` is a mapping with a `test`");
    return result;
  }
  if (const Value* test = check.find("test")) result.test = read_test(*test, report);
  result.interval = read_duration(check.find("interval"));
  result.timeout = read_duration(check.find("timeout"));
  result.start_period = read_duration(check.find("start_period"));
  result.start_interval = read_duration(check.find("start_interval"));
  if (const Value* retries = check.find("retries"); retries && !retries->is_null()) {
    const std::optional<std::int64_t> number = to_integer(*retries);
    if (number && *number >= 0 && *number <= std::numeric_limits<int>::max()) {
      result.retries = static_cast<int>(*number);
    } else {
      report.error(kBadHealthCheck, retries->origin, "`retries` is a whole number, not below zero");
    }
  }
  const Value* disable = check.find("disable");
  result.disabled = (disable && to_boolean(*disable).value_or(false)) ||
                    (!result.test.empty() && result.test[0] == "NONE");
  return result;
}

}  // namespace dockhand::compose
