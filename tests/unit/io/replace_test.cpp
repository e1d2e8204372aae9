#include "io/replace.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "io/file_system.h"

namespace dockhand::io {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "replace-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()));
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string at(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& content) const {
    std::ofstream(at(name)) << content;
    return at(name);
  }

 private:
  std::string path_;
};

std::string content(const std::string& path) {
  return RealFileSystem().read(path, 1000).value_or("!");
}

}  // namespace

TEST_CASE("a file is replaced in one step, with its permissions and behind its link") {
  const Folder folder;
  const std::string file = folder.write("a", "old");
  REQUIRE(chmod(file.c_str(), 0640) == 0);
  REQUIRE(symlink("a", folder.at("link").c_str()) == 0);
  CHECK(replace_file(folder.at("link"), "new"));
  CHECK(content(file) == "new");
  CHECK(std::filesystem::is_symlink(folder.at("link")));
  CHECK(RealFileSystem().info(file).mode == 0640U);
  CHECK(RealFileSystem().list(folder.at("")).value_or({}) == std::vector<std::string>{"a", "link"});
}

TEST_CASE("what is no file stays as it is") {
  const Folder folder;
  CHECK(replace_file(folder.at("none"), "x").error().code == "file-missing");
  CHECK(replace_file(folder.at(""), "x").error().code == "file-is-directory");
  CHECK(replace_file("/dev/null", "x").error().code == "file-unwritable");
  CHECK(RealFileSystem().list(folder.at("")).value_or({"x"}).empty());
}

}  // namespace dockhand::io
