#include "lsp/features/feature.h"

#include <array>

namespace dockhand::lsp {

std::span<const MakeFeature> feature_table() {
  static constexpr std::array<MakeFeature, 6> kTable = {
      make_inlay_hint_feature,      make_hover_feature,       make_code_action_feature,
      make_execute_command_feature, make_diagnostics_feature, make_refresh_feature,
  };
  return kTable;
}

const Document* Context::compose_document(const std::string& uri) const {
  const Document* document = documents.find(uri);
  return document && document->compose ? document : nullptr;
}

}  // namespace dockhand::lsp
