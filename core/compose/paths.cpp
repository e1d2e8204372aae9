#include "compose/paths.h"

#include "base/text.h"

namespace dockhand::compose {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool is_separator(char c) { return c == '/' || c == '\\'; }

// `C:\a`, `C:/a` or `\\host\share`.
bool is_absolute_on_windows(std::string_view path) {
  if (path.size() >= 2 && is_separator(path[0]) && is_separator(path[1])) return true;
  return path.size() >= 3 && path[1] == ':' && is_separator(path[2]);
}

// True for what the builder fetches, and for the names of services and images.
bool is_other_context(std::string_view context) {
  return context.find("://") != std::string_view::npos || starts_with(context, "service:") ||
         is_remote(context);
}

// The path with its first symbolic link followed.
std::string follow_link(const std::string& path, const io::FileSystem& files) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    const std::string real = files.real_path(part);
    if (real != part) return end == std::string::npos ? real : real + path.substr(end);
    if (end == std::string::npos) return path;
  }
}

class PathResolver {
 public:
  explicit PathResolver(const PathScope& scope) : scope_(scope) {}

  void service(Value& service) {
    if (Value* build = service.find("build")) {
      resolve_context(build->find("context"));
      each(build->find("additional_contexts"), [&](Value& one) { resolve_context(&one); });
      each(build->find("ssh"), [&](Value& one) { resolve_foreign(&one); });
    }
    if (Value* extends = service.find("extends"); extends && extends->map()) {
      Value* file = extends->find("file");
      if (file && !is_remote(file->text())) resolve(file);
    }
    each(service.find("env_file"),
         [&](Value& one) { resolve(one.map() ? one.find("path") : &one); });
    each(service.find("label_file"), [&](Value& one) { resolve(&one); });
    each(service.find("volumes"), [&](Value& one) {
      const Value* type = one.find("type");
      if (type && type->text() == "bind") resolve_foreign(one.find("source"));
    });
    if (Value* develop = service.find("develop")) {
      each(develop->find("watch"), [&](Value& one) { resolve_watched(one.find("path")); });
    }
  }

  // What is mounted with `o: bind` is a path.
  void volume(Value& volume) {
    const Value* driver = volume.find("driver");
    Value* options = volume.find("driver_opts");
    if (!driver || driver->text() != "local" || !options) return;
    const Value* kind = options->find("o");
    if (kind && kind->text() == "bind") resolve_foreign(options->find("device"));
  }

  void file_object(Value& object) { resolve_foreign(object.find("file")); }

 private:
  template <class Visit>
  static void each(Value* value, Visit visit) {
    if (!value) return;
    if (Value::List* list = value->list()) {
      for (Value& item : *list) visit(item);
    } else if (Value::Map* map = value->map()) {
      for (Member& member : *map) visit(member.value);
    }
  }

  void resolve(Value* value) {
    Value::Scalar* scalar = value ? value->scalar() : nullptr;
    if (!scalar || scalar->text.empty()) return;
    scalar->text = resolve_path(scalar->text, scope_.directory, scope_.variables);
    scalar->quoted = true;
  }

  void resolve_context(Value* value) {
    if (value && !is_other_context(value->text())) resolve(value);
  }

  void resolve_foreign(Value* value) {
    Value::Scalar* scalar = value ? value->scalar() : nullptr;
    if (!scalar || is_absolute_on_windows(scalar->text)) return;
    scalar->text = resolve_path(scalar->text, scope_.directory, scope_.variables);
    scalar->quoted = true;
  }

  void resolve_watched(Value* value) {
    resolve(value);
    Value::Scalar* scalar = value ? value->scalar() : nullptr;
    if (scalar && starts_with(scalar->text, "/")) {
      scalar->text = follow_link(scalar->text, scope_.files);
    }
  }

  const PathScope& scope_;
};

template <class Visit>
void each_member(Value& model, std::string_view section, Visit visit) {
  Value* members = model.find(section);
  if (!members || !members->map()) return;
  for (Member& member : *members->map()) visit(member.value);
}

}  // namespace

bool is_remote(std::string_view path) {
  return path.find("://") != std::string_view::npos || starts_with(path, "git@") ||
         starts_with(path, "github.com/");
}

std::string resolve_path(std::string_view path, std::string_view directory,
                         const io::Environment& variables) {
  if (starts_with(path, "~")) {
    return io::normalize_path(variables.get("HOME") + "/" + std::string(path.substr(1)));
  }
  if (starts_with(path, "/")) return std::string(path);
  return io::normalize_path(io::join_path(directory, path));
}

void resolve_paths(Value& model, const PathScope& scope) {
  PathResolver resolver(scope);
  for (const std::string_view section : {"services", "jobs"}) {
    each_member(model, section, [&](Value& service) { resolver.service(service); });
  }
  each_member(model, "volumes", [&](Value& volume) { resolver.volume(volume); });
  for (const std::string_view section : {"secrets", "configs"}) {
    each_member(model, section, [&](Value& object) { resolver.file_object(object); });
  }
}

}  // namespace dockhand::compose
