#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The Compose file format: every key, what may stand there, and a sentence of help. Read from
// catalogue.yaml beside this header, which is compiled in; checking, completion and hover are all
// driven by it. Immutable; used by any thread.
namespace dockhand::spec {

// Kinds of values, as a set of bits: several may be allowed at one place.
enum class Kind : std::uint8_t {
  null = 1,
  boolean = 2,
  integer = 4,
  number = 8,  // Whole ones included.
  string = 16,
  list = 32,
  map = 64
};
using Kinds = std::uint8_t;
inline bool has(Kinds kinds, Kind kind) { return (kinds & static_cast<Kinds>(kind)) != 0; }

// What a text must look like, beyond being one.
enum class Format : std::uint8_t {
  none,
  boolean_text,    // Compose makes a boolean,
  integer_text,    // a whole number
  number_text,     // or a number of the text.
  duration,        // 1m30s
  size,            // 64m, 1.5gb
  permissions,     // An octal file mode.
  port_spec,       // The short form of `ports`.
  port_range,      // A port or a range of them: 8000-8010.
  expose_spec,     // The same with a protocol.
  volume_spec,     // The short form of `volumes`.
  device_spec,     // The short form of `devices`.
  name,            // Of a service, network, …: letters, digits, `._-`.
  container_name,  // What Docker calls containers.
  ip_address,      // IPv4 or IPv6, without brackets.
  not_blank,       // At least one character.
  pull_interval    // every_12h
};

// What becomes of a text that is none of the choices, or of an item that is in a list twice:
// Compose refuses the file, or takes it and somebody stumbles later, or it is as it should be.
enum class Others : std::uint8_t { refused, doubtful, fine };
enum class Duplicates : std::uint8_t { kept, dropped, refused };

// One of the texts that a place takes. One that ends in `:` stands for all that begin with it.
struct Choice {
  std::string value;
  std::string help;
};

struct Key;

// What may stand at one place. Pointers between shapes live as long as the catalogue: forever.
struct Shape {
  Kinds kinds = 0;
  Format format = Format::none;       // Of texts that are none of the choices.
  std::vector<Choice> choices;        // Completion offers them.
  Others others = Others::doubtful;   // And of numbers out of bounds.
  std::optional<double> least, most;  // Of numbers.
  std::vector<Key> keys;              // The known keys of a map, by name.
  Format names = Format::none;        // Of those other keys.
  const Shape* values = nullptr;      // Of what is under all other keys; null: there are none.
  const Shape* items = nullptr;       // Of a list.
  Duplicates duplicates = Duplicates::kept;
  bool extensions = false;  // `x-…` keys are allowed besides.
  bool demanding = false;   // Some keys are required.

  // The key of that name, or null.
  const Key* find(std::string_view name) const;
};

struct Key {
  std::string name;
  const Shape* shape = nullptr;
  std::string help;           // One sentence.
  std::string documentation;  // URL.
  std::string default_value;  // As one would write it; empty: none, or none that is fixed.
  std::string since;          // The Compose version that brought it; empty: not known, or always.
  std::string deprecated;     // What to do instead; empty when it is not.
  bool required = false;
};

// The top level of a Compose file.
const Shape& root();

// The key at a path of keys, where `*` or any name stands for a member of a map with free keys and
// a number for an item of a list: {"services", "web", "ports", "0", "target"}. Null when there is
// none, and for such members and items themselves.
const Key* find(const std::vector<std::string_view>& path);

}  // namespace dockhand::spec
