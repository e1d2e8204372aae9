#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "check/check.h"
#include "compose/report.h"
#include "compose/value.h"

// What the families of rules look at, and where they put what they find. Made for one load() and
// handed from family to family; one thread.
namespace dockhand::check {

// A service or a job as it was read, and as it is written.
struct Subject {
  const compose::Service* service;
  const compose::Value* value;  // A map, unless the file says something else there.
  bool is_job = false;
};

// At most this many names are compared for "did you mean" in one check.
inline constexpr std::size_t kMaxComparisons = 200'000;

class Scene {
 public:
  // All of these must outlive the scene. Findings go to `project.files`, nothing else is changed.
  Scene(compose::Project& project, const io::FileSystem& file_system, const Options& wishes);

  const compose::Project& project() const { return project_; }
  const io::FileSystem& file_system() const { return file_system_; }
  const Options& wishes() const { return wishes_; }
  const std::vector<Subject>& subjects() const { return subjects_; }

  // The service of that name, else the job, or null.
  const Subject* find(std::string_view service) const;
  // nearest(), until kMaxComparisons candidates were looked at; empty when none is near.
  std::string near(std::string_view name, const std::vector<std::string>& candidates);
  std::string near_service(std::string_view name);

  // False when a file is missing here or lies on another machine: what seems undefined may be
  // defined there.
  bool complete() const { return complete_; }

  // A finding of the severity that its code has.
  void add(std::string_view code, compose::Origin where, std::string message,
           std::vector<TextEdit> fix = {});
  void error(std::string_view code, compose::Origin where, std::string message,
             std::vector<TextEdit> fix = {});
  void warn(std::string_view code, compose::Origin where, std::string message,
            std::vector<TextEdit> fix = {});
  // An error where Compose refuses the project for it: services whose profile is not active are not
  // looked at by Compose.
  void refuse(const Subject& subject, std::string_view code, compose::Origin where,
              std::string message, std::vector<TextEdit> fix = {});

  // The bytes of a value as the file holds them; empty when there is no such place.
  std::string_view source(const compose::Origin& where) const;
  // False for what no file says, but follows from what it says.
  bool is_written(const compose::Member& member) const;
  // The part of a value's bytes that says `part`, where the file holds it as it is; else the whole.
  compose::Origin part(const compose::Origin& where, std::string_view part) const;
  // An edit that puts `name` in the place of `part`, or none where the file does not hold it as it
  // is, or there is no name.
  std::vector<TextEdit> rename(const compose::Origin& where, std::string_view part,
                               const std::string& name) const;
  const yaml::Tree* tree(const compose::Origin& where) const;

 private:
  void add(Severity severity, std::string_view code, compose::Origin where, std::string message,
           std::vector<TextEdit> fix);

  void add_subjects(std::string_view section, const std::vector<compose::Service>& services);

  compose::Project& project_;
  const io::FileSystem& file_system_;
  const Options& wishes_;
  compose::Report report_;
  std::vector<Subject> subjects_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  bool complete_ = true;
  std::size_t comparisons_ = 0;
};

// The value under a path of keys, as in `deploy.resources.limits`, or under one key; null for none,
// and where null is written.
const compose::Value* find(const compose::Value& from, std::string_view path);

// The member under the key unless it is null, or null.
const compose::Member* given(const compose::Value& from, std::string_view key);

}  // namespace dockhand::check
