#include "lsp/protocol/lifecycle.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace dockhand::lsp {
namespace {

bool holds(const json& value, std::string_view dotted, std::string_view word) {
  const json* list = find_path(value, dotted);
  return list && list->is_array() && std::any_of(list->begin(), list->end(), [&](const json& item) {
           return item.is_string() && item.get_ref<const std::string&>() == word;
         });
}

bool is_object_at(const json& value, std::string_view dotted) {
  const json* found = find_path(value, dotted);
  return found && found->is_object();
}

}  // namespace

ClientCapabilities read_client_capabilities(const json& capabilities) {
  ClientCapabilities client;
  client.utf8_positions = holds(capabilities, "general.positionEncodings", "utf-8");
  client.configuration = flag_at(capabilities, "workspace.configuration");
  client.configuration_events =
      flag_at(capabilities, "workspace.didChangeConfiguration.dynamicRegistration");
  client.inlay_hint_refresh = flag_at(capabilities, "workspace.inlayHint.refreshSupport");
  client.diagnostic_pull = is_object_at(capabilities, "textDocument.diagnostic");
  client.diagnostic_refresh = flag_at(capabilities, "workspace.diagnostics.refreshSupport");
  client.markdown_hover = holds(capabilities, "textDocument.hover.contentFormat", "markdown");
  client.code_action_literals =
      is_object_at(capabilities, "textDocument.codeAction.codeActionLiteralSupport");
  client.progress = flag_at(capabilities, "window.workDoneProgress");
  client.show_document = flag_at(capabilities, "window.showDocument.support");
  client.versioned_diagnostics =
      flag_at(capabilities, "textDocument.publishDiagnostics.versionSupport");
  // A client that fetches diagnostics says the same of those.
  for (const std::string_view kind :
       {"textDocument.publishDiagnostics", "textDocument.diagnostic"}) {
    const json* support = find_path(capabilities, kind);
    if (!support) continue;
    client.diagnostic_links |= flag_at(*support, "codeDescriptionSupport");
    client.diagnostic_tags |= is_object_at(*support, "tagSupport");
  }
  return client;
}

bool from_json(const json& value, InitializeParams& out, const Path& path) {
  const ObjectReader object(value, path);
  if (!object || !object.optional("capabilities", out.capabilities) ||
      !object.optional("initializationOptions", out.initializationOptions)) {
    return false;
  }
  const auto process = value.find("processId");
  if (process != value.end() && process->is_number_integer()) {
    out.processId = process->get<std::int64_t>();
  }
  return true;
}

bool from_json(const json& value, DidChangeConfigurationParams& out, const Path& path) {
  return ObjectReader(value, path).optional("settings", out.settings);
}

bool from_json(const json& value, WorkDoneProgressCancelParams& out, const Path& path) {
  return ObjectReader(value, path).required("token", out.token);
}

bool from_json(const json& value, CancelParams& out, const Path& path) {
  return ObjectReader(value, path).required("id", out.id);
}

bool from_json(const json&, NoParams&, const Path&) { return true; }

}  // namespace dockhand::lsp
