#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "io/file_system.h"

namespace dockhand::io {
namespace {

struct Joined {
  std::string directory, path, expected;
};

TEST_CASE("an absolute path replaces the directory, another is put behind it") {
  const std::vector<Joined> cases = {
      {"/srv/app", "compose.yaml", "/srv/app/compose.yaml"},
      {"/srv/app/", "compose.yaml", "/srv/app/compose.yaml"},
      {"/srv/app", "/etc/hosts", "/etc/hosts"},
      {"/srv/app", "../x", "/srv/app/../x"},
      {"/", "x", "/x"},
      {"", "x", "x"},
      {"/srv", "", "/srv"},
  };
  for (const Joined& each : cases) {
    CAPTURE(each.directory);
    CAPTURE(each.path);
    CHECK(join_path(each.directory, each.path) == each.expected);
  }
}

struct Path {
  std::string path, normal, parent, base;
};

TEST_CASE("paths are taken apart as text") {
  const std::vector<Path> cases = {
      {"/", "/", "/", ""},
      {"/a", "/a", "/", "a"},
      {"/a/", "/a", "/", "a"},
      {"/a/b", "/a/b", "/a", "b"},
      {"//a///b//", "/a/b", "//a", "b"},
      {"/a/./b/.", "/a/b", "/a/./b", "."},
      {"/a/b/../c", "/a/c", "/a/b/..", "c"},
      {"/../../a", "/a", "/../..", "a"},
      {"/a/../..", "/", "/a/..", ".."},
      {"a", "a", ".", "a"},
      {"a/..", ".", "a", ".."},
      {"../a", "../a", "..", "a"},
      {"../../a/../b", "../../b", "../../a/..", "b"},
      {"./a", "a", ".", "a"},
      {".", ".", ".", "."},
      {"", ".", ".", ""},
  };
  for (const Path& each : cases) {
    CAPTURE(each.path);
    CHECK(normalize_path(each.path) == each.normal);
    CHECK(parent_path(each.path) == each.parent);
    CHECK(base_name(each.path) == each.base);
  }
}

}  // namespace
}  // namespace dockhand::io
