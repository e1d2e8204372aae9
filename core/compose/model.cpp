#include "compose/model.h"

#include <fmt/format.h>

#include "compose/canonical/lift.h"
#include "compose/document.h"
#include "compose/merge.h"

namespace dockhand::compose {
namespace {

// A document that is no mapping, and a section that should be one, read as empty.
void check_shape(Value& document, Report& report) {
  if (!document.map()) {
    if (!document.is_null()) {
      report.error("compose-not-a-mapping", document.origin,
                   "a Compose file is a mapping, with `services:` at its top");
    }
    document.data = Value::Map{};
    return;
  }
  Value* services = document.find("services");
  if (!services || services->is_null() || services->map()) return;
  report.error("compose-not-a-mapping", services->origin,
               "`services` is a mapping from names to services");
  services->data = Value::Map{};
}

void lift(Value& model, Workshop& workshop) {
  Lifting lifting{workshop.report, workshop.ports};
  lift_model(model, lifting);
}

}  // namespace

Result<std::uint32_t> Workshop::open(const std::string& path) {
  if (++opened > kMaxFiles) {
    return Error{"compose-too-many-files", fmt::format("cannot read {}", path),
                 fmt::format("the project uses more than {} files", kMaxFiles)};
  }
  if (const auto known = index.find(path); known != index.end()) return known->second;
  Result<std::string> text =
      path == "-" ? Result<std::string>(standard_input) : file_system.read(path, kMaxFileSize);
  if (!text) return std::move(text).error();
  SourceFile file{path, yaml::Tree::parse(*std::move(text)), {}, {}};
  file.lines = yaml::LineIndex(file.tree.text());
  file.findings = file.tree.findings();
  const auto number = static_cast<std::uint32_t>(files.size());
  files.push_back(std::move(file));
  index.emplace(path, number);
  return number;
}

Value load_documents(Workshop& workshop, const Scope& scope, std::uint32_t file) {
  Value model{Value::Map{}, Origin{file, {}}};
  for (const yaml::Node root : workshop.files[file].tree.documents()) {
    Value document = read_document(root, file, scope, workshop.budget, workshop.report);
    check_shape(document, workshop.report);
    merge_models(model, std::move(document), workshop.report);
  }
  lift(model, workshop);
  return model;
}

Value load_model(Workshop& workshop, const Scope& scope, const std::vector<std::string>& paths,
                 std::optional<Origin> where) {
  Value model{Value::Map{}, where.value_or(Origin{})};
  for (const std::string& path : paths) {
    const Result<std::uint32_t> file = workshop.open(path);
    if (!file) {
      if (where) {
        workshop.report.error("compose-file", *where,
                              fmt::format("cannot read {}: {}", path, file.error().why));
      }
      continue;
    }
    // The tree is held here, because includes and extends may grow the list of files.
    const yaml::Tree tree = workshop.files[*file].tree;
    for (const yaml::Node root : tree.documents()) {
      Value document = read_document(root, *file, scope, workshop.budget, workshop.report);
      check_shape(document, workshop.report);
      apply_includes(workshop, scope, document);
      apply_extends(workshop, scope, path, document);
      merge_models(model, std::move(document), workshop.report);
    }
    if (workshop.validate) workshop.validate(model, workshop.report);
    lift(model, workshop);
  }
  drop_tags(model);
  remove_duplicates(model);
  return model;
}

}  // namespace dockhand::compose
