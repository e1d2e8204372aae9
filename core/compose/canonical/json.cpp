#include "compose/canonical/json.h"

#include <algorithm>
#include <array>
#include <set>

#include "compose/canonical/json_writer.h"
#include "compose/canonical/shape.h"
#include "compose/date.h"
#include "compose/scalar.h"

namespace dockhand::compose {
namespace {

using Names = std::set<std::string, std::less<>>;

// The top-level resources that the services use; Compose leaves out the others.
struct Used {
  Names networks, volumes, secrets, configs;

  const Names* of(std::string_view section) const {
    if (section == "networks") return &networks;
    if (section == "volumes") return &volumes;
    if (section == "secrets") return &secrets;
    return section == "configs" ? &configs : nullptr;
  }
};

void take_sources(const Value* list, Names& names) {
  if (!list || !list->list()) return;
  for (const Value& item : *list->list()) {
    if (const Value* source = item.find("source")) names.emplace(source->text());
  }
}

void take_used(const Value& service, Used& used) {
  const Value* networks = service.find("networks");
  if (networks && networks->map()) {
    for (const Member& member : *networks->map()) used.networks.insert(member.key);
  }
  const Value* volumes = service.find("volumes");
  if (volumes && volumes->list()) {
    for (const Value& volume : *volumes->list()) {
      const Value* type = volume.find("type");
      const Value* source = volume.find("source");
      if (type && source && type->text() == "volume") used.volumes.emplace(source->text());
    }
  }
  take_sources(service.find("secrets"), used.secrets);
  take_sources(service.find("configs"), used.configs);
  if (const Value* build = service.find("build"))
    take_sources(build->find("secrets"), used.secrets);
}

std::vector<const Member*> sorted(const Value::Map& map) {
  std::vector<const Member*> members;
  members.reserve(map.size());
  for (const Member& member : map) members.push_back(&member);
  std::sort(members.begin(), members.end(),
            [](const Member* a, const Member* b) { return a->key < b->key; });
  return members;
}

bool is_empty(const Value& value, Kind kind) {
  if (const Value::Map* map = value.map()) {
    return map->empty() && kind != Kind::object && kind != Kind::limit;
  }
  if (const Value::List* list = value.list()) return list->empty();
  if (value.is_null()) return true;
  const std::string_view text = value.text();
  switch (kind) {
    case Kind::integer:
    case Kind::number:
    case Kind::bytes:
    case Kind::count:
      return text == "0" || text == "-0";
    case Kind::boolean:
      return text == "false";
    case Kind::duration:
      return text == "0s";
    default:
      return text.empty();
  }
}

class ModelPrinter {
 public:
  explicit ModelPrinter(const Project& project) : project_(project) {
    for (const Service& service : project.services) {
      if (!service.enabled) disabled_.insert(service.name);
    }
    const Value* services = project.model.find("services");
    if (!services || !services->map()) return;
    for (const Member& service : *services->map()) {
      if (!disabled_.contains(service.key)) take_used(service.value, used_);
    }
  }

  Result<std::string> print() {
    out_.begin_map();
    bool services = false;
    for (const Member* member : top_level()) {
      services = services || member->key == "services";
      section(*member);
    }
    if (!services) section({"services", {}, Value(Value::Map{}, {})});
    out_.end_map();
    if (!out_.is_exact()) {
      return Error{"json-number", "cannot print the model as JSON",
                   "JSON has no word for .inf and .nan, which an x-… key holds",
                   "put the number in quotes"};
    }
    return std::move(out_).take();
  }

 private:
  // The members of the model and its name, in the order of their keys.
  std::vector<const Member*> top_level() {
    name_ = {"name", {}, string_value(project_.name, {})};
    std::vector<const Member*> members;
    for (const Member& member : *project_.model.map()) {
      if (member.key != "name") members.push_back(&member);
    }
    members.push_back(&name_);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    return members;
  }

  void section(const Member& member) {
    if (member.key.starts_with("x-")) {
      out_.key(member.key);
      return anything(member.value);
    }
    const Field* field = find_field(model_shape(), member.key);
    if (!field || member.key == "models") return;
    if (!field->shape->of) {
      out_.key(member.key);
      return print(member.value, *field->shape);
    }
    if (!member.value.map()) return;
    std::vector<const Member*> shown;
    for (const Member* one : sorted(*member.value.map())) {
      if (is_shown(member.key, one->key)) shown.push_back(one);
    }
    if (shown.empty() && member.key != "services") return;
    out_.key(member.key);
    members(shown, *field->shape->of);
  }

  bool is_shown(std::string_view section, const std::string& name) const {
    if (section == "services") return !disabled_.contains(name);
    const Names* names = used_.of(section);
    return !names || names->contains(name);
  }

