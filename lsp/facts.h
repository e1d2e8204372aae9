#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "explain/report.h"
#include "live/snapshot.h"

namespace dockhand::lsp {

// Why a service is red, for its diagnostic.
struct Problem {
  std::string code;
  std::string message;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// What is shown of one service without being asked.
struct ServiceFacts {
  std::string state;  // The word for it: of a hint's parts the one that must not be shown late.
  std::string hint;
  std::vector<std::pair<std::string, std::string>> waits;  // Dependency's name, and its hint.
  std::optional<Problem> problem;
  friend bool operator==(const ServiceFacts&, const ServiceFacts&) = default;
};

// A Snapshot put into the words that hints and diagnostics show. Made once for each Snapshot, on
// the thread that publishes it, so that requests only look up; immutable and shared.
struct Facts {
  std::shared_ptr<const live::Snapshot> snapshot;  // Never null.
  std::map<std::string, ServiceFacts, std::less<>> services;
  // For the head of the file, when the Engine was reached and is lost; else empty.
  std::string notice;

  const std::string& project_name() const { return snapshot->project_name; }
  const ServiceFacts* find(std::string_view service) const;
  // Whether an editor would show the same for both.
  bool looks_like(const Facts& other) const;
};

// Those of the projects that one document belongs to: usually one.
using FactsList = std::vector<std::shared_ptr<const Facts>>;

// `hint_parts` as in the setting `hints.parts`.
std::shared_ptr<const Facts> make_facts(std::shared_ptr<const live::Snapshot> snapshot,
                                        const std::vector<explain::HintPart>& hint_parts);

// `text`, with the project's name in front of it where a document has several.
std::string named(const FactsList& all, const Facts& facts, std::string text);

}  // namespace dockhand::lsp
