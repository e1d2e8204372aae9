#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "spec/catalogue.h"

// How catalogue.yaml is read; its head says what its words mean. For catalogue.cpp and the tests.
namespace dockhand::spec {

struct Catalogue {
  std::deque<Shape> shapes;  // All of them; they stay where they are.
  const Shape* root = nullptr;
  std::vector<std::string> problems;  // Mistakes of the catalogue itself, with their lines.
};

// Never fails: what cannot be read is named in `problems` and left out. `root` is never null.
Catalogue read_catalogue(std::string_view text);

// The bytes of catalogue.yaml.
std::string_view catalogue_text();

}  // namespace dockhand::spec
