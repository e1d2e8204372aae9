#pragma once

#include <cstdint>
#include <optional>

#include "lsp/protocol/json_reader.h"

// The structures of the Language Server Protocol by which a client introduces itself, configures
// the server and takes requests back; the rest is in types.h, and so is how they are written.
namespace dockhand::lsp {

// NOLINTBEGIN(readability-identifier-naming): names are the protocol's.

// What the client can do, flattened; the comment is the path in `ClientCapabilities`.
struct ClientCapabilities {
  bool utf8_positions = false;         // general.positionEncodings holds `utf-8`
  bool configuration = false;          // workspace.configuration
  bool configuration_events = false;   // workspace.didChangeConfiguration.dynamicRegistration
  bool inlay_hint_refresh = false;     // workspace.inlayHint.refreshSupport
  bool diagnostic_pull = false;        // textDocument.diagnostic
  bool diagnostic_refresh = false;     // workspace.diagnostics.refreshSupport
  bool markdown_hover = false;         // textDocument.hover.contentFormat holds `markdown`
  bool code_action_literals = false;   // textDocument.codeAction.codeActionLiteralSupport
  bool progress = false;               // window.workDoneProgress
  bool show_document = false;          // window.showDocument.support
  bool versioned_diagnostics = false;  // textDocument.publishDiagnostics.versionSupport
  bool diagnostic_links = false;       // textDocument.publishDiagnostics.codeDescriptionSupport
  bool diagnostic_tags = false;        // textDocument.publishDiagnostics.tagSupport
};
ClientCapabilities read_client_capabilities(const json& capabilities);

struct InitializeParams {
  std::optional<std::int64_t> processId;
  json capabilities;
  json initializationOptions;
};
bool from_json(const json& value, InitializeParams& out, const Path& path);

struct DidChangeConfigurationParams {
  json settings;
};
bool from_json(const json& value, DidChangeConfigurationParams& out, const Path& path);

struct WorkDoneProgressCancelParams {
  json token;
};
bool from_json(const json& value, WorkDoneProgressCancelParams& out, const Path& path);

struct CancelParams {
  json id;
};
bool from_json(const json& value, CancelParams& out, const Path& path);

// Params of which nothing is read.
struct NoParams {};
bool from_json(const json& value, NoParams& out, const Path& path);

// NOLINTEND(readability-identifier-naming)

}  // namespace dockhand::lsp
