#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

// Compares with tests/unit/plugin/golden/<name>.txt. With UPDATE=1 in the environment the file is
// written instead: read the difference before you commit it.
inline void check_golden(const std::string& name, const std::string& text) {
  const std::string path =
      std::string(DOCKHAND_SOURCE_DIR) + "/tests/unit/plugin/golden/" + name + ".txt";
  if (std::getenv("UPDATE") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  std::stringstream expected;
  expected << file.rdbuf();
  INFO("golden file: ", path);
  CHECK(text == expected.str());
}
