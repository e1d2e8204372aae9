#include "plugin/output.h"

namespace dockhand::plugin {

void Output::write(std::string_view text) {
  if (failure_ || text.empty()) return;
  const Result<void> written = write_(text);
  if (!written) failure_ = written.error();
}

void Output::line(std::string_view text) { write(std::string(text) + "\n"); }

void Output::lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& each : lines) text += each + "\n";
  write(text);
}

}  // namespace dockhand::plugin
