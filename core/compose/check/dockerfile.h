#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhand::check {

inline constexpr std::size_t kMaxDockerfileSize = std::size_t{1} << 20;

// The stages of a Dockerfile that `target` may name.
struct Stages {
  std::vector<std::string> names;  // In lower case: Docker does not tell cases apart.
  std::size_t count = 0;           // With those that have no name, which are known by number.

  bool has(std::string_view target) const;
};

// Every `FROM … AS name` of a Dockerfile; lines that a backslash (or what `# escape=` says) joins
// count as one. Nothing for a file whose `# syntax=` names another builder than Docker's own.
std::optional<Stages> read_stages(std::string_view dockerfile);

}  // namespace dockhand::check
