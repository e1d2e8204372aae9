#include "lsp/facts.h"

#include "base/text.h"

namespace dockhand::lsp {
namespace {

std::string notice_of(const live::EngineState& engine) {
  if (engine.connection == live::Connection::connected || !engine.listed) return {};
  if (!engine.error) return "? connecting to the Docker Engine again";
  return "? " + printable(engine.error->what);
}

// One diagnostic for a service that is wrong; what is merely awaited or idle has none.
std::optional<Problem> problem_of(const explain::ServiceReport& report) {
  if (report.tone != explain::Tone::bad || report.reason_code.empty()) return std::nullopt;
  std::string message = printable(report.name) + " " + report.state_word;
  if (!report.reason.empty()) message += ": " + report.reason;
  return Problem{report.reason_code, std::move(message)};
}

ServiceFacts service_facts(const live::Snapshot& snapshot, const live::ServiceState& service,
                           const std::vector<explain::HintPart>& parts) {
  const explain::ServiceReport report = explain::report(snapshot, service);
  ServiceFacts facts;
  facts.state = report.state_word;
  facts.hint = explain::hint(report, parts);
  if (!report.stale) facts.problem = problem_of(report);
  for (const topology::Edge& edge : report.depends_on) {
    std::string hint = explain::dependency_hint(snapshot, service.name, edge);
    if (!hint.empty()) facts.waits.emplace_back(edge.service, std::move(hint));
  }
  return facts;
}

}  // namespace

const ServiceFacts* Facts::find(std::string_view service) const {
  const auto found = services.find(service);
  return found == services.end() ? nullptr : &found->second;
}

bool Facts::looks_like(const Facts& other) const {
  return notice == other.notice && project_name() == other.project_name() &&
         services == other.services;
}

std::shared_ptr<const Facts> make_facts(std::shared_ptr<const live::Snapshot> snapshot,
                                        const std::vector<explain::HintPart>& hint_parts) {
  auto facts = std::make_shared<Facts>();
  facts->notice = notice_of(snapshot->engine);
  for (const live::ServiceState& service : snapshot->services) {
    facts->services.emplace(service.name, service_facts(*snapshot, service, hint_parts));
  }
  facts->snapshot = std::move(snapshot);
  return facts;
}

std::string named(const FactsList& all, const Facts& facts, std::string text) {
  return all.size() < 2 ? std::move(text) : printable(facts.project_name()) + ": " + text;
}

}  // namespace dockhand::lsp
