#include "lsp/protocol/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace dockhand::lsp {

bool Path::report(std::string_view problem) const {
  if (root_->problem_.empty()) root_->problem_ = fmt::format("at {}: {}", text(), problem);
  return false;
}

std::string Path::text() const {
  if (!above_) return std::string(root_->name_);
  const std::string above = above_->text();
  return name_.empty() ? fmt::format("{}[{}]", above, index_) : fmt::format("{}.{}", above, name_);
}

bool from_json(const json& value, bool& out, const Path& path) {
  if (!value.is_boolean()) return path.report("expected true or false");
  out = value.get<bool>();
  return true;
}

bool from_json(const json& value, int& out, const Path& path) {
  if (!value.is_number_integer()) return path.report("expected an integer");
  const auto number = value.get<std::int64_t>();
  if (number < INT32_MIN || number > INT32_MAX) return path.report("out of range");
  out = static_cast<int>(number);
  return true;
}

bool from_json(const json& value, std::uint32_t& out, const Path& path) {
  if (!value.is_number_integer()) return path.report("expected an integer");
  if (!value.is_number_unsigned() && value.get<std::int64_t>() < 0) {
    return path.report("expected no negative number");
  }
  out = static_cast<std::uint32_t>(std::min<std::uint64_t>(value.get<std::uint64_t>(), INT32_MAX));
  return true;
}

bool from_json(const json& value, std::string& out, const Path& path) {
  if (!value.is_string()) return path.report("expected a string");
  out = value.get_ref<const std::string&>();
  return true;
}

bool from_json(const json& value, json& out, const Path&) {
  out = value;
  return true;
}

ObjectReader::ObjectReader(const json& value, const Path& path) : path_(path) {
  if (value.is_object()) {
    object_ = &value;
  } else {
    path.report("expected an object");
  }
}

const json* ObjectReader::find(const char* name) const {
  const auto member = object_->find(name);
  return member == object_->end() ? nullptr : &*member;
}

const json* find_path(const json& value, std::string_view dotted) {
  const json* at = &value;
  for (const std::string_view name : split(dotted, '.')) {
    if (!at->is_object()) return nullptr;
    const auto member = at->find(std::string(name));
    if (member == at->end()) return nullptr;
    at = &*member;
  }
  return at;
}

bool flag_at(const json& value, std::string_view dotted) {
  const json* found = find_path(value, dotted);
  return found && found->is_boolean() && found->get<bool>();
}

}  // namespace dockhand::lsp
