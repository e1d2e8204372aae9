#include "compose/canonical/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/clock.h"
#include "base/text.h"
#include "compose/canonical/placed.h"
#include "compose/canonical/shape.h"
#include "compose/canonical/units.h"
#include "compose/scalar.h"
#include "compose/service_reader.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kExtensions = "#extensions";

// Go's text of any value: `map[a:1 b:[x y]]`.
std::string go_text(const Value& value) {
  if (value.scalar()) return to_text(value);
  std::vector<std::string> parts;
  if (const Value::List* list = value.list()) {
    for (const Value& item : *list) parts.push_back(go_text(item));
    return "[" + join(parts, " ") + "]";
  }
  if (const Value::Map* map = value.map()) {
    std::vector<const Member*> members;
    for (const Member& member : *map) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    for (const Member* member : members) {
      parts.push_back(member->key + ":" + go_text(member->value));
    }
    return "map[" + join(parts, " ") + "]";
  }
  return "<nil>";
}

class Caster {
 public:
  explicit Caster(Report& report) : report_(report) {}

  void cast(Value& value, const Shape& shape) {
    if (value.is_null()) return;
    switch (shape.kind) {
      case Kind::text:
        return text(value);
      case Kind::integer:
        return integer(value);
      case Kind::number:
        return number(value);
      case Kind::boolean:
        return boolean(value);
      case Kind::bytes:
        return bytes(value);
      case Kind::duration:
        return duration(value);
      case Kind::count:
        return count(value);
      case Kind::mode:
        return mode(value);
      case Kind::texts:
        return texts(value);
      case Kind::words:
        return words(value);
      case Kind::test:
        return test(value);
      case Kind::pairs:
        return pairs(value, true);
      case Kind::nullable_pairs:
        return pairs(value, false);
      case Kind::many_pairs:
        return many_pairs(value);
      case Kind::hosts:
        return hosts(value);
      case Kind::ssh:
        return ssh(value);
      case Kind::limit:
        return value.scalar() ? integer(value) : below(value, shape);
      case Kind::files:
      case Kind::object:
      case Kind::list:
      case Kind::map:
        return below(value, shape);
    }
  }

 private:
  // `what` is what the member takes.
  void bad(const Value& value, std::string_view what) {
    report_.error(
        "compose-bad-value", value.origin,
        fmt::format("`{}` takes {}, not `{}`", printable(key_), what, printable(go_text(value))));
  }

  void below(Value& value, const Shape& shape) {
    if (Value::Map* map = value.map()) {
      for (Member& member : *map) {
        key_ = member.key;
        if (const Shape* found = shape_of_member(shape, member.key)) cast(member.value, *found);
      }
    } else if (Value::List* list = value.list(); list && shape.of) {
      for (Value& item : *list) cast(item, *shape.of);
    }
  }

  static void set(Value& value, std::string text, bool quoted) {
    *value.scalar() = {std::move(text), quoted};
  }

  void text(Value& value) {
    Value::Scalar* scalar = value.scalar();
    if (!scalar || scalar->quoted) return;
    set(value, to_text(value), true);
  }

  void integer(Value& value) {
    if (!value.scalar()) return;
    if (const std::optional<std::int64_t> whole = to_integer(value)) {
      return set(value, std::to_string(*whole), false);
    }
    const Typed typed = resolve(*value.scalar());
    if (const double* fraction = std::get_if<double>(&typed);
        fraction && std::abs(*fraction) < 9.2e18) {
      return set(value, std::to_string(static_cast<std::int64_t>(*fraction)), false);
    }
    if (std::holds_alternative<std::uint64_t>(typed)) return;
    bad(value, "a whole number");
  }

  void number(Value& value) {
    if (!value.scalar()) return;
    Typed typed = resolve(*value.scalar());
    if (std::holds_alternative<std::string_view>(typed)) {
      typed = resolve_plain(trim(value.text()) == value.text() ? value.text() : "x");
    }
    double found = 0;
    if (const double* fraction = std::get_if<double>(&typed)) {
      found = *fraction;
    } else if (const auto* whole = std::get_if<std::int64_t>(&typed)) {
      found = static_cast<double>(*whole);
    } else {
      return bad(value, "a number");
    }
    set(value, to_go_text(static_cast<float>(found)), false);
  }

  void boolean(Value& value) {
    if (!value.scalar()) return;
    const std::optional<bool> found = to_boolean(value);
    if (!found) {
      return bad(value, "true or false");
    }
    set(value, *found ? "true" : "false", false);
  }

  void bytes(Value& value) {
    if (!value.scalar()) return;
    const Typed typed = resolve(*value.scalar());
    std::optional<std::int64_t> found;
    if (const auto* whole = std::get_if<std::int64_t>(&typed)) {
      found = *whole;
    } else if (std::holds_alternative<std::string_view>(typed)) {
      found = parse_bytes(value.text());
    } else if (std::holds_alternative<double>(typed)) {
      // As Compose has it: a fraction without a unit is nothing.
      value = implied_string(value, "0");
      return;
    }
    if (!found) {
      return bad(value, "a size, such as 512m, 1.5g or a number of bytes");
    }
    set(value, std::to_string(*found), true);
  }

  void duration(Value& value) {
    if (!value.scalar()) return;
    const std::string written = to_text(value);
    const bool negative = written.starts_with('-');
    const bool sign = negative || written.starts_with('+');
    const std::optional<Duration> found = parse_go_duration(written.substr(sign ? 1 : 0));
    if (!found) {
      return bad(value, "a duration, such as 30s, 1m30s or 500ms");
    }
    set(value, to_go_text(negative ? -*found : *found), true);
  }

