#include "compose/canonical/lift.h"

#include <fmt/format.h>

#include "base/text.h"
#include "compose/canonical/placed.h"
#include "compose/canonical/shape.h"
#include "compose/canonical/short_volume.h"
#include "compose/scalar.h"
#include "io/file_system.h"

namespace dockhand::compose {
namespace {

void lift_at(Value& value, const Shape& shape, Lifting& lifting) {
  if (value.is_null() || value.tag == MergeTag::reset) return;
  if (shape.lift) shape.lift(value, lifting);
  if (Value::Map* map = value.map()) {
    for (Member& member : *map) {
      if (const Shape* below = shape_of_member(shape, member.key)) {
        lift_at(member.value, *below, lifting);
      }
    }
  } else if (Value::List* list = value.list(); list && shape.of) {
    for (Value& item : *list) lift_at(item, *shape.of, lifting);
  }
}

// The value as the one member `key` of a map.
void wrap(Value& value, std::string_view key) {
  Value::Map map;
  Value inner = value;
  inner.tag = MergeTag::none;
  add(map, key, std::move(inner));
  value.data = std::move(map);
}

Range range_of(std::string_view part, std::string_view whole) {
  const auto begin = static_cast<std::uint32_t>(part.data() - whole.data());
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

struct Complaint {
  std::string_view code, message;
};

// A list of `K=V` items as a map. `alone` is what may stand without a value.
void lift_pairs(Value& value, std::string_view alone, Complaint complaint, Lifting& lifting) {
  Value::List* items = value.list();
  if (!items) return;
  std::erase_if(*items, [&](const Value& item) {
    const bool is_fine =
        item.text() == alone ? !alone.empty() : item.text().find('=') != std::string_view::npos;
    if (!is_fine) {
      lifting.report.error(complaint.code, item.origin, std::string(complaint.message));
    }
    return !is_fine;
  });
  pairs_to_map(value);
}

}  // namespace

void lift_model(Value& model, Lifting& lifting) { lift_at(model, model_shape(), lifting); }

void lift_build(Value& value, Lifting&) {
  if (value.scalar()) wrap(value, "context");
}

void lift_extends(Value& value, Lifting&) {
  if (value.scalar()) wrap(value, "service");
}

void lift_schedule(Value& value, Lifting&) {
  if (value.scalar()) wrap(value, "cron");
}

void lift_file_mount(Value& value, Lifting&) {
  if (value.scalar()) wrap(value, "source");
}

void lift_to_list(Value& value, Lifting&) {
  if (!value.scalar()) return;
  Value::List list;
  list.push_back(value);
  list.back().tag = MergeTag::none;
  value.data = std::move(list);
}

void lift_to_text(Value& value, Lifting&) {
  if (value.scalar()) *value.scalar() = {to_text(value), true};
}

void lift_gpus(Value& value, Lifting&) {
  if (!value.scalar()) return;
  Value request(Value::Map{}, value.origin);
  request.via = value.via;
  add(*request.map(), "count", implied_string(value, "all"));
  Value::List list;
  list.push_back(std::move(request));
  value.data = std::move(list);
}

void lift_names(Value& value, Lifting&) { names_to_map(value); }

void lift_depends_on(Value& value, Lifting& lifting) {
  if (Value::List* items = value.list()) {
    for (const Value& item : *items) {
      if (item.scalar() || item.is_null()) continue;
      lifting.report.error("compose-bad-dependency", item.origin,
                           "this should be the name of a service");
    }
    std::erase_if(*items, [](const Value& item) { return !item.scalar(); });
    names_to_map(value);
    for (Member& member : *value.map()) member.value.data = Value::Map{};
  }
  if (!value.map()) return;
  for (Member& member : *value.map()) {
    Value::Map* map = member.value.map();
    if (!map) continue;
    const Value& by = member.value;
    add_missing(*map, "condition", implied_string(by, "service_started"));
    add_missing(*map, "required", implied_plain(by, "true"));
  }
}

void lift_env_files(Value& value, Lifting& lifting) {
  lift_to_list(value, lifting);
  if (!value.list()) return;
  for (Value& item : *value.list()) {
    if (item.scalar()) wrap(item, "path");
    if (item.map()) add_missing(*item.map(), "required", implied_plain(item, "true"));
  }
}

void lift_device(Value& value, Lifting& lifting) {
  const Value::Scalar* scalar = value.scalar();
  if (!scalar) return;
  const std::string_view text = scalar->text;
  const std::vector<std::string_view> parts = split(text, ':');
  if (parts.size() > 3) {
    return lifting.report.error(
        "compose-bad-device", value.origin,
        "a device is source:target:permissions; with more colons write it as a mapping");
  }
  const auto part = [&](std::size_t i) {
    return string_inside(value, range_of(parts[i], text), std::string(parts[i]));
  };
  Value::Map map;
  add(map, "source", part(0));
  add(map, "target", parts.size() > 1 && !parts[1].empty() ? part(1) : part(0));
  add(map, "permissions", parts.size() > 2 ? part(2) : implied_string(value, "rwm"));
  value.data = std::move(map);
}

void lift_contexts(Value& value, Lifting& lifting) {
  lift_pairs(value, {}, {"compose-bad-context", "a further context is written as name=where"},
             lifting);
}

void lift_ssh(Value& value, Lifting& lifting) {
  lift_pairs(value, "default", {"compose-bad-ssh-key", "a key is `default`, or written as id=path"},
             lifting);
}

void lift_external(Value& value, Lifting& lifting) {
  Value::Map* map = value.map();
  Value* external = value.find("external");
  if (!map || !external || !external->map()) return;
  const Value* inner = external->find("name");
  const Value* name = value.find("name");
  Value adopted;
  if (inner && name && name->text() != inner->text()) {
    lifting.report.error("compose-bad-external", inner->origin,
                         "this name and the `name` beside `external` differ; keep only `name`");
  }
  const bool adopts = inner && !name;
  if (adopts) adopted = *inner;
  *external = implied_plain(*external, "true");
  if (adopts) add(*map, "name", std::move(adopted));
}

void lift_volume(Value& value, Lifting& lifting) {
  if (!value.scalar()) return;
  const auto parsed = parse_volume_spec(value.text());
  if (const auto* problem = std::get_if<VolumeProblem>(&parsed)) {
    return lifting.report.error("compose-bad-volume", inside(value, problem->range),
                                problem->message);
  }
  const auto& spec = std::get<VolumeSpec>(parsed);
  const auto option = [&](std::string text) {
    return string_inside(value, spec.options, std::move(text));
  };
  Value::Map map;
  add(map, "type", implied_string(value, spec.is_bind ? "bind" : "volume"));
  if (!spec.source.text.empty()) {
    add(map, "source", string_inside(value, spec.source.range, spec.source.text));
  }
  add(map, "target", string_inside(value, spec.target.range, io::normalize_path(spec.target.text)));
  if (spec.read_only) {
    Value flag = option("true");
    flag.scalar()->quoted = false;
    add(map, "read_only", std::move(flag));
  }
  if (spec.is_bind || !spec.propagation.empty() || !spec.selinux.empty()) {
    Value bind(Value::Map{}, implied_at(value.origin));
    if (!spec.selinux.empty()) add(*bind.map(), "selinux", option(spec.selinux));
    if (!spec.propagation.empty()) add(*bind.map(), "propagation", option(spec.propagation));
    add(map, "bind", std::move(bind));
  }
  if (spec.no_copy || (!spec.is_bind && !spec.too_short)) {
    Value volume(Value::Map{}, implied_at(value.origin));
    if (spec.no_copy) {
      Value flag = option("true");
      flag.scalar()->quoted = false;
      add(*volume.map(), "nocopy", std::move(flag));
    }
    add(map, "volume", std::move(volume));
  }
  value.data = std::move(map);
}

}  // namespace dockhand::compose
