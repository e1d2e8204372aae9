#include "io/replace.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "io/descriptor.h"
#include "io/file_system.h"

namespace dockhand::io {
namespace {

Error failure(const std::string& path, int error) {
  std::string code = "file-unwritable";
  if (error == ENOENT || error == ENOTDIR) code = "file-missing";
  if (error == EACCES || error == EPERM || error == EROFS) code = "file-denied";
  if (error == EISDIR) code = "file-is-directory";
  return {std::move(code), "cannot write " + path, system_reason(error)};
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// Removes a half-written file unless it was put in place.
class Leftover {
 public:
  explicit Leftover(std::string path) : path_(std::move(path)) {}
  Leftover(const Leftover&) = delete;
  Leftover& operator=(const Leftover&) = delete;
  ~Leftover() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view content) {
  const std::string real = RealFileSystem().real_path(path);
  struct stat status {};
  if (stat(real.c_str(), &status) != 0) return failure(path, errno);
  if (S_ISDIR(status.st_mode)) return failure(path, EISDIR);
  if (!S_ISREG(status.st_mode)) {
    return Error{"file-unwritable", "cannot write " + path, "not a regular file"};
  }
  // A file that may not be written stays as it is, though its directory would let us replace it.
  if (access(real.c_str(), W_OK) != 0) return failure(path, errno);
  std::string name = join_path(parent_path(real), "." + base_name(real) + ".XXXXXX");
  Descriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (!file) return failure(path, errno);
  Leftover leftover(name);
  // Root may give a file away; to others it is theirs already, or becomes so.
  if (fchown(file.get(), status.st_uid, status.st_gid) != 0 && errno != EPERM) {
    return failure(path, errno);
  }
  if (fchmod(file.get(), status.st_mode & 07777U) != 0) return failure(path, errno);
  if (!write_all(file.get(), content) || fsync(file.get()) != 0) return failure(path, errno);
  if (rename(name.c_str(), real.c_str()) != 0) return failure(path, errno);
  leftover.keep();
  return {};
}

}  // namespace dockhand::io
