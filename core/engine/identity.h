#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/file_system.h"

// Who this process is, in the words of the system's own files. They are read through FileSystem, so
// users and groups that live in a directory service only have their numbers as names.
namespace dockhand::engine {

struct Identity {
  std::uint32_t user = 0;             // Effective.
  std::vector<std::uint32_t> groups;  // Effective and supplementary.
  bool in_group(std::uint32_t group) const;
};

// From /proc/self/status; nothing where there is none.
std::optional<Identity> this_process(const io::FileSystem& files);

// The name, or the number itself.
std::string user_name(const io::FileSystem& files, std::uint32_t user);
std::string group_name(const io::FileSystem& files, std::uint32_t group);

// True when /etc/group lists this user there, whether or not the process has been given the group:
// who was added after logging in has to log in again.
bool listed_in_group(const io::FileSystem& files, std::uint32_t user, std::uint32_t group);

// From /etc/passwd, or empty.
std::string home_directory(const io::FileSystem& files, std::uint32_t user);

}  // namespace dockhand::engine
