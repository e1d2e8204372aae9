#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/unicode.h"
#include "explain/report.h"

namespace dockhand::explain {
namespace {

using Json = nlohmann::ordered_json;

std::string_view word_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return "good";
    case Tone::waiting:
      return "waiting";
    case Tone::bad:
      return "bad";
    case Tone::idle:
      return "idle";
  }
  return "idle";
}

// Milliseconds to the microsecond.
Json milliseconds(std::optional<Duration> duration) {
  if (!duration) return nullptr;
  return std::round(static_cast<double>(duration->count()) / 1000.0) / 1000.0;
}

Json time(std::optional<Time> time) { return time ? Json(format_rfc3339(*time)) : Json(nullptr); }

Json urls_of(const ServiceReport& report) {
  Json urls = Json::array();
  for (const topology::ServiceUrl& url : report.urls) urls.push_back(to_valid_utf8(url.text));
  return urls;
}

Json dependencies_of(const ServiceReport& report) {
  Json all = Json::array();
  for (const topology::Edge& edge : report.depends_on) {
    all.push_back({{"Service", printable(edge.service)},
                   {"Condition", compose::to_string(edge.condition)},
                   {"Required", edge.required},
                   {"Restart", edge.restart}});
  }
  return all;
}

Json names_of(const std::vector<std::string>& names) {
  Json all = Json::array();
  for (const std::string& name : names) all.push_back(printable(name));
  return all;
}

Json errors_of(const ServiceReport& report) {
  Json all = Json::array();
  for (const health::TrailEntry& entry : report.trail) {
    all.push_back({{"Time", format_rfc3339(entry.time)}, {"Cause", entry.cause}});
  }
  return all;
}

Json checks_of(const ServiceReport& report) {
  Json all = Json::array();
  for (const auto& [when, output] : report.health_log) {
    all.push_back({{"Time", format_rfc3339(when)}, {"Output", output}});
  }
  return all;
}

std::optional<Duration> percentile(const ServiceReport& report,
                                   Duration health::Percentiles::*which) {
  if (!report.latency) return std::nullopt;
  return (*report.latency).*which;
}

}  // namespace

Json to_json(const ServiceReport& report) {
  Json json;
  json["Service"] = report.name;
  json["State"] = report.known ? live::to_string(report.state) : "unknown";
  json["Status"] = report.state_word;
  json["Tone"] = word_of(report.tone);
  json["Health"] = report.health;
  json["Up"] = report.up;
  json["URL"] = report.urls.empty() ? std::string() : to_valid_utf8(report.urls.front().text);
  json["Reason"] = report.reason;
  json["ReasonShort"] = report.reason_short;
  json["ReasonCode"] = report.reason_code;
  json["URLs"] = urls_of(report);
  json["DependsOn"] = dependencies_of(report);
  json["UsedBy"] = names_of(report.used_by);
  json["UsedByIndirectly"] = names_of(report.used_by_indirectly);
  json["LatencyMs"] = milliseconds(report.last_latency);
  json["P50Ms"] = milliseconds(percentile(report, &health::Percentiles::p50));
  json["P90Ms"] = milliseconds(percentile(report, &health::Percentiles::p90));
  json["P99Ms"] = milliseconds(percentile(report, &health::Percentiles::p99));
  json["Samples"] = report.latency_samples;
  json["Errors"] = errors_of(report);
  json["Checks"] = checks_of(report);
  json["Image"] = report.image;
  json["ImageID"] = report.image_id;
  json["Container"] = report.container_name;
  json["ContainerID"] = report.container_id;
  json["Containers"] = report.containers;
  json["Restarts"] = report.restarts;
  json["ExitCode"] = report.exit_code ? Json(*report.exit_code) : Json(nullptr);
  json["OOMKilled"] = report.oom;
  json["StartedAt"] = time(report.started_at);
  json["FinishedAt"] = time(report.finished_at);
  json["Since"] = time(report.since);
  json["Orphan"] = report.orphan;
  json["Stale"] = report.stale;
  return json;
}

Json to_json(const ProjectReport& report) {
  Json json;
  json["Project"] = report.name;
  json["Files"] = report.files;
  json["Summary"] = report.summary;
  json["Notice"] = report.notice;
  json["AllGood"] = report.all_good;
  json["Waiting"] = report.waiting;
  Json services = Json::array();
  for (const ServiceReport& service : report.services) services.push_back(to_json(service));
  json["Services"] = std::move(services);
  return json;
}

}  // namespace dockhand::explain
