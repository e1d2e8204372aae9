#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

// Reads JSON into structs and says where it did not fit. Each struct of types.h has a function
// `bool from_json(const json&, T&, const Path&)` made of an ObjectReader; the one for a vector, an
// optional and the scalars are here. Nothing throws.
namespace dockhand::lsp {

using nlohmann::json;

// Where in a JSON value the reader stands. Lives on the stack; points to the step above it.
class Path {
 public:
  // What the root of a reading collects: the first complaint, `at params.position.line: expected
  // …`.
  class Root {
   public:
    explicit Root(std::string_view name) : name_(name) {}
    const std::string& problem() const { return problem_; }

   private:
    friend class Path;
    std::string_view name_;
    std::string problem_;
  };

  explicit Path(Root& root) : root_(&root) {}
  Path member(std::string_view name) const { return Path(*this, name, 0); }
  Path item(std::size_t index) const { return Path(*this, {}, index); }

  // Records what is wrong here; false, so that a reader can return it.
  bool report(std::string_view problem) const;

 private:
  Path(const Path& above, std::string_view name, std::size_t index)
      : root_(above.root_), above_(&above), name_(name), index_(index) {}
  std::string text() const;

  Root* root_;
  const Path* above_ = nullptr;
  std::string_view name_;
  std::size_t index_ = 0;
};

bool from_json(const json& value, bool& out, const Path& path);
bool from_json(const json& value, int& out, const Path& path);
// LSP's uinteger: 0 to 2^31 - 1. Larger numbers, which clients do send for "the end", are clamped.
bool from_json(const json& value, std::uint32_t& out, const Path& path);
bool from_json(const json& value, std::string& out, const Path& path);
// Any JSON: what the server only hands back.
bool from_json(const json& value, json& out, const Path& path);

template <class T>
bool from_json(const json& value, std::vector<T>& out, const Path& path) {
  if (!value.is_array()) return path.report("expected an array");
  out.clear();
  out.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    T item{};
    if (!from_json(value[i], item, path.item(i))) return false;
    out.push_back(std::move(item));
  }
  return true;
}

// An optional that is null reads as absent.
template <class T>
bool from_json(const json& value, std::optional<T>& out, const Path& path) {
  if (value.is_null()) {
    out.reset();
    return true;
  }
  return from_json(value, out.emplace(), path);
}

// Reads the members of one object. Unknown members pass.
class ObjectReader {
 public:
  ObjectReader(const json& value, const Path& path);

  // False when `value` is no object: then every member fails, without further complaints.
  explicit operator bool() const { return object_ != nullptr; }

  template <class T>
  bool required(const char* name, T& out) const {
    if (!object_) return false;
    const json* member = find(name);
    if (!member) return path_.member(name).report("missing");
    return from_json(*member, out, path_.member(name));
  }

  // Leaves `out` as it is when the member is absent or null.
  template <class T>
  bool optional(const char* name, T& out) const {
    if (!object_) return false;
    const json* member = find(name);
    if (!member || member->is_null()) return true;
    return from_json(*member, out, path_.member(name));
  }

 private:
  const json* find(const char* name) const;

  const json* object_ = nullptr;
  const Path& path_;
};

// The value behind `a.b.c`, or null when any step is missing: for the client's capabilities, where
// every member is optional and a wrong type means "not supported".
const json* find_path(const json& value, std::string_view dotted);
// True when that value is `true`.
bool flag_at(const json& value, std::string_view dotted);

}  // namespace dockhand::lsp
