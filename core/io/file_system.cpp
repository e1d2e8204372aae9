#include "io/file_system.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "io/descriptor.h"

namespace dockhand::io {
namespace {

std::string code_of(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return "file-missing";
    case EACCES:
    case EPERM:
      return "file-denied";
    case EISDIR:
      return "file-is-directory";
    default:
      return "file-unreadable";
  }
}

Error failure(const std::string& verb, const std::string& path, int error) {
  return {code_of(error), "cannot " + verb + " " + path, system_reason(error)};
}

// The system would silently take such a path for the part in front of the NUL.
bool holds_nul(const std::string& path) { return path.find('\0') != std::string::npos; }

FileType type_of(const struct stat& status) {
  if (S_ISREG(status.st_mode)) return FileType::file;
  if (S_ISDIR(status.st_mode)) return FileType::directory;
  return S_ISSOCK(status.st_mode) ? FileType::socket : FileType::other;
}

Error too_large(const std::string& path, std::size_t max_bytes) {
  return {"file-too-large", "cannot read " + path,
          "it is larger than " + std::to_string(max_bytes) + " bytes"};
}

// Files of /proc say that they are empty, and others may grow meanwhile: what counts is what is
// read, up to one byte more than is allowed.
Result<std::string> read_all(int fd, const std::string& path, std::size_t expected,
                             std::size_t max_bytes) {
  constexpr std::size_t kStep = std::size_t{16} << 10;
  std::string content;
  for (;;) {
    const std::size_t before = content.size();
    if (before > max_bytes) return too_large(path, max_bytes);
    const std::size_t room = max_bytes - before;
    const std::size_t wanted = expected > before ? expected - before : kStep;
    content.resize(before + std::min(wanted, room) + 1);
    ssize_t count = 0;
    do {
      count = ::read(fd, content.data() + before, content.size() - before);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return failure("read", path, errno);
    content.resize(before + static_cast<std::size_t>(count));
    if (count == 0) return content;
  }
}

}  // namespace

Result<std::string> RealFileSystem::read(const std::string& path, std::size_t max_bytes) const {
  if (holds_nul(path)) return failure("read", path.substr(0, path.find('\0')), EINVAL);
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return failure("read", path, errno);
  // Not even opened: that alone may wake a writer or rewind a tape. Looked at again below, because
  // the path may name something else by then; O_NONBLOCK keeps that from hanging.
  if (S_ISDIR(status.st_mode)) return failure("read", path, EISDIR);
  const Error irregular{"file-unreadable", "cannot read " + path, "not a regular file"};
  if (!S_ISREG(status.st_mode)) return irregular;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file || fstat(file.get(), &status) != 0) return failure("read", path, errno);
  if (!S_ISREG(status.st_mode)) return irregular;
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > max_bytes) return too_large(path, max_bytes);
  return read_all(file.get(), path, static_cast<std::size_t>(size), max_bytes);
}

FileInfo RealFileSystem::info(const std::string& path) const {
  struct stat status {};
  if (holds_nul(path) || stat(path.c_str(), &status) != 0) return {};
  FileInfo info;
  info.type = type_of(status);
  info.size = static_cast<std::uint64_t>(status.st_size);
  info.modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  info.owner = status.st_uid;
  info.group = status.st_gid;
  info.mode = status.st_mode & 07777U;
  return info;
}

Result<std::vector<std::string>> RealFileSystem::list(const std::string& directory) const {
  if (holds_nul(directory))
    return failure("list", directory.substr(0, directory.find('\0')), EINVAL);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(opendir(directory.c_str()), closedir);
  if (!entries) return failure("list", directory, errno);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  if (errno != 0) return failure("list", directory, errno);
  std::sort(names.begin(), names.end());
  return names;
}

std::string RealFileSystem::real_path(const std::string& path) const {
  if (holds_nul(path)) return path;
  const std::unique_ptr<char, void (*)(void*)> resolved(realpath(path.c_str(), nullptr), std::free);
  return resolved ? std::string(resolved.get()) : path;
}

}  // namespace dockhand::io
