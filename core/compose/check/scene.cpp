#include "check/scene.h"

#include <algorithm>

#include "base/text.h"

namespace dockhand::check {

using compose::Origin;
using compose::Value;

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || c == '/';
}

// Where `part` stands in the text as a word of its own, or npos.
std::size_t find_word(std::string_view text, std::string_view part) {
  std::size_t at = text.find(part);
  while (at != std::string_view::npos) {
    const std::size_t end = at + part.size();
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(part.front());
    if (begins && (end == text.size() || !is_word(text[end]))) return at;
    at = text.find(part, at + 1);
  }
  return at;
}

// A file that is not here leaves names that cannot be known.
bool is_about_missing_file(const Finding& finding) {
  return finding.code == "compose-remote" || finding.code == "compose-file";
}

}  // namespace

Scene::Scene(compose::Project& project, const io::FileSystem& file_system, const Options& wishes)
    : project_(project), file_system_(file_system), wishes_(wishes), report_(project.files) {
  subjects_.reserve(project.services.size() + project.jobs.size());
  add_subjects("services", project.services);
  add_subjects("jobs", project.jobs);
  complete_ = std::none_of(project.files.begin(), project.files.end(), [](const auto& file) {
    return std::any_of(file.findings.begin(), file.findings.end(), is_about_missing_file);
  });
}

void Scene::add_subjects(std::string_view section, const std::vector<compose::Service>& services) {
  const Value* found = project_.model.find(section);
  const Value::Map* members = found ? found->map() : nullptr;
  for (std::size_t i = 0; members && i < services.size() && i < members->size(); ++i) {
    const compose::Service& service = services[i];
    const compose::Member& member = (*members)[i];
    if (member.key != service.name) continue;
    by_name_.emplace(service.name, subjects_.size());
    subjects_.push_back({&service, &member.value, section == "jobs"});
  }
}

const Subject* Scene::find(std::string_view service) const {
  const auto found = by_name_.find(service);
  return found == by_name_.end() ? nullptr : &subjects_[found->second];
}

std::string Scene::near(std::string_view name, const std::vector<std::string>& candidates) {
  comparisons_ += candidates.size();
  return comparisons_ > kMaxComparisons ? "" : nearest(name, candidates).value_or("");
}

std::string Scene::near_service(std::string_view name) {
  std::vector<std::string> names;
  for (const Subject& subject : subjects_) names.push_back(subject.service->name);
  return near(name, names);
}

void Scene::add(Severity severity, std::string_view code, Origin where, std::string message,
                std::vector<TextEdit> fix) {
  report_.add(where.file,
              {std::string(code), severity, where.range, std::move(message), std::move(fix)});
}

void Scene::add(std::string_view code, Origin where, std::string message,
                std::vector<TextEdit> fix) {
  const Code* row = find_code(code);
  add(row ? row->severity : Severity::warning, code, where, std::move(message), std::move(fix));
}

void Scene::error(std::string_view code, Origin where, std::string message,
                  std::vector<TextEdit> fix) {
  add(Severity::error, code, where, std::move(message), std::move(fix));
}

void Scene::warn(std::string_view code, Origin where, std::string message,
                 std::vector<TextEdit> fix) {
  add(Severity::warning, code, where, std::move(message), std::move(fix));
}

void Scene::refuse(const Subject& subject, std::string_view code, Origin where, std::string message,
                   std::vector<TextEdit> fix) {
  add(subject.service->enabled ? Severity::error : Severity::warning, code, where,
      std::move(message), std::move(fix));
}

const yaml::Tree* Scene::tree(const Origin& where) const {
  return where.file < project_.files.size() ? &project_.files[where.file].tree : nullptr;
}

std::string_view Scene::source(const Origin& where) const {
  const yaml::Tree* file = tree(where);
  if (!file || where.range.end > file->text().size()) return {};
  return std::string_view(file->text()).substr(where.range.begin, where.range.size());
}

bool Scene::is_written(const compose::Member& member) const {
  return source(member.key_origin).find(member.key) != std::string_view::npos;
}

Origin Scene::part(const Origin& where, std::string_view part) const {
  const std::string_view text = source(where);
  const std::size_t at = part.empty() ? std::string_view::npos : find_word(text, part);
  if (at == std::string_view::npos) return where;
  const auto begin = where.range.begin + static_cast<std::uint32_t>(at);
  return {where.file, {begin, begin + static_cast<std::uint32_t>(part.size())}};
}

std::vector<TextEdit> Scene::rename(const Origin& where, std::string_view part,
                                    const std::string& name) const {
  const Origin found = this->part(where, part);
  if (name.empty() || source(found) != part) return {};
  return {{found.range, name}};
}

const Value* find(const Value& from, std::string_view path) {
  const Value* at = &from;
  while (at) {
    const std::size_t dot = path.find('.');
    at = at->find(path.substr(0, dot));
    if (!at || at->is_null()) return nullptr;
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return at;
}

const compose::Member* given(const Value& from, std::string_view key) {
  const compose::Member* member = from.member(key);
  return member && !member->value.is_null() ? member : nullptr;
}

}  // namespace dockhand::check