  void members(const std::vector<const Member*>& members, const Shape& of) {
    out_.begin_map();
    for (const Member* member : members) {
      out_.key(member->key);
      print(member->value, of);
    }
    out_.end_map();
  }

  void print(const Value& value, const Shape& shape) {
    if (value.is_null()) return out_.null();
    switch (shape.kind) {
      case Kind::object:
        return value.map() ? object(value, shape) : anything(value);
      case Kind::limit:
        // A limit that is zero prints as one that says nothing.
        if (value.map() || value.text() == "0") return object(value, shape);
        return anything(value);
      case Kind::ssh:
        return ssh(value);
      case Kind::hosts:
        return hosts(value);
      default:
        break;
    }
    if (const Value::Map* map = value.map(); map && shape.of) {
      members(sorted(*map), *shape.of);
    } else if (const Value::List* items = value.list(); items && shape.of) {
      out_.begin_list();
      for (const Value& item : *items) {
        out_.next();
        print(item, *shape.of);
      }
      out_.end_list();
    } else {
      anything(value);
    }
  }

  void object(const Value& value, const Shape& shape) {
    std::array<const Value*, 128> values{};
    if (const Value::Map* map = value.map()) {
      for (const Member& member : *map) {
        if (const Field* field = find_field(shape, member.key)) {
          values[static_cast<std::size_t>(field - shape.fields.data())] = &member.value;
        }
      }
    }
    out_.begin_map();
    for (std::size_t i = 0; i < shape.fields.size(); ++i) field(shape.fields[i], values[i]);
    out_.end_map();
  }

  void field(const Field& field, const Value* value) {
    const Shape& shape = *field.shape;
    if (shape.kind == Kind::files) return;
    const bool missing = !value || value->is_null();
    const bool left_out = field.presence == Presence::unless_empty
                              ? missing || is_empty(*value, shape.kind)
                          : field.presence == Presence::unless_null ? missing
                                                                    : false;
    if (left_out) return;
    out_.key(field.printed.empty() ? field.key : field.printed);
    missing ? zero(shape) : print(*value, shape);
  }

  // What Compose prints for a member that is never left out and that nobody wrote.
  void zero(const Shape& shape) {
    switch (shape.kind) {
      case Kind::integer:
        return out_.integer(std::int64_t{0});
      case Kind::boolean:
        return out_.boolean(false);
      case Kind::bytes:
        return out_.string("0");
      case Kind::text:
        return out_.string("");
      case Kind::object:
        return object(Value(), shape);
      default:
        return out_.null();
    }
  }

  void hosts(const Value& value) {
    if (!value.list()) return anything(value);
    std::vector<std::string_view> texts;
    for (const Value& host : *value.list()) texts.push_back(host.text());
    std::sort(texts.begin(), texts.end());
    out_.begin_list();
    for (const std::string_view text : texts) {
      out_.next();
      out_.string(text);
    }
    out_.end_list();
  }

  void ssh(const Value& value) {
    if (!value.map()) return anything(value);
    out_.begin_list();
    for (const Member& member : *value.map()) {
      out_.next();
      out_.string(member.value.text().empty()
                      ? member.key
                      : member.key + ": " + std::string(member.value.text()));
    }
    out_.end_list();
  }

  // A value as it is, whatever stands at its place.
  void anything(const Value& value) {
    if (const Value::Map* map = value.map()) {
      out_.begin_map();
      for (const Member* member : sorted(*map)) {
        out_.key(member->key);
        anything(member->value);
      }
      out_.end_map();
    } else if (const Value::List* list = value.list()) {
      out_.begin_list();
      for (const Value& item : *list) {
        out_.next();
        anything(item);
      }
      out_.end_list();
    } else if (const Value::Scalar* scalar = value.scalar()) {
      this->scalar(*scalar);
    } else {
      out_.null();
    }
  }

  void scalar(const Value::Scalar& scalar) {
    const Typed typed = resolve(scalar);
    if (const bool* boolean = std::get_if<bool>(&typed)) {
      out_.boolean(*boolean);
    } else if (const auto* integer = std::get_if<std::int64_t>(&typed)) {
      out_.integer(*integer);
    } else if (const auto* large = std::get_if<std::uint64_t>(&typed)) {
      out_.integer(*large);
    } else if (const double* number = std::get_if<double>(&typed)) {
      out_.number(*number);
    } else if (std::holds_alternative<Date>(typed)) {
      const std::optional<DateForms> date = parse_date(scalar.text);
      out_.string(date ? date->json : scalar.text);
    } else {
      out_.string(scalar.text);
    }
  }

  const Project& project_;
  std::set<std::string, std::less<>> disabled_;
  Used used_;
  Member name_;
  JsonWriter out_;
};

}  // namespace

Result<std::string> to_json(const Project& project) { return ModelPrinter(project).print(); }

}  // namespace dockhand::compose
