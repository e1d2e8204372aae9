#pragma once

#include <map>
#include <string>
#include <string_view>

namespace dockhand::io {

// Environment variables as a value. Captured once in main and passed on, so that no other part
// reads the process's own.
class Environment {
 public:
  Environment() = default;
  explicit Environment(std::map<std::string, std::string, std::less<>> variables)
      : variables_(std::move(variables)) {}

  // The variables of this process.
  static Environment of_process();

  // The value, or empty when unset: what most of Docker's own rules ask.
  const std::string& get(std::string_view name) const;
  bool has(std::string_view name) const { return variables_.contains(name); }
  void set(const std::string& name, std::string value) { variables_[name] = std::move(value); }
  void unset(const std::string& name) { variables_.erase(name); }

  const std::map<std::string, std::string, std::less<>>& variables() const { return variables_; }

 private:
  std::map<std::string, std::string, std::less<>> variables_;
};

}  // namespace dockhand::io
