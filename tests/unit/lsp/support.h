#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compose/loader.h"
#include "engine/container.h"
#include "io/file_system.h"
#include "live/snapshot.h"
#include "lsp/documents.h"
#include "lsp/facts.h"
#include "lsp/projects.h"

// Builds what features look at, out of annotated texts and short descriptions of containers.
namespace dockhand::lsp::test {

inline constexpr const char* kPath = "/srv/shop/compose.yaml";
inline constexpr const char* kUri = "file:///srv/shop/compose.yaml";
// 2026-11-21T14:00:00Z.
inline constexpr Time kNow{std::chrono::seconds(1'795'269'600)};

// A text in which `^` marks points and `[[`, `]]` enclose ranges.
struct Marked {
  std::string text;
  std::vector<std::uint32_t> points;
  std::vector<Range> ranges;
};

inline Marked unmark(std::string_view marked) {
  Marked out;
  std::uint32_t begin = 0;
  for (std::size_t i = 0; i < marked.size(); ++i) {
    const auto here = static_cast<std::uint32_t>(out.text.size());
    const std::string_view rest = marked.substr(i);
    if (rest.starts_with("[[")) {
      begin = here;
      ++i;
    } else if (rest.starts_with("]]")) {
      out.ranges.push_back({begin, here});
      ++i;
    } else if (rest.starts_with('^')) {
      out.points.push_back(here);
    } else {
      out.text += rest.front();
    }
  }
  return out;
}

inline Document document(const std::string& text, const std::string& uri = kUri,
                         PositionEncoding encoding = PositionEncoding::utf16) {
  Documents documents;
  documents.set_encoding(encoding);
  return *documents.open({uri, "yaml", 1, text});
}

inline Range whole(const Document& document) {
  return {0, static_cast<std::uint32_t>(document.text().size())};
}

inline std::shared_ptr<const compose::Project> project(const std::string& text) {
  io::MemoryFileSystem files;
  files.write(kPath, text);
  compose::LoadOptions options;
  options.working_directory = "/srv/shop";
  auto loaded = compose::load(options, files);
  REQUIRE(loaded);
  return std::make_shared<compose::Project>(std::move(*loaded));
}

using Containers = std::vector<std::shared_ptr<const engine::Container>>;

// A container of the project `shop`, running for ten minutes unless `change` says otherwise.
inline std::shared_ptr<const engine::Container> container(
    const std::string& service, const std::function<void(engine::Container&)>& change = {}) {
  engine::Container one;
  one.id = std::string(52, '0') + "3f2a91c0b7d4";
  one.id.replace(0, service.size(), service);
  one.name = "shop-" + service + "-1";
  one.image = "shop/" + service;
  one.labels = {{std::string(engine::label::kProject), "shop"},
                {std::string(engine::label::kService), service},
                {std::string(engine::label::kNumber), "1"}};
  one.status = engine::ContainerStatus::running;
  one.created_at = one.started_at = kNow - std::chrono::minutes(10);
  if (change) change(one);
  return std::make_shared<engine::Container>(std::move(one));
}

inline void unhealthy(engine::Container& one) {
  engine::Health health;
  health.status = engine::HealthStatus::unhealthy;
  health.failing_streak = 3;
  health.log.push_back({kNow - std::chrono::seconds(5), kNow - std::chrono::seconds(4), 1,
                        "db: connection refused"});
  one.health = health;
}

inline void exited(engine::Container& one) {
  one.status = engine::ContainerStatus::exited;
  one.exit_code = 137;
  one.oom_killed = true;
  one.restart_count = 3;
  one.finished_at = kNow - std::chrono::minutes(4);
}

inline live::SnapshotParts parts(const std::string& text, Containers containers) {
  live::SnapshotParts parts;
  parts.taken = kNow;
  parts.project_name = "shop";
  parts.project = project(text);
  parts.engine.connection = live::Connection::connected;
  parts.engine.listed = true;
  parts.containers = std::move(containers);
  return parts;
}

inline std::shared_ptr<const Facts> facts(live::SnapshotParts parts) {
  return make_facts(live::assemble(std::move(parts)),
                    explain::parse_hint_parts("state,latency,url,used-by"));
}

inline std::shared_ptr<const Facts> facts(const std::string& text, Containers containers) {
  return facts(parts(text, std::move(containers)));
}

// The state of the one project that these facts speak of.
inline ProjectState state_of(std::shared_ptr<const Facts> facts) {
  ProjectState state;
  state.key = "key";
  state.model = state.good = facts->snapshot->project;
  state.facts = std::move(facts);
  return state;
}

}  // namespace dockhand::lsp::test
