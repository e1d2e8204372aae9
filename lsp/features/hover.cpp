#include "lsp/features/hover.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/human.h"
#include "base/text.h"
#include "explain/report.h"
#include "lsp/features/feature.h"
#include "lsp/features/markup.h"
#include "lsp/services.h"

namespace dockhand::lsp {
namespace {

using explain::ServiceReport;

constexpr std::size_t kHealthOutputs = 3;  // Of the container's own last checks.
constexpr std::size_t kTrailEntries = 3;   // Of the probe's last errors.
constexpr std::size_t kUrls = 8;
constexpr std::size_t kNames = 12;  // Dependents and dependencies that are named.
constexpr std::size_t kOutputWidth = 160;

std::string since_words(const ServiceReport& report, const HoverOptions& options) {
  return report.since && report.known ? " for " + human_duration(options.now - *report.since) : "";
}

// **payments** ▲ unhealthy for 12m · 3 checks in a row
void add_head(Markup& out, const ServiceReport& report, const HoverOptions& options) {
  std::string line = out.bold(report.name);
  if (report.known) {
    line += fmt::format(" {} {}{}", report.symbol.unicode, out.plain(report.state_word),
                        since_words(report, options));
    if (report.bad_streak > 1) line += fmt::format(" · {} checks in a row", report.bad_streak);
    if (report.orphan) line += " · in no file of the project";
  }
  out.line(line);
  if (!report.reason.empty()) out.line(out.plain(report.reason));
}

// `GET http://localhost:8083/health` → 503 in 2 ms: db: DOWN
void add_probe(Markup& out, const live::ServiceState& service, const ServiceReport& report) {
  if (!service.probe || !service.probe->last) return;
  const health::ProbeTarget& target = service.probe->target;
  const std::string asked = target.kind == health::ProbeTarget::Kind::http
                                ? "GET " + target.url
                                : fmt::format("connect to {}:{}", target.host, target.port);
  const health::ProbeResult& last = *service.probe->last;
  std::string line = out.code(asked) + " → " +
                     (report.health.empty() ? out.plain(last.word) : out.plain(report.health));
  if (last.verdict == health::Verdict::bad && !last.detail.empty() && last.detail != last.word) {
    line += ": " + out.plain(first_line(last.detail, kOutputWidth));
  }
  out.paragraph();
  out.line(line);
}

void add_outputs(Markup& out, const ServiceReport& report) {
  out.paragraph();
  for (std::size_t i = 0; i < std::min(report.health_log.size(), kHealthOutputs); ++i) {
    const auto& [time, output] = report.health_log[i];
    const std::string shown = first_line(output, kOutputWidth);
    out.line(format_local_clock(time) + " check " +
             (shown.empty() ? "said nothing" : out.code(shown)));
  }
  const std::size_t entries = std::min(report.trail.size(), kTrailEntries);
  for (std::size_t i = 0; i < entries; ++i) {
    const health::TrailEntry& entry = report.trail[report.trail.size() - 1 - i];
    out.line(format_local_clock(entry.time) + " probe " +
             out.code(first_line(entry.cause, kOutputWidth)));
  }
}

void add_latency(Markup& out, const ServiceReport& report) {
  if (!report.latency) return;
  out.table({"p50", "p90", "p99", "samples"},
            {human_latency(report.latency->p50), human_latency(report.latency->p90),
             human_latency(report.latency->p99), fmt::to_string(report.latency_samples)});
}

void add_urls(Markup& out, const ServiceReport& report) {
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < std::min(report.urls.size(), kUrls); ++i) {
    urls.push_back(out.link(report.urls[i].text));
  }
  out.paragraph();
  out.line(join(urls, " · "));
}

std::string count_rest(std::size_t all) {
  return all > kNames ? fmt::format(", and {} more", all - kNames) : std::string();
}

std::string users_of(const Markup& out, const ServiceReport& report) {
  std::vector<std::string> names;
  for (const std::string& name : report.used_by) names.push_back(out.bold(name));
  for (const std::string& name : report.used_by_indirectly) names.push_back(out.plain(name));
  if (names.empty()) return {};
  const std::size_t all = names.size();
  names.resize(std::min(all, kNames));
  return "used by " + join(names, ", ") + count_rest(all);
}

std::string dependencies_of(const Markup& out, const live::Snapshot& snapshot,
                            const ServiceReport& report, const HoverOptions& options) {
  std::vector<std::string> names;
  for (const topology::Edge& edge : report.depends_on) {
    if (names.size() == kNames) break;
    std::string name = out.bold(edge.service);
    if (const live::ServiceState* state = snapshot.find(edge.service)) {
      const ServiceReport other = explain::report(snapshot, *state, options.now);
      if (other.known) name += fmt::format(" {}", other.symbol.unicode);
    } else {
      name += " (not in the project)";
    }
    names.push_back(std::move(name));
  }
  if (names.empty()) return {};
  return "depends on " + join(names, ", ") + count_rest(report.depends_on.size());
}

void add_neighbours(Markup& out, const live::Snapshot& snapshot, const ServiceReport& report,
                    const HoverOptions& options) {
  std::vector<std::string> parts;
  for (std::string part :
       {users_of(out, report), dependencies_of(out, snapshot, report, options)}) {
    if (!part.empty()) parts.push_back(std::move(part));
  }
  out.paragraph();
  out.line(join(parts, " · "));
}

// `shop/payments:2.1` · container `3f2a91c0b7d4` · up 12m · 0 restarts
void add_container(Markup& out, const ServiceReport& report) {
  std::vector<std::string> parts;
  if (!report.image.empty()) parts.push_back(out.code(report.image));
  if (!report.container_id.empty()) {
    parts.push_back("container " + out.code(report.container_name) + " " +
                    out.code(report.container_id));
  }
  if (report.containers > 1)
    parts.push_back(human_count(static_cast<std::uint64_t>(report.containers), "container"));
  if (!report.up.empty()) {
    const bool ended = report.finished_at && report.up.ends_with("ago");
    parts.push_back((ended ? "ended " : "up ") + report.up);
  }
  if (!report.container_id.empty()) {
    parts.push_back(
        human_count(static_cast<std::uint64_t>(std::max(report.restarts, 0)), "restart"));
  }
  out.line(join(parts, " · "));
}

std::string notice_of(const live::Snapshot& snapshot, Time now) {
  live::Snapshot bare;  // The notice is about the Engine alone; services are many.
  bare.taken = snapshot.taken;
  bare.engine = snapshot.engine;
  return explain::report(bare, now).notice;
}

class HoverFeature final : public Feature {
 public:
  explicit HoverFeature(Context& context) : context_(context) {}

