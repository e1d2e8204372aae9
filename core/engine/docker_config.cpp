#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "engine/endpoint.h"
#include "engine/identity.h"
#include "engine/json.h"

namespace dockhand::engine {
namespace {

// Docker itself writes a few hundred bytes; credentials of many registries a few thousand.
constexpr std::size_t kMaxConfig = std::size_t{1} << 20;

std::string in_working_directory(const std::string& path, const io::Environment& environment) {
  return io::normalize_path(io::join_path(environment.get("PWD"), path));
}

std::string config_directory(const GlobalFlags& flags, const io::Environment& environment,
                             const io::FileSystem& files) {
  if (flags.config && !flags.config->empty()) {
    return in_working_directory(*flags.config, environment);
  }
  if (const std::string& directory = environment.get("DOCKER_CONFIG"); !directory.empty()) {
    return in_working_directory(directory, environment);
  }
  std::string home = environment.get("HOME");
  if (home.empty()) {
    const std::optional<Identity> self = this_process(files);
    if (self) home = home_directory(files, self->user);
  }
  return io::join_path(home.empty() ? "/" : home, ".docker");
}

Error problem(const std::string& path, const std::string& why) {
  return {"config-malformed", fmt::format("error parsing config file ({})", printable(path)), why,
          fmt::format("mend or move away {}", printable(path))};
}

// Docker reads the first JSON value of the file and does not look at what follows it.
std::string_view first_object(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && depth > 0 && --depth == 0) {
      return text.substr(0, i + 1);
    }
  }
  return text;
}

// A member of the wrong type leaves the rest of the file standing, and makes Docker warn: so does
// a value of `plugins.<name>` that is no string, whichever plugin it belongs to.
struct Complaint {
  std::optional<std::string> first;
  void add(const std::string& text) {
    if (!first) first = text;
  }
};

std::map<std::string, std::string> strings_of(const json::Value& object, const std::string& name,
                                              Complaint& complaint) {
  std::map<std::string, std::string> strings;
  if (object.is_null()) return strings;
  if (!object.is_object()) {
    complaint.add(fmt::format("`{}` is no object", printable(name)));
    return strings;
  }
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) {
      strings[key] = json::text(value);
    } else if (!value.is_null()) {
      complaint.add(fmt::format("`{}.{}` is no string", printable(name), printable(key)));
    }
  }
  return strings;
}

void read_plugins(const json::Value& plugins, DockerConfig& config, Complaint& complaint) {
  if (plugins.is_null()) return;
  if (!plugins.is_object()) return complaint.add("`plugins` is no object");
  for (const auto& [name, settings] : plugins.items()) {
    std::map<std::string, std::string> strings = strings_of(settings, "plugins." + name, complaint);
    if (name == "dockhand") config.plugin_settings = std::move(strings);
  }
}

void read_members(const json::Value& file, DockerConfig& config, Complaint& complaint) {
  const json::Value& context = json::member_any_case(file, "currentContext");
  if (!context.is_string() && !context.is_null()) complaint.add("`currentContext` is no string");
  config.current_context = json::text(context);
  config.http_headers =
      strings_of(json::member_any_case(file, "HttpHeaders"), "HttpHeaders", complaint);
  read_plugins(json::member_any_case(file, "plugins"), config, complaint);
}

}  // namespace

DockerConfig read_docker_config(const GlobalFlags& flags, const io::Environment& environment,
                                const io::FileSystem& files) {
  DockerConfig config;
  config.directory = config_directory(flags, environment, files);
  const std::string path = io::join_path(config.directory, "config.json");
  const Result<std::string> text = files.read(path, kMaxConfig);
  if (!text) {
    if (text.error().code != "file-missing") config.problem = problem(path, text.error().why);
    return config;
  }
  if (trim(*text).empty()) return config;
  const std::optional<json::Value> file = json::parse(first_object(*text));
  if (!file || !file->is_object()) {
    config.problem = problem(path, "the file is no JSON object");
    return config;
  }
  Complaint complaint;
  read_members(*file, config, complaint);
  if (complaint.first) config.problem = problem(path, *complaint.first);
  return config;
}

std::vector<std::string> GlobalFlags::argv() const {
  std::vector<std::string> argv;
  // In one word each: a value may be empty, or begin with a dash.
  const auto add = [&](std::string_view flag, const std::optional<std::string>& value) {
    if (value) argv.push_back(fmt::format("{}={}", flag, *value));
  };
  add("--config", config);
  add("--context", context);
  add("--host", host);
  if (debug) argv.emplace_back("--debug");
  add("--log-level", log_level);
  if (tls) argv.emplace_back("--tls");
  if (tls_verify) argv.emplace_back(*tls_verify ? "--tlsverify" : "--tlsverify=false");
  add("--tlscacert", tls_ca);
  add("--tlscert", tls_cert);
  add("--tlskey", tls_key);
  return argv;
}

}  // namespace dockhand::engine
