#include <fmt/format.h>

#include <limits>

#include "base/text.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kBadHealthCheck = "compose-bad-health-check";

std::optional<Duration> read_duration(const Value* value, Report& report) {
  if (!value || value->is_null()) return std::nullopt;
  std::optional<Duration> duration = parse_go_duration(value->text());
  if (!duration) {
    report.warning(
        kBadHealthCheck, value->origin,
        fmt::format("`{}` is no duration; write 30s, 1m30s or 500ms", printable(value->text())));
  }
  return duration;
}

// A string runs in the container's shell; a list says itself how it runs.
std::vector<std::string> read_test(const Value& test, Report& report) {
  if (test.scalar()) return {"CMD-SHELL", std::string(test.text())};
  std::vector<std::string> words = read_strings(&test);
  if (words.empty() || words[0] == "CMD" || words[0] == "CMD-SHELL" || words[0] == "NONE")
    return words;
  report.warning(kBadHealthCheck, test.origin, "the list begins with CMD, CMD-SHELL or NONE");
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
  result.interval = read_duration(check.find("interval"), report);
  result.timeout = read_duration(check.find("timeout"), report);
  result.start_period = read_duration(check.find("start_period"), report);
  result.start_interval = read_duration(check.find("start_interval"), report);
  if (const Value* retries = check.find("retries"); retries && !retries->is_null()) {
    const std::optional<std::int64_t> number = to_integer(*retries);
    if (number && *number >= 0 && *number <= std::numeric_limits<int>::max()) {
      result.retries = static_cast<int>(*number);
    } else {
      report.warning(kBadHealthCheck, retries->origin, "`retries` is a whole number");
    }
  }
  const Value* disable = check.find("disable");
  result.disabled = (disable && to_boolean(*disable).value_or(false)) ||
                    (!result.test.empty() && result.test[0] == "NONE");
  return result;
}

}  // namespace dockhand::compose