  void count(Value& value) {
    if (!value.scalar()) return;
    if (to_lower_ascii(value.text()) == "all") return set(value, "-1", false);
    if (const std::optional<std::int64_t> whole = to_integer(value)) {
      return set(value, std::to_string(*whole), false);
    }
    bad(value, "`all` or a whole number");
  }

  void mode(Value& value) {
    const Value::Scalar* scalar = value.scalar();
    if (!scalar) return;
    std::int64_t bits = 0;
    const Typed typed = resolve(*scalar);
    if (const auto* whole = std::get_if<std::int64_t>(&typed)) {
      bits = *whole;
    } else {
      const std::string& digits = scalar->text;
      const bool octal = !digits.empty() && digits.size() <= 20 &&
                         digits.find_first_not_of("01234567") == std::string::npos;
      if (!octal) {
        return bad(value, "the mode of a file, such as \"0440\"");
      }
      for (const char digit : digits) bits = bits * 8 + (digit - '0');
    }
    set(value, fmt::format("0{:o}", bits), true);
  }

  void texts(Value& value) {
    if (value.scalar()) {
      Value item = value;
      text(item);
      Value::List list;
      list.push_back(std::move(item));
      value.data = std::move(list);
      return;
    }
    if (Value::List* list = value.list()) {
      for (Value& item : *list) text(item);
    }
  }

  void words(Value& value) {
    if (!value.scalar()) return texts(value);
    Value::List list;
    bool is_open = false;
    std::vector<std::string> words = split_words(value.text(), &is_open);
    if (is_open) return bad(value, "a command whose quotes are closed");
    for (std::string& word : words) {
      list.push_back(part_of(value, std::move(word)));
    }
    value.data = std::move(list);
  }

  void test(Value& value) {
    if (!value.scalar()) return texts(value);
    Value::List list;
    list.push_back(implied_string(value, "CMD-SHELL"));
    list.push_back(part_of(value, to_text(value)));
    value.data = std::move(list);
  }

  // What begins with `x-` is no pair to Compose: it prints such keys as one, under a name of its
  // own.
  static void gather_extensions(Value::Map& map) {
    const auto is_extension = [](const Member& member) { return member.key.starts_with("x-"); };
    const auto first = std::find_if(map.begin(), map.end(), is_extension);
    if (first == map.end()) return;
    Value::Map extensions;
    for (const Member& member : map) {
      if (is_extension(member)) extensions.push_back(member);
    }
    const Member& shown = extensions.front();
    Member gathered{std::string(kExtensions), shown.key_origin,
                    part_of(shown.value, go_text(Value(extensions, shown.value.origin)))};
    std::erase_if(map, is_extension);
    map.push_back(std::move(gathered));
  }

  void pairs(Value& value, bool null_is_blank) {
    if (Value::Map* members = value.map()) gather_extensions(*members);
    if (!null_is_blank) refuse_blanks(value);
    pairs_to_map(value);
    if (!value.map()) return;
    for (Member& member : *value.map()) {
      if (member.value.is_null()) {
        if (null_is_blank) member.value.data = Value::Scalar{"", true};
      } else if (member.value.scalar()) {
        text(member.value);
      }
    }
  }

  // `A =x` in a list names no variable.
  void refuse_blanks(const Value& value) {
    const Value::List* items = value.list();
    if (!items) return;
    for (const Value& item : *items) {
      const std::string_view name = item.text().substr(0, item.text().find('='));
      if (!name.empty() && (name.back() == ' ' || name.back() == '\t')) {
        bad(item, "names without a blank at their end");
      }
    }
  }

  void many_pairs(Value& value) {
    if (!value.map()) return;
    gather_extensions(*value.map());
    for (Member& member : *value.map()) texts(member.value);
  }

  void hosts(Value& value) {
    Value::List hosts;
    if (const Value::List* items = value.list()) {
      for (const Value& item : *items) host_of(item, hosts);
    } else if (const Value::Map* map = value.map()) {
      for (const Member& member : *map) {
        if (const Value::List* several = member.value.list()) {
          for (const Value& one : *several) host(member.key, one, to_text(one), hosts);
        } else {
          host(member.key, member.value, to_text(member.value), hosts);
        }
      }
    } else {
      return;
    }
    value.data = std::move(hosts);
  }

  // `host=address` or `host:address`; several addresses are separated by commas.
  void host_of(const Value& item, Value::List& hosts) {
    const std::string whole = to_text(item);
    std::size_t end = whole.find('=');
    if (end == std::string::npos) end = whole.find(':');
    if (end == std::string::npos) {
      return bad(item, "host=address");
    }
    const std::string name = whole.substr(0, end);
    for (const std::string_view address : split(std::string_view(whole).substr(end + 1), ',')) {
      host(name, item, std::string(address), hosts);
    }
  }

  void host(const std::string& name, const Value& item, std::string address, Value::List& hosts) {
    if (name.empty() || name.find_first_of(":=") != std::string::npos) {
      return bad(item, "the name of a host before the address");
    }
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
      address = address.substr(1, address.size() - 2);
    }
    hosts.push_back(part_of(item, name + "=" + address));
  }

  void ssh(Value& value) {
    if (!value.map()) return;
    for (Member& member : *value.map()) {
      if (member.value.scalar()) text(member.value);
    }
  }

  Report& report_;
  std::string_view key_;  // Of the member that is being cast, or of the last one above it.
};

}  // namespace

void cast_model(Value& model, Report& report) { Caster(report).cast(model, model_shape()); }

}  // namespace dockhand::compose
