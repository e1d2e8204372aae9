#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace dockhand {

enum class SettingKind { text, boolean, seconds, count };

// One row of the table of settings. Every setting that Dockhand has is a row; the verb `config`,
// the documentation and the readers below all come from it.
struct SettingRow {
  std::string_view name;  // `probe.interval`: in x-dev, in Docker's config.json and in editors.
  std::string_view environment;  // `DOCKHAND_HEALTH_POLL_INTERVAL_SECONDS`
  SettingKind kind;
  std::string_view default_value;
  std::string_view help;  // One sentence, for users.
};

std::span<const SettingRow> setting_rows();

// One place that settings may be given in. Layers are asked in order; the first that has the
// setting wins.
struct SettingLayer {
  std::string origin;  // For people: `environment`, `~/.docker/config.json`, `compose.yaml:3`.
  // The value under the row's spelling for this layer, or nothing.
  std::function<std::optional<std::string>(const SettingRow&)> find;
};

struct SettingValue {
  const SettingRow* row;
  std::string value;
  std::string origin;  // `default` when no layer had it.
};

// The settings in force, each with where it came from. Immutable.
class Settings {
 public:
  // Everything at its default.
  Settings();
  // Flags > environment > x-dev > Docker's config.json > defaults: the caller orders the layers so.
  // A value that does not fit its row's kind is skipped and named in problems().
  explicit Settings(const std::vector<SettingLayer>& layers);

  // `name` must be one of the table's; asking for another is a programming mistake and throws.
  const std::string& text(std::string_view name) const;
  bool flag(std::string_view name) const;
  Duration seconds(std::string_view name) const;
  int count(std::string_view name) const;

  const std::vector<SettingValue>& values() const { return values_; }
  const std::vector<Error>& problems() const { return problems_; }

 private:
  const SettingValue& find(std::string_view name) const;

  std::vector<SettingValue> values_;
  std::vector<Error> problems_;
};

}  // namespace dockhand
