#include "spec/catalogue.h"

#include <algorithm>

#include "spec/catalogue_reader.h"

namespace dockhand::spec {

const Key* Shape::find(std::string_view name) const {
  const auto found =
      std::lower_bound(keys.begin(), keys.end(), name,
                       [](const Key& key, std::string_view wanted) { return key.name < wanted; });
  return found != keys.end() && found->name == name ? &*found : nullptr;
}

const Shape& root() {
  static const Catalogue catalogue = read_catalogue(catalogue_text());
  return *catalogue.root;
}

const Key* find(const std::vector<std::string_view>& path) {
  const Shape* shape = &root();
  const Key* key = nullptr;
  for (const std::string_view step : path) {
    if (!shape) return nullptr;
    const bool is_item = !step.empty() && step.find_first_not_of("0123456789") == step.npos;
    key = shape->find(step);
    if (key) {
      shape = key->shape;
    } else if (is_item && shape->items) {
      shape = shape->items;
    } else {
      shape = shape->keys.empty() ? shape->values : nullptr;
    }
  }
  return shape ? key : nullptr;
}

}  // namespace dockhand::spec
