#include "base/log.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dockhand {
namespace {

TEST_CASE("a logger writes what is at or above its threshold") {
  std::vector<std::string> lines;
  const Logger logger(LogLevel::info,
                      [&lines](LogLevel, std::string_view line) { lines.emplace_back(line); });
  CHECK(logger.wants(LogLevel::error));
  CHECK(logger.wants(LogLevel::info));
  CHECK_FALSE(logger.wants(LogLevel::debug));
  logger.write(LogLevel::debug, "no");
  logger.write(LogLevel::info, "yes");
  const Logger copy = logger;
  copy.write(LogLevel::error, "also");
  CHECK(lines == std::vector<std::string>{"yes", "also"});
}

TEST_CASE("a logger without a sink says nothing") {
  const Logger logger;
  CHECK_FALSE(logger.wants(LogLevel::error));
  logger.write(LogLevel::error, "nothing happens");
}

}  // namespace
}  // namespace dockhand
