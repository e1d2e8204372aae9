#include "compose/canonical/json.h"

#include <algorithm>
#include <unordered_set>

#include "compose/canonical/json_writer.h"
#include "compose/scalar.h"

namespace dockhand::compose {
namespace {

class ModelPrinter {
 public:
  explicit ModelPrinter(const Project& project) {
    for (const Service& service : project.services) {
      if (!service.enabled) disabled_.insert(service.name);
    }
  }

  std::string print(const Value& model) {
    map(model, true);
    return std::move(out_).take();
  }

 private:
  void value(const Value& value, bool services) {
    if (value.map()) {
      map(value, services);
    } else if (const Value::List* list = value.list()) {
      out_.begin_list();
      for (const Value& item : *list) {
        out_.next();
        this->value(item, false);
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
    } else if (const auto* unsigned_integer = std::get_if<std::uint64_t>(&typed)) {
      out_.integer(*unsigned_integer);
    } else if (const double* number = std::get_if<double>(&typed)) {
      out_.number(*number);
    } else {
      out_.string(scalar.text);
    }
  }

  void map(const Value& value, bool root) {
    std::vector<const Member*> members;
    for (const Member& member : *value.map()) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const Member* a, const Member* b) { return a->key < b->key; });
    out_.begin_map();
    for (const Member* member : members) {
      out_.key(member->key);
      this->value(member->value, root && member->key == "services");
    }
    out_.end_map();
  }

  std::unordered_set<std::string_view> disabled_;
  JsonWriter out_;
};

}  // namespace

std::string to_json(const Project& project) { return ModelPrinter(project).print(project.model); }

}  // namespace dockhand::compose
