#include "io/environment.h"

#include <unistd.h>

namespace dockhand::io {

Environment Environment::of_process() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) continue;
    // The first of two equal names is the one that getenv(3) gives.
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return Environment(std::move(variables));
}

const std::string& Environment::get(std::string_view name) const {
  static const std::string kUnset;
  const auto found = variables_.find(name);
  return found == variables_.end() ? kUnset : found->second;
}

}  // namespace dockhand::io
