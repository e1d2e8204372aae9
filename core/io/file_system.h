#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace dockhand::io {

enum class FileType { none, file, directory, socket, other };

// What tells one version of a file from another.
struct FileInfo {
  FileType type = FileType::none;  // Symbolic links are followed; none when nothing is there.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::uint32_t owner = 0, group = 0, mode = 0;
};

// Files and directories, as far as Dockhand reads them. Paths are absolute. Thread-safe.
// Only regular files are read: a FIFO or a device could block for ever, and is `file-unreadable`.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // The whole file. Errors: `file-missing`, `file-denied`, `file-is-directory`, `file-too-large`
  // (more than max_bytes), `file-unreadable` for the rest; `why` is the system's own reason.
  virtual Result<std::string> read(const std::string& path, std::size_t max_bytes) const = 0;

  // Type `none` for whatever cannot be looked at.
  virtual FileInfo info(const std::string& path) const = 0;

  // Names of a directory's entries, sorted, without `.` and `..`. Errors as for read().
  virtual Result<std::vector<std::string>> list(const std::string& directory) const = 0;

  // The path with symbolic links resolved; the path itself where that fails.
  virtual std::string real_path(const std::string& path) const = 0;

  bool is_file(const std::string& path) const { return info(path).type == FileType::file; }
  bool is_directory(const std::string& path) const {
    return info(path).type == FileType::directory;
  }
};

class RealFileSystem final : public FileSystem {
 public:
  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  FileInfo info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& directory) const override;
  std::string real_path(const std::string& path) const override;
};

// Files that exist only here, in directories that exist because of them: for tests, and recording
// what was read.
class MemoryFileSystem final : public FileSystem {
 public:
  void write(const std::string& path, std::string content);
  void remove(const std::string& path);
  std::vector<std::string> reads() const;  // Paths given to read(), in order.

  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  FileInfo info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& directory) const override;
  std::string real_path(const std::string& path) const override { return path; }

 private:
  struct File {
    std::string content;
    std::int64_t version;
  };
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  mutable std::vector<std::string> reads_;
  std::int64_t writes_ = 0;
};

// Another file system with some files' content replaced: the unsaved text of an editor's buffers.
// Nothing else in Dockhand knows that a file is unsaved. `below` must outlive it.
class OverlayFileSystem final : public FileSystem {
 public:
  explicit OverlayFileSystem(const FileSystem& below) : below_(below) {}
  void set(const std::string& path, std::string content);
  void clear(const std::string& path);

  Result<std::string> read(const std::string& path, std::size_t max_bytes) const override;
  FileInfo info(const std::string& path) const override;
  Result<std::vector<std::string>> list(const std::string& directory) const override;
  std::string real_path(const std::string& path) const override;

 private:
  struct File {
    std::string content;
    std::int64_t version;  // Negative, so that no file on a disk has the same.
  };
  const FileSystem& below_;
  mutable std::mutex mutex_;
  std::map<std::string, File> files_;
  std::int64_t versions_ = 0;
};

// Paths as text, without looking at the disk.
//
// An absolute path replaces the directory.
std::string join_path(std::string_view directory, std::string_view path);
// `.`, `..` and doubled slashes removed, and a slash at the end; a `..` that would leave a relative
// path stays. Nothing left is `.`.
std::string normalize_path(std::string_view path);
// `/` for the root and its children, `.` for a name alone.
std::string parent_path(std::string_view path);
// The last part, without a slash at the end; empty for the root.
std::string base_name(std::string_view path);

}  // namespace dockhand::io
