#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

// The compose files that tests cut, edit and compare: those in data/ and those of all stacks in
// tests/stacks, each with LF and with CRLF line ends.
namespace dockhand::yaml::test {

struct Stack {
  std::string name;
  std::string text;
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? "\r\n" : std::string(1, c);
  return out;
}

inline std::vector<Stack> stacks() {
  const std::filesystem::path root = std::filesystem::path(DOCKHAND_SOURCE_DIR) / "tests";
  std::vector<std::filesystem::path> paths;
  for (const char* folder : {"unit/yaml/data", "stacks"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string extension = file.path().extension().string();
      if (extension == ".yaml" || extension == ".yml") paths.push_back(file.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Stack> found;
  for (const std::filesystem::path& path : paths) {
    const std::string text = read_file(path);
    const std::string name = std::filesystem::relative(path, root).string();
    found.push_back({name, text});
    found.push_back({name + " with CRLF", with_crlf(text)});
  }
  return found;
}

}  // namespace dockhand::yaml::test
