#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "invariants.h"
#include "yaml/tree.h"

// Any bytes give a tree whose parts nest, and an edit gives the tree that parsing the edited text
// gives. The first four bytes choose the edit: where, how much goes, and how much of the text
// behind them comes in its place.
namespace {

using dockhand::yaml::Edit;
using dockhand::yaml::Tree;
namespace test = dockhand::yaml::test;

void fail(std::string_view what) {
  fmt::print(stderr, "{}\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kHeader = 4;
  if (size < kHeader) return 0;
  const std::string all(reinterpret_cast<const char*>(data) + kHeader, size - kHeader);
  const std::size_t inserted = std::min<std::size_t>(data[3] % 16, all.size());
  const std::string text = all.substr(inserted);
  const Tree tree = Tree::parse(text);
  if (const test::Invariants invariants(tree); !invariants.what().empty()) {
    fail(invariants.what());
  }
  const auto begin = static_cast<std::uint32_t>((data[0] * 256U + data[1]) % (text.size() + 1));
  const std::uint32_t end = begin + data[2] % 16;
  const Edit edit{{begin, end}, std::string_view(all).substr(0, inserted)};
  const Tree edited = tree.edit(edit);
  if (test::dump(edited) != test::dump(Tree::parse(edited.text()))) {
    fail("an edited tree differs from the tree of the edited text");
  }
  if (const test::Invariants invariants(edited); !invariants.what().empty()) {
    fail(invariants.what());
  }
  for (std::uint32_t i = 0; i < text.size(); i += 7) static_cast<void>(tree.at(i));
  return 0;
}
