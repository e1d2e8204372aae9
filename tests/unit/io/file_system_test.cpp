#include "io/file_system.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fstream>
#include <thread>

#include "io/environment.h"
#include "io/test_server.h"

namespace dockhand::io {
namespace {

using Names = std::vector<std::string>;

void write_file(const std::string& path, std::string_view content) {
  std::ofstream(path, std::ios::binary) << content;
}

std::string code_of(const Result<std::string>& result) { return result ? "" : result.error().code; }

TEST_CASE("a file is read whole, up to the bound") {
  const TempDirectory directory;
  const RealFileSystem files;
  std::string content = "a\0b\r\n";
  content.resize(100'000, 'x');
  write_file(directory / "file", content);
  write_file(directory / "empty", "");
  CHECK(files.read(directory / "file", content.size()).value_or("") == content);
  CHECK(files.read(directory / "file", std::size_t(-1)).value_or("") == content);
  CHECK(files.read(directory / "file", content.size() - 1).error().code == "file-too-large");
  CHECK(files.read(directory / "empty", 0).value_or("no") == "");
}

TEST_CASE("a file of /proc says that it is empty, and is read and bounded all the same") {
  const RealFileSystem files;
  CHECK(files.info("/proc/self/status").size == 0);
  const Result<std::string> status = files.read("/proc/self/status", 1 << 20);
  REQUIRE(status);
  CHECK(status->starts_with("Name:"));
  CHECK(code_of(files.read("/proc/self/status", 10)) == "file-too-large");
}

TEST_CASE("what cannot be read is told apart") {
  const TempDirectory directory;
  const RealFileSystem files;
  write_file(directory / "file", "x");
  REQUIRE(mkfifo((directory / "fifo").c_str(), 0600) == 0);
  REQUIRE(symlink("loop", (directory / "loop").c_str()) == 0);
  TestServer server(directory / "socket", [](const Peer&) {});
  struct Case {
    std::string path, code;
  };
  const std::vector<Case> cases = {
      {directory / "none", "file-missing"},
      {directory / "file/below", "file-missing"},
      {"", "file-missing"},
      {directory.path(), "file-is-directory"},
      {directory / "fifo", "file-unreadable"},
      {directory / "socket", "file-unreadable"},
      {directory / "loop", "file-unreadable"},
      {"/dev/zero", "file-unreadable"},
      {"/dev/tty", "file-unreadable"},
      {directory / "file" + std::string("\0x", 2), "file-unreadable"},
      {"/" + std::string(5000, 'x'), "file-unreadable"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.path);
    const Result<std::string> result = files.read(each.path, 1000);
    CHECK(code_of(result) == each.code);
    if (!result) CHECK_FALSE(result.error().why.empty());
  }
}

TEST_CASE("a file that this user may not read is denied") {
  const TempDirectory directory;
  write_file(directory / "secret", "x");
  REQUIRE(chmod((directory / "secret").c_str(), 0) == 0);
  REQUIRE(chmod(directory.path().c_str(), 0755) == 0);
  std::string code;
  // As root nothing is denied: this one thread becomes nobody, which the C library's function
  // would make of all of them.
  std::thread([&] {
    constexpr int kNobody = 65534;
    if (geteuid() == 0) syscall(SYS_setresuid, kNobody, kNobody, kNobody);
    code = code_of(RealFileSystem().read(directory / "secret", 10));
  }).join();
  CHECK(code == "file-denied");
}

TEST_CASE("information tells one version of a file from another") {
  const TempDirectory directory;
  const RealFileSystem files;
  write_file(directory / "file", "12345");
  REQUIRE(symlink("file", (directory / "link").c_str()) == 0);
  const FileInfo info = files.info(directory / "link");
  CHECK(info.type == FileType::file);
  CHECK(info.size == 5);
  CHECK(info.owner == geteuid());
  CHECK(info.modified_ns > 1'700'000'000'000'000'000);
  CHECK(files.is_directory(directory.path()));
  CHECK(files.info("/dev/null").type == FileType::other);
  CHECK(files.info(directory / "none").type == FileType::none);
  TestServer server(directory / "socket", [](const Peer&) {});
  CHECK(files.info(directory / "socket").type == FileType::socket);
}

TEST_CASE("directories are listed in order") {
  const TempDirectory directory;
  const RealFileSystem files;
  for (const char* const name : {"b", "a", ".c"}) write_file(directory / name, "");
  const Result<Names> names = files.list(directory.path());
  REQUIRE(names);
  CHECK(*names == Names{".c", "a", "b"});
  CHECK(files.list(directory / "none").error().code == "file-missing");
  CHECK(files.list(directory / "a").error().code == "file-missing");
}

TEST_CASE("real paths have no symbolic links") {
  const TempDirectory directory;
  const RealFileSystem files;
  write_file(directory / "file", "");
  REQUIRE(symlink(directory.path().c_str(), (directory / "link").c_str()) == 0);
  CHECK(files.real_path(directory / "link/file") == directory / "file");
  CHECK(files.real_path(directory / "none") == directory / "none");
}

TEST_CASE("files in memory have the directories that they need") {
  MemoryFileSystem files;
  files.write("/srv/app/compose.yaml", "services:");
  files.write("/srv/app/web/Dockerfile", "FROM scratch");
  files.write("/srv/application", "");
  CHECK(files.read("/srv/app/compose.yaml", 100).value_or("") == "services:");
  CHECK(files.read("/srv/app/compose.yaml", 3).error().code == "file-too-large");
  CHECK(files.read("/srv/app", 100).error().code == "file-is-directory");
  CHECK(files.read("/srv/app/none", 100).error().code == "file-missing");
  CHECK(files.reads() ==
        Names{"/srv/app/compose.yaml", "/srv/app/compose.yaml", "/srv/app", "/srv/app/none"});
  CHECK(files.is_file("/srv/app/compose.yaml"));
  CHECK(files.is_directory("/srv/app"));
  CHECK(files.is_directory("/"));
  CHECK(files.info("/srv/app/none").type == FileType::none);
  CHECK(files.list("/srv/app").value_or({}) == Names{"compose.yaml", "web"});
  CHECK(files.list("/srv").value_or({}) == Names{"app", "application"});
  CHECK(files.list("/").value_or({}) == Names{"srv"});
  CHECK(files.list("/none").error().code == "file-missing");
  CHECK(files.list("/srv/application").error().code == "file-unreadable");
  const std::int64_t before = files.info("/srv/app/compose.yaml").modified_ns;
  files.write("/srv/app/compose.yaml", "services:");
  CHECK(files.info("/srv/app/compose.yaml").modified_ns != before);
  files.remove("/srv/app/web/Dockerfile");
  CHECK_FALSE(files.is_directory("/srv/app/web"));
}

TEST_CASE("an overlay shows unsaved text in place of the file, and new files beside it") {
  MemoryFileSystem below;
  below.write("/a/saved", "old");
  OverlayFileSystem files(below);
  const FileInfo before = files.info("/a/saved");
  files.set("/a/saved", "new text");
  CHECK(files.read("/a/saved", 100).value_or("") == "new text");
  CHECK(files.read("/a/saved", 3).error().code == "file-too-large");
  CHECK(files.info("/a/saved").size == 8);
  CHECK(files.info("/a/saved").modified_ns != before.modified_ns);
  const std::int64_t first = files.info("/a/saved").modified_ns;
  files.set("/a/saved", "new text");
  CHECK(files.info("/a/saved").modified_ns != first);
  files.set("/a/unsaved", "x");
  files.set("/b/c/unsaved", "x");
  CHECK(files.list("/a").value_or({}) == Names{"saved", "unsaved"});
  CHECK(files.list("/b").value_or({}) == Names{"c"});
  CHECK(files.list("/none").error().code == "file-missing");
  CHECK(files.is_file("/b/c/unsaved"));
  files.clear("/a/saved");
  files.clear("/a/never-set");
  CHECK(files.read("/a/saved", 100).value_or("") == "old");
  CHECK(files.info("/a/saved").modified_ns == before.modified_ns);
  CHECK(files.real_path("/a/saved") == "/a/saved");
}

TEST_CASE("environments are values") {
  setenv("DOCKHAND_TEST_VARIABLE", "a=b", 1);
  Environment environment = Environment::of_process();
  unsetenv("DOCKHAND_TEST_VARIABLE");
  CHECK(environment.get("DOCKHAND_TEST_VARIABLE") == "a=b");
  CHECK(environment.has("DOCKHAND_TEST_VARIABLE"));
  environment.set("DOCKHAND_TEST_VARIABLE", "");
  CHECK(environment.has("DOCKHAND_TEST_VARIABLE"));
  environment.unset("DOCKHAND_TEST_VARIABLE");
  CHECK_FALSE(environment.has("DOCKHAND_TEST_VARIABLE"));
  CHECK(environment.get("DOCKHAND_TEST_VARIABLE").empty());
}

}  // namespace
}  // namespace dockhand::io
