#include "lsp/features/inlay_hint.h"

#include <algorithm>

#include "lsp/features/feature.h"
#include "lsp/services.h"

namespace dockhand::lsp {
namespace {

std::string text_of(const Mention& mention, const FactsList& all) {
  std::string text;
  for (const auto& facts : all) {
    const ServiceFacts* service = facts->find(mention.is_key() ? mention.name : mention.dependent);
    if (!service) continue;
    std::string piece = service->hint;
    if (!mention.is_key()) {
      const auto wait =
          std::find_if(service->waits.begin(), service->waits.end(),
                       [&](const auto& entry) { return entry.first == mention.name; });
      piece = wait == service->waits.end() ? std::string() : wait->second;
    }
    if (piece.empty()) continue;
    text += (text.empty() ? "" : "   ") + named(all, *facts, std::move(piece));
  }
  return text;
}

std::string notices(const FactsList& all) {
  for (const auto& facts : all) {
    if (!facts->notice.empty()) return facts->notice;
  }
  return {};
}

// Several names on one line (a flow sequence) share its end.
void add(std::vector<InlayHint>& hints, Position position, std::string text) {
  if (text.empty()) return;
  if (!hints.empty() && hints.back().position == position) {
    hints.back().label += "   " + text;
  } else {
    hints.push_back({position, std::move(text)});
  }
}

class InlayHintFeature final : public Feature {
 public:
  explicit InlayHintFeature(Context& context) : context_(context) {}

  void bind(Binder& binder) override {
    binder.method("textDocument/inlayHint", this, &InlayHintFeature::on_inlay_hint);
    binder.capabilities["inlayHintProvider"] = true;
  }

 private:
  std::vector<InlayHint> on_inlay_hint(const InlayHintParams& params) {
    const Document* document = context_.compose_document(params.textDocument.uri);
    if (!document) return {};
    return inlay_hints(*document, context_.projects->facts_of(document->uri),
                       document->bytes(params.range));
  }

  Context& context_;
};

}  // namespace

std::vector<InlayHint> inlay_hints(const Document& document, const FactsList& facts, Range range) {
  std::vector<InlayHint> hints;
  if (facts.empty()) return hints;
  const auto end_of_line = [&](std::uint32_t offset) {
    return document.position(document.line_end(offset));
  };
  if (const auto key = services_key(document.tree); key && range.touches(key->begin)) {
    add(hints, end_of_line(key->end), notices(facts));
  }
  for (const Mention& mention : mentions(document.tree, range)) {
    std::string text = text_of(mention, facts);
    if (!text.empty()) add(hints, end_of_line(mention.range.end), std::move(text));
  }
  return hints;
}

std::unique_ptr<Feature> make_inlay_hint_feature(Context& context) {
  return std::make_unique<InlayHintFeature>(context);
}

}  // namespace dockhand::lsp
