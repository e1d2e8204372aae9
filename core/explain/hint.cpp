#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/text.h"
#include "explain/report.h"
#include "explain/words.h"

namespace dockhand::explain {
namespace {

using live::State;

constexpr std::size_t kMaxNames = 3;  // Dependents that are named; the others are counted.

constexpr std::array<std::pair<std::string_view, HintPart>, 4> kParts = {{
    {"state", HintPart::state},
    {"latency", HintPart::latency},
    {"url", HintPart::url},
    {"used-by", HintPart::used_by},
}};

bool has(const std::vector<HintPart>& parts, HintPart part) {
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

std::string with_reason(std::string text, std::string_view separator, const ServiceReport& report) {
  if (!report.reason_short.empty()) text += std::string(separator) + report.reason_short;
  return text;
}

std::string exited_words(const ServiceReport& report) {
  std::string text = with_reason(report.state_word, ", ", report);
  if (report.restarts > 0) text += fmt::format(", restarted {}×", report.restarts);
  return text;
}

// The state and its reason, without the symbol.
std::string state_words(const ServiceReport& report) {
  switch (report.state) {
    case State::unhealthy: {
      const std::string streak =
          report.bad_streak > 1 ? fmt::format(" {}×", report.bad_streak) : std::string();
      return with_reason(report.state_word + streak, ": ", report);
    }
    case State::created:
      if (report.reason_code == "waiting" && !report.stale) return report.reason_short;
      return with_reason(report.state_word, ": ", report);
    case State::exited:
      return exited_words(report);
    case State::running:
    case State::healthy:
      return report.remark.empty() ? report.state_word
                                   : fmt::format("{} ({})", report.state_word, report.remark);
    case State::not_created:
    case State::starting:
    case State::paused:
    case State::restarting:
    case State::dead:
      break;
  }
  return with_reason(report.state_word, ": ", report);
}

// State and latency belong together: `● healthy 12 ms`.
std::string head(const ServiceReport& report, const std::vector<HintPart>& parts) {
  const bool measured =
      has(parts, HintPart::latency) && report.last_latency && report.tone == Tone::good;
  const std::string latency = measured ? human_latency(*report.last_latency) : std::string();
  if (!report.known) return {};
  if (!has(parts, HintPart::state)) return latency;
  const std::string symbol(report.symbol.unicode);
  if (!measured) return symbol + " " + state_words(report);
  if (report.state_word == "running") return symbol + " " + latency;
  return fmt::format("{} {} {}", symbol, state_words(report), latency);
}

std::string users(const std::vector<std::string>& names) {
  std::string text = "↑ ";
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNames); ++i) {
    if (i > 0) text += ", ";
    text += printable(names[i]);
  }
  if (names.size() > kMaxNames) text += fmt::format(" +{}", names.size() - kMaxNames);
  return text;
}

}  // namespace

std::vector<HintPart> parse_hint_parts(std::string_view text) {
  std::vector<HintPart> parts;
  for (const std::string_view piece : split(text, ',')) {
    const std::string word = to_lower_ascii(trim(piece));
    const auto found = std::find_if(kParts.begin(), kParts.end(),
                                    [&](const auto& row) { return row.first == word; });
    if (found != kParts.end() && !has(parts, found->second)) parts.push_back(found->second);
  }
  std::sort(parts.begin(), parts.end());
  return parts;
}

std::string hint(const ServiceReport& report, const std::vector<HintPart>& parts) {
  std::vector<std::string> pieces;
  if (std::string text = head(report, parts); !text.empty()) pieces.push_back(std::move(text));
  const bool answers = report.tone == Tone::good && !report.urls.empty();
  if (answers && has(parts, HintPart::url)) pieces.push_back(printable(report.urls.front().text));
  if (has(parts, HintPart::used_by) && !report.used_by.empty()) {
    pieces.push_back(users(report.used_by));
  }
  return join(pieces, " · ");
}

std::string dependency_hint(const live::Snapshot& snapshot, std::string_view service,
                            const topology::Edge& edge) {
  if (!snapshot.up || snapshot.engine.connection != live::Connection::connected) return {};
  if (edge.service == service) return {};
  const live::ServiceState* dependency = snapshot.find(edge.service);
  if (dependency == nullptr || satisfied(edge, *dependency)) return {};
  return hint(report(snapshot, *dependency), {HintPart::state});
}

}  // namespace dockhand::explain
