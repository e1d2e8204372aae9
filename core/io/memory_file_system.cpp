#include "io/file_system.h"

#include <set>

namespace dockhand::io {
namespace {

Error missing(const std::string& path) {
  return {"file-missing", "cannot read " + path, "no such file or directory"};
}

Error too_large(const std::string& path, std::size_t max_bytes) {
  return {"file-too-large", "cannot read " + path,
          "it is larger than " + std::to_string(max_bytes) + " bytes"};
}

// What every path inside the directory begins with.
std::string prefix_of(const std::string& directory) {
  return directory.ends_with('/') ? directory : directory + "/";
}

// The names directly inside the directory, of files and of the directories that they need.
template <class Files>
std::set<std::string> names_in(const Files& files, const std::string& directory) {
  const std::string prefix = prefix_of(directory);
  std::set<std::string> names;
  for (auto it = files.lower_bound(prefix); it != files.end() && it->first.starts_with(prefix);
       ++it) {
    names.insert(
        it->first.substr(prefix.size(), it->first.find('/', prefix.size()) - prefix.size()));
  }
  return names;
}

}  // namespace

void MemoryFileSystem::write(const std::string& path, std::string content) {
  const std::lock_guard lock(mutex_);
  files_.insert_or_assign(path, File{std::move(content), ++writes_});
}

void MemoryFileSystem::remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
}

std::vector<std::string> MemoryFileSystem::reads() const {
  const std::lock_guard lock(mutex_);
  return reads_;
}

Result<std::string> MemoryFileSystem::read(const std::string& path, std::size_t max_bytes) const {
  const std::lock_guard lock(mutex_);
  reads_.push_back(path);
  const auto found = files_.find(path);
  if (found != files_.end()) {
    if (found->second.content.size() > max_bytes) return too_large(path, max_bytes);
    return found->second.content;
  }
  if (names_in(files_, path).empty()) return missing(path);
  return Error{"file-is-directory", "cannot read " + path, "is a directory"};
}

FileInfo MemoryFileSystem::info(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  FileInfo info;
  if (found != files_.end()) {
    info.type = FileType::file;
    info.size = found->second.content.size();
    info.modified_ns = found->second.version;
    info.mode = 0644;
  } else if (path == "/" || !names_in(files_, path).empty()) {
    info.type = FileType::directory;
    info.mode = 0755;
  }
  return info;
}

Result<std::vector<std::string>> MemoryFileSystem::list(const std::string& directory) const {
  const std::lock_guard lock(mutex_);
  if (files_.contains(directory)) {
    return Error{"file-unreadable", "cannot list " + directory, "not a directory"};
  }
  const std::set<std::string> names = names_in(files_, directory);
  if (names.empty() && directory != "/") return missing(directory);
  return std::vector<std::string>(names.begin(), names.end());
}

void OverlayFileSystem::set(const std::string& path, std::string content) {
  const std::lock_guard lock(mutex_);
  files_.insert_or_assign(path, File{std::move(content), --versions_});
}

void OverlayFileSystem::clear(const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
}

Result<std::string> OverlayFileSystem::read(const std::string& path, std::size_t max_bytes) const {
  {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    if (found != files_.end()) {
      if (found->second.content.size() > max_bytes) return too_large(path, max_bytes);
      return found->second.content;
    }
  }
  return below_.read(path, max_bytes);
}

FileInfo OverlayFileSystem::info(const std::string& path) const {
  FileInfo info = below_.info(path);
  const std::lock_guard lock(mutex_);
  const auto found = files_.find(path);
  if (found == files_.end()) return info;
  info.type = FileType::file;
  info.size = found->second.content.size();
  info.modified_ns = found->second.version;
  return info;
}

Result<std::vector<std::string>> OverlayFileSystem::list(const std::string& directory) const {
  Result<std::vector<std::string>> saved = below_.list(directory);
  const std::lock_guard lock(mutex_);
  std::set<std::string> names = names_in(files_, directory);
  if (names.empty()) return saved;
  if (saved) names.insert(saved->begin(), saved->end());
  return std::vector<std::string>(names.begin(), names.end());
}

std::string OverlayFileSystem::real_path(const std::string& path) const {
  return below_.real_path(path);
}

}  // namespace dockhand::io
