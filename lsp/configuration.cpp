#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "engine/endpoint.h"
#include "lsp/server.h"

namespace dockhand::lsp {
namespace {

std::optional<std::string> text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return value.dump();
  if (value.is_number()) return fmt::format("{}", value.get<double>());
  if (!value.is_array()) return std::nullopt;
  std::vector<std::string> words;
  for (const json& word : value) {
    if (word.is_string()) words.push_back(word.get<std::string>());
  }
  return join(words, ",");
}

SettingLayer json_layer(std::string origin, const json& settings) {
  return {std::move(origin), [&settings](const SettingRow& row) -> std::optional<std::string> {
            if (!settings.is_object()) return std::nullopt;
            if (const auto dotted = settings.find(std::string(row.name));
                dotted != settings.end()) {
              return text_of(*dotted);
            }
            const json* nested = find_path(settings, row.name);
            return nested ? text_of(*nested) : std::nullopt;
          }};
}

}  // namespace

Settings editor_settings(const json& later, const json& initial, const World& world) {
  const engine::DockerConfig config =
      engine::read_docker_config(world.flags, world.environment, *world.files);
  const SettingLayer environment{"environment",
                                 [&](const SettingRow& row) -> std::optional<std::string> {
                                   if (!world.environment.has(row.environment)) return std::nullopt;
                                   return world.environment.get(row.environment);
                                 }};
  const SettingLayer docker{"Docker's config.json",
                            [&](const SettingRow& row) -> std::optional<std::string> {
                              const auto found = config.plugin_settings.find(std::string(row.name));
                              if (found == config.plugin_settings.end()) return std::nullopt;
                              return found->second;
                            }};
  return Settings({json_layer("the editor's settings", later),
                   json_layer("the editor's initializationOptions", initial), environment, docker});
}

}  // namespace dockhand::lsp
