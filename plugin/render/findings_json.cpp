#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "check/check.h"
#include "plugin/render/findings.h"
#include "plugin/render/place.h"

namespace dockhand::plugin::render {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Json edits_of(const Finding& finding, const Places& places) {
  Json edits = Json::array();
  for (const TextEdit& edit : finding.fix) {
    const Place begin = places.at(edit.range.begin);
    const Place end = places.at(edit.range.end);
    edits.push_back({{"Line", begin.line},
                     {"Column", begin.column},
                     {"EndLine", end.line},
                     {"EndColumn", end.column},
                     {"Text", edit.text}});
  }
  return edits;
}

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::information:
    case Severity::hint:
      break;
  }
  return "note";
}

// A path as the URI that SARIF wants: relative ones stay relative.
std::string uri_of(std::string_view path) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain) {
      uri += c;
    } else {
      uri += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return uri;
}

Json region_of(Range range, const Places& places) {
  const Place begin = places.at(range.begin);
  const Place end = places.at(range.end);
  return {{"startLine", begin.line},
          {"startColumn", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column}};
}

Json rules() {
  Json rules = Json::array();
  for (const check::Code& code : check::codes()) {
    rules.push_back({{"id", code.name},
                     {"shortDescription", {{"text", code.help}}},
                     {"helpUri", check::documentation(code)},
                     {"defaultConfiguration", {{"level", level(code.severity)}}}});
  }
  return rules;
}

Json result_of(const CheckedFile& file, const Finding& finding, const Places& places) {
  const Json location = {{"artifactLocation", {{"uri", uri_of(file.name)}}},
                         {"region", region_of(finding.range, places)}};
  Json result = {{"ruleId", finding.code},
                 {"level", level(finding.severity)},
                 {"message", {{"text", printable(finding.message)}}},
                 {"locations", Json::array({{{"physicalLocation", location}}})}};
  const check::Code* code = check::find_code(finding.code);
  if (code) result["ruleIndex"] = code - check::codes().data();
  if (finding.fix.empty()) return result;
  Json replacements = Json::array();
  for (const TextEdit& edit : finding.fix) {
    replacements.push_back({{"deletedRegion", region_of(edit.range, places)},
                            {"insertedContent", {{"text", edit.text}}}});
  }
  result["fixes"] = Json::array(
      {{{"artifactChanges", Json::array({{{"artifactLocation", {{"uri", uri_of(file.name)}}},
                                          {"replacements", std::move(replacements)}}})}}});
  return result;
}

}  // namespace

std::string findings_json(const std::vector<CheckedFile>& files) {
  Json list = Json::array();
  for (const CheckedFile& file : files) {
    const Places places(file.text);
    for (const Finding& finding : *file.findings) {
      const Place begin = places.at(finding.range.begin);
      const Place end = places.at(finding.range.end);
      list.push_back({{"File", printable(file.name)},
                      {"Line", begin.line},
                      {"Column", begin.column},
                      {"EndLine", end.line},
                      {"EndColumn", end.column},
                      {"Severity", check::to_string(finding.severity)},
                      {"Code", finding.code},
                      {"Message", printable(finding.message)},
                      {"Fix", edits_of(finding, places)}});
    }
  }
  return dumped(list);
}

std::string findings_sarif(const std::vector<CheckedFile>& files, std::string_view version) {
  Json results = Json::array();
  for (const CheckedFile& file : files) {
    const Places places(file.text);
    for (const Finding& finding : *file.findings) {
      results.push_back(result_of(file, finding, places));
    }
  }
  const Json driver = {{"name", "dockhand"}, {"semanticVersion", version}, {"rules", rules()}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"columnKind", "unicodeCodePoints"},
                    {"results", std::move(results)}};
  return dumped({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({run})}});
}

}  // namespace dockhand::plugin::render
