#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/pace.h"
#include "lsp/features/feature.h"
#include "lsp/features/inlay_hint.h"

namespace dockhand::lsp {
namespace {

// Refreshes come no faster than this in the long run: four a second. Those because of a state are
// counted apart from those because of a mere latency: no probe delays the news of a death.
constexpr Duration kPause = std::chrono::milliseconds(250);

// The state of every service of a document's projects.
std::vector<std::string> states_of(const FactsList& all) {
  std::vector<std::string> states;
  for (const auto& facts : all) {
    states.push_back(facts->notice);
    for (const auto& [name, service] : facts->services) states.push_back(service.state);
  }
  return states;
}

// Asks the editor to fetch hints again when, and only when, other text would come. Clients without
// refresh see the state in diagnostics, and in hints at their next request.
class RefreshFeature final : public Feature {
 public:
  explicit RefreshFeature(Context& context) : context_(context) {}

  void bind(Binder&) override {}

  void on_closed(const std::string& uri) override { shown_.erase(uri); }

  void on_projects(const Document& document, bool looks_changed) override {
    if (!looks_changed || !document.compose || !context_.capabilities.inlay_hint_refresh) return;
    const FactsList facts = context_.projects->facts_of(document.uri);
    Shown now{{}, states_of(facts)};
    const Range whole{0, static_cast<std::uint32_t>(document.text().size())};
    for (InlayHint& hint : inlay_hints(document, facts, whole)) {
      now.labels.push_back(std::move(hint.label));
    }
    Shown& shown = shown_[document.uri];
    const bool same = shown.labels == now.labels, same_states = shown.states == now.states;
    shown = std::move(now);
    if (!same) refresh(same_states ? Because::detail : Because::state);
  }

 private:
  struct Shown {
    std::vector<std::string> labels, states;
  };
  enum class Because { state, detail };

  void refresh(Because because) {
    const Instant when = because == Because::state ? states_.next() : allowed_;
    if (when <= std::chrono::steady_clock::now()) return send(because);
    if (scheduled_ && *scheduled_ <= when) return;
    scheduled_ = when;
    context_.loop.schedule("refresh", when, [this, because] {
      if (scheduled_) send(because);  // Else another one was sent meanwhile.
    });
  }

  void send(Because because) {
    scheduled_.reset();
    const Instant now = std::chrono::steady_clock::now();
    allowed_ = now + kPause;
    if (because == Because::state) states_.happened(now);
    context_.client->request("workspace/inlayHint/refresh", nullptr);
  }

  Context& context_;
  std::map<std::string, Shown> shown_;  // By URI of open documents.
  Instant allowed_{};
  Pace states_{kPause};
  std::optional<Instant> scheduled_;
};

}  // namespace

std::unique_ptr<Feature> make_refresh_feature(Context& context) {
  return std::make_unique<RefreshFeature>(context);
}

}  // namespace dockhand::lsp
