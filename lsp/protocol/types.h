#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lsp/protocol/json_reader.h"

// The structures of the Language Server Protocol 3.17 that are in use, spelled as there and holding
// only the members that are read or written. Structures that clients send have from_json, those
// that the server sends have to_json.
namespace dockhand::lsp {

// NOLINTBEGIN(readability-identifier-naming): names are the protocol's.

// Columns are in the negotiated unit: see position.h.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};
bool from_json(const json& value, Position& out, const Path& path);
json to_json(const Position& position);

struct LspRange {
  Position start, end;
  friend bool operator==(const LspRange&, const LspRange&) = default;
};
bool from_json(const json& value, LspRange& out, const Path& path);
json to_json(const LspRange& range);

struct TextDocumentIdentifier {
  std::string uri;
};
bool from_json(const json& value, TextDocumentIdentifier& out, const Path& path);

struct TextDocumentItem {
  std::string uri;
  std::string languageId;
  int version = 0;
  std::string text;
};
bool from_json(const json& value, TextDocumentItem& out, const Path& path);

struct DidOpenTextDocumentParams {
  TextDocumentItem textDocument;
};
bool from_json(const json& value, DidOpenTextDocumentParams& out, const Path& path);

struct VersionedTextDocumentIdentifier {
  std::string uri;
  int version = 0;
};
bool from_json(const json& value, VersionedTextDocumentIdentifier& out, const Path& path);

struct TextDocumentContentChangeEvent {
  std::optional<LspRange> range;  // Nothing: `text` is the whole document.
  std::string text;
};
bool from_json(const json& value, TextDocumentContentChangeEvent& out, const Path& path);

struct DidChangeTextDocumentParams {
  VersionedTextDocumentIdentifier textDocument;
  std::vector<TextDocumentContentChangeEvent> contentChanges;
};
bool from_json(const json& value, DidChangeTextDocumentParams& out, const Path& path);

// Of didClose, didSave and `textDocument/diagnostic`, which say nothing else of interest.
struct DocumentParams {
  TextDocumentIdentifier textDocument;
};
bool from_json(const json& value, DocumentParams& out, const Path& path);

struct TextDocumentPositionParams {
  TextDocumentIdentifier textDocument;
  Position position;
};
bool from_json(const json& value, TextDocumentPositionParams& out, const Path& path);

struct Hover {
  bool markdown = true;
  std::string value;
  LspRange range;
};
json to_json(const Hover& hover);

struct InlayHintParams {
  TextDocumentIdentifier textDocument;
  LspRange range;
};
bool from_json(const json& value, InlayHintParams& out, const Path& path);

struct InlayHint {
  Position position;
  std::string label;
  friend bool operator==(const InlayHint&, const InlayHint&) = default;
};
json to_json(const InlayHint& hint);

enum class DiagnosticSeverity : int { error = 1, warning = 2, information = 3, hint = 4 };

enum class DiagnosticTag : int { none = 0, unnecessary = 1, deprecated = 2 };

struct Diagnostic {
  LspRange range;
  DiagnosticSeverity severity = DiagnosticSeverity::error;
  std::string code;
  std::string message;
  std::string documentation = {};  // URL; empty: none.
  DiagnosticTag tag = DiagnosticTag::none;
  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};
json to_json(const Diagnostic& diagnostic);

enum class CodeActionTrigger : int { unknown = 0, invoked = 1, automatic = 2 };

struct CodeActionContext {
  json diagnostics = json::array();  // Handed back as they came.
  std::optional<std::vector<std::string>> only;
  CodeActionTrigger triggerKind = CodeActionTrigger::unknown;
};
bool from_json(const json& value, CodeActionContext& out, const Path& path);

struct CodeActionParams {
  TextDocumentIdentifier textDocument;
  LspRange range;
  CodeActionContext context;
};
bool from_json(const json& value, CodeActionParams& out, const Path& path);

struct Command {
  std::string title;
  std::string command;
  json arguments = json::array();
};
json to_json(const Command& command);

struct CodeAction {
  std::string title;
  std::string kind;
  json diagnostics = json::array();  // Those it mends.
  Command command = {};              // Without a name: none.
  json edit = {};                    // A WorkspaceEdit; null: none.
  bool preferred = false;
};
json to_json(const CodeAction& action);

struct ExecuteCommandParams {
  std::string command;
  json arguments = json::array();
  json workDoneToken;  // Null when the client gave none.
};
bool from_json(const json& value, ExecuteCommandParams& out, const Path& path);

enum class MessageType : int { error = 1, warning = 2, info = 3, log = 4 };

// NOLINTEND(readability-identifier-naming)

template <class T>
json to_json(const std::vector<T>& items) {
  json array = json::array();
  for (const T& item : items) array.push_back(to_json(item));
  return array;
}

template <class T>
json to_json(const std::optional<T>& item) {
  return item ? to_json(*item) : json();
}

inline json to_json(json value) { return value; }

}  // namespace dockhand::lsp
