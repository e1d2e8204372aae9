#include "base/log.h"

namespace dockhand {

void Logger::write(LogLevel level, std::string_view line) const {
  if (wants(level)) sink_(level, line);
}

}  // namespace dockhand
