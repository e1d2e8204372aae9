#include "check/dockerfile.h"

#include <algorithm>

#include "base/text.h"

namespace dockhand::check {
namespace {

// What the comments at the head of a Dockerfile say to whoever reads it.
struct Directives {
  char escape = '\\';
  bool docker = true;
};

Directives read_directives(const std::vector<std::string_view>& lines) {
  Directives directives;
  for (std::string_view line : lines) {
    line = trim(line);
    const std::size_t equals = line.find('=');
    if (!line.starts_with('#') || equals == std::string_view::npos) break;
    const std::string key = to_lower_ascii(trim(line.substr(1, equals - 1)));
    const std::string_view value = trim(line.substr(equals + 1));
    if (key == "escape" && value == "`") directives.escape = '`';
    if (key == "syntax" && value.find("docker/dockerfile") == std::string_view::npos) {
      directives.docker = false;
    }
  }
  return directives;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  std::size_t at = 0;
  while ((at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

void read_instruction(std::string_view line, Stages& stages) {
  const std::vector<std::string_view> words = words_of(line);
  if (words.empty() || to_lower_ascii(words[0]) != "from") return;
  ++stages.count;
  if (words.size() >= 4 && to_lower_ascii(words[words.size() - 2]) == "as") {
    stages.names.push_back(to_lower_ascii(words.back()));
  }
}

}  // namespace

bool Stages::has(std::string_view target) const {
  const std::string name = to_lower_ascii(target);
  if (std::find(names.begin(), names.end(), name) != names.end()) return true;
  const std::optional<long long> number = parse_integer(target);
  return number && *number >= 0 && static_cast<std::size_t>(*number) < count;
}

std::optional<Stages> read_stages(std::string_view dockerfile) {
  const std::vector<std::string_view> lines = split_lines(dockerfile);
  const Directives directives = read_directives(lines);
  if (!directives.docker) return std::nullopt;
  Stages stages;
  std::string joined;
  for (std::string_view line : lines) {
    line = trim(line);
    if (line.starts_with('#')) continue;
    const bool goes_on = line.ends_with(directives.escape);
    if (goes_on) line.remove_suffix(1);
    joined += ' ';
    joined += line;
    if (goes_on) continue;
    read_instruction(joined, stages);
    joined.clear();
  }
  read_instruction(joined, stages);
  return stages;
}

}  // namespace dockhand::check