  void bind(Binder& binder) override {
    binder.method("textDocument/hover", this, &HoverFeature::on_hover);
    binder.capabilities["hoverProvider"] = true;
  }

 private:
  std::optional<Hover> on_hover(const TextDocumentPositionParams& params) {
    const Document* document = context_.compose_document(params.textDocument.uri);
    if (!document) return std::nullopt;
    return hover(*document, context_.projects->facts_of(document->uri),
                 document->offset(params.position),
                 {context_.capabilities.markdown_hover, context_.world.clock->now()});
  }

  Context& context_;
};

}  // namespace

std::string hover_text(const live::Snapshot& snapshot, const std::string& service,
                       const HoverOptions& options) {
  const live::ServiceState* state = snapshot.find(service);
  if (!state) return {};
  const ServiceReport report = explain::report(snapshot, *state, options.now);
  Markup out(options.markdown);
  add_head(out, report, options);
  out.paragraph();
  out.line(out.plain(notice_of(snapshot, options.now)));
  add_probe(out, *state, report);
  add_outputs(out, report);
  add_latency(out, report);
  add_urls(out, report);
  add_neighbours(out, snapshot, report, options);
  add_container(out, report);
  return out.text();
}

std::optional<Hover> hover(const Document& document, const FactsList& facts, std::uint32_t offset,
                           const HoverOptions& options) {
  const std::optional<Mention> mention = mention_at(document.tree, offset);
  if (!mention) return std::nullopt;
  std::string text;
  for (const auto& one : facts) {
    std::string part = hover_text(*one->snapshot, mention->name, options);
    if (part.empty()) continue;
    if (!text.empty()) text += options.markdown ? "\n\n---\n\n" : "\n\n";
    if (facts.size() > 1) {
      text += Markup(options.markdown).plain("project " + one->project_name()) + "\n\n";
    }
    text += part;
  }
  if (text.empty()) return std::nullopt;
  return Hover{options.markdown, std::move(text), document.range(mention->range)};
}

std::unique_ptr<Feature> make_hover_feature(Context& context) {
  return std::make_unique<HoverFeature>(context);
}

}  // namespace dockhand::lsp
