#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "lsp/features/feature.h"
#include "lsp/features/inlay_hint.h"

namespace dockhand::lsp {
namespace {

// After a refresh at once, the next ones come no faster than this: four a second.
constexpr Duration kPause = std::chrono::milliseconds(250);

// Asks the editor to fetch hints again when, and only when, other text would come. Clients without
// refresh see the state in diagnostics, and in hints at their next request.
class RefreshFeature final : public Feature {
 public:
  explicit RefreshFeature(Context& context) : context_(context) {}

  void bind(Binder&) override {}

  void on_closed(const std::string& uri) override { shown_.erase(uri); }

  void on_projects(const Document& document, bool looks_changed) override {
    if (!looks_changed || !document.compose || !context_.capabilities.inlay_hint_refresh) return;
    std::vector<std::string> labels;
    for (InlayHint& hint : inlay_hints(document, context_.projects->facts_of(document.uri),
                                       {0, static_cast<std::uint32_t>(document.text().size())})) {
      labels.push_back(std::move(hint.label));
    }
    std::vector<std::string>& shown = shown_[document.uri];
    if (shown == labels) return;
    shown = std::move(labels);
    refresh();
  }

 private:
  void refresh() {
    if (scheduled_) return;
    const Instant now = std::chrono::steady_clock::now();
    if (now >= allowed_) return send();
    scheduled_ = true;
    context_.loop.schedule("refresh", allowed_, [this] {
      scheduled_ = false;
      send();
    });
  }

  void send() {
    allowed_ = std::chrono::steady_clock::now() + kPause;
    context_.client->request("workspace/inlayHint/refresh", nullptr);
  }

  Context& context_;
  std::map<std::string, std::vector<std::string>> shown_;  // By URI of open documents.
  Instant allowed_{};
  bool scheduled_ = false;
};

}  // namespace

std::unique_ptr<Feature> make_refresh_feature(Context& context) {
  return std::make_unique<RefreshFeature>(context);
}

}  // namespace dockhand::lsp
