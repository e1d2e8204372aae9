#include "engine/identity.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/text.h"

namespace dockhand::engine {
namespace {

constexpr std::size_t kMaxFile = std::size_t{4} << 20;

using Fields = std::vector<std::string>;

std::optional<std::uint32_t> number(std::string_view text) {
  const auto value = parse_integer(text);
  if (!value || *value < 0 || *value > UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

// The line of /etc/passwd or /etc/group (passwd(5), group(5)) with this number, or no fields.
Fields find_entry(const io::FileSystem& files, const std::string& path, std::uint32_t wanted) {
  const Result<std::string> text = files.read(path, kMaxFile);
  if (!text) return {};
  for (const std::string_view line : split_lines(*text)) {
    const std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() > 3 && number(fields[2]) == wanted) return {fields.begin(), fields.end()};
  }
  return {};
}

// The numbers after `name:` in a file of `name:<tab>numbers` lines.
std::vector<std::uint32_t> numbers_of(std::string_view status, std::string_view name) {
  std::vector<std::uint32_t> numbers;
  for (const std::string_view line : split_lines(status)) {
    if (line.substr(0, name.size()) != name) continue;
    std::string rest(line.substr(name.size()));
    std::replace(rest.begin(), rest.end(), '\t', ' ');
    for (const std::string_view word : split(rest, ' ')) {
      if (const auto value = number(word)) numbers.push_back(*value);
    }
    break;
  }
  return numbers;
}

}  // namespace

bool Identity::in_group(std::uint32_t group) const {
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

std::optional<Identity> this_process(const io::FileSystem& files) {
  const Result<std::string> status = files.read("/proc/self/status", kMaxFile);
  if (!status) return std::nullopt;
  // Real, effective, saved and file system ids, in this order (proc(5)).
  const std::vector<std::uint32_t> users = numbers_of(*status, "Uid:");
  const std::vector<std::uint32_t> groups = numbers_of(*status, "Gid:");
  if (users.size() < 2 || groups.size() < 2) return std::nullopt;
  Identity identity{.user = users[1], .groups = numbers_of(*status, "Groups:")};
  identity.groups.push_back(groups[1]);
  return identity;
}

std::string user_name(const io::FileSystem& files, std::uint32_t user) {
  const Fields fields = find_entry(files, "/etc/passwd", user);
  return fields.empty() ? std::to_string(user) : printable(fields[0]);
}

std::string group_name(const io::FileSystem& files, std::uint32_t group) {
  const Fields fields = find_entry(files, "/etc/group", group);
  return fields.empty() ? std::to_string(group) : printable(fields[0]);
}

bool listed_in_group(const io::FileSystem& files, std::uint32_t user, std::uint32_t group) {
  const Fields fields = find_entry(files, "/etc/group", group);
  if (fields.empty()) return false;
  const std::vector<std::string_view> members = split(fields[3], ',');
  return std::find(members.begin(), members.end(), user_name(files, user)) != members.end();
}

std::string home_directory(const io::FileSystem& files, std::uint32_t user) {
  constexpr std::size_t kHome = 5;
  const Fields fields = find_entry(files, "/etc/passwd", user);
  return fields.size() > kHome ? fields[kHome] : std::string();
}

}  // namespace dockhand::engine
