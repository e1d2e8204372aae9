#include "plugin/commands/sources.h"

#include <cstdlib>

#include "compose/loader.h"

namespace dockhand::plugin {

Sources::Sources(const io::FileSystem& files, const Target& target, Time now)
    : files_(files), options_(target.options), project_(target.project) {
  // Its containers are watched under this name, whatever the files come to say.
  options_.project_name = target.name;
  remember(now);
}

std::shared_ptr<const compose::Project> Sources::reread(Time now) {
  if (!project_ || (!unsettled_ && stamps() == seen_)) return nullptr;
  Result<compose::Project> read = compose::load(options_, files_);
  // What was read last is better than nothing: an editor may have moved the file for a moment.
  if (read) project_ = std::make_shared<const compose::Project>(std::move(*read));
  remember(now);
  return read ? project_ : nullptr;
}

std::vector<std::int64_t> Sources::stamps() const {
  std::vector<std::int64_t> stamps;
  const auto add = [&](const std::string& path) {
    const io::FileInfo info = files_.info(path);
    stamps.push_back(static_cast<std::int64_t>(info.type));
    stamps.push_back(static_cast<std::int64_t>(info.size));
    stamps.push_back(info.modified_ns);
  };
  for (const compose::SourceFile& file : project_->files) add(file.path);
  for (const std::string& path : project_->file_paths) add(path);
  for (const std::string& path : options_.env_files) {
    add(io::join_path(options_.working_directory, path));
  }
  add(io::join_path(project_->directory, ".env"));
  add(project_->directory);
  return stamps;
}

// A change between the reading and this look is recent, so that the files are read once more.
void Sources::remember(Time now) {
  if (!project_) return;
  seen_ = stamps();
  const std::int64_t present = now.time_since_epoch().count();
  unsettled_ = false;
  for (std::size_t i = 2; i < seen_.size(); i += 3) {
    if (seen_[i] != 0 && std::abs(present - seen_[i]) < kSettling.count()) unsettled_ = true;
  }
}

}  // namespace dockhand::plugin
