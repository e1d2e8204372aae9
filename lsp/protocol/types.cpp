#include "lsp/protocol/types.h"

namespace dockhand::lsp {

bool from_json(const json& value, Position& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("line", out.line) && object.required("character", out.character);
}

json to_json(const Position& position) {
  return {{"line", position.line}, {"character", position.character}};
}

bool from_json(const json& value, LspRange& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("start", out.start) && object.required("end", out.end);
}

json to_json(const LspRange& range) {
  return {{"start", to_json(range.start)}, {"end", to_json(range.end)}};
}

bool from_json(const json& value, TextDocumentIdentifier& out, const Path& path) {
  return ObjectReader(value, path).required("uri", out.uri);
}

bool from_json(const json& value, TextDocumentItem& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("uri", out.uri) && object.optional("languageId", out.languageId) &&
         object.optional("version", out.version) && object.required("text", out.text);
}

bool from_json(const json& value, DidOpenTextDocumentParams& out, const Path& path) {
  return ObjectReader(value, path).required("textDocument", out.textDocument);
}

bool from_json(const json& value, VersionedTextDocumentIdentifier& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("uri", out.uri) && object.optional("version", out.version);
}

bool from_json(const json& value, TextDocumentContentChangeEvent& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.optional("range", out.range) && object.required("text", out.text);
}

bool from_json(const json& value, DidChangeTextDocumentParams& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("textDocument", out.textDocument) &&
         object.required("contentChanges", out.contentChanges);
}

bool from_json(const json& value, DocumentParams& out, const Path& path) {
  return ObjectReader(value, path).required("textDocument", out.textDocument);
}

bool from_json(const json& value, TextDocumentPositionParams& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("textDocument", out.textDocument) &&
         object.required("position", out.position);
}

json to_json(const Hover& hover) {
  return {
      {"contents", {{"kind", hover.markdown ? "markdown" : "plaintext"}, {"value", hover.value}}},
      {"range", to_json(hover.range)}};
}

bool from_json(const json& value, InlayHintParams& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("textDocument", out.textDocument) && object.required("range", out.range);
}

json to_json(const InlayHint& hint) {
  return {{"position", to_json(hint.position)}, {"label", hint.label}, {"paddingLeft", true}};
}

json to_json(const Diagnostic& diagnostic) {
  json value = {{"range", to_json(diagnostic.range)},
                {"severity", static_cast<int>(diagnostic.severity)},
                {"code", diagnostic.code},
                {"source", "dockhand"},
                {"message", diagnostic.message}};
  if (!diagnostic.documentation.empty()) {
    value["codeDescription"] = {{"href", diagnostic.documentation}};
  }
  if (diagnostic.tag != DiagnosticTag::none) {
    value["tags"] = json::array({static_cast<int>(diagnostic.tag)});
  }
  return value;
}

bool from_json(const json& value, CodeActionContext& out, const Path& path) {
  const ObjectReader object(value, path);
  int trigger = 0;
  if (!object.optional("diagnostics", out.diagnostics) || !object.optional("only", out.only) ||
      !object.optional("triggerKind", trigger)) {
    return false;
  }
  if (trigger == 1) out.triggerKind = CodeActionTrigger::invoked;
  if (trigger == 2) out.triggerKind = CodeActionTrigger::automatic;
  return true;
}

bool from_json(const json& value, CodeActionParams& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("textDocument", out.textDocument) && object.required("range", out.range) &&
         object.optional("context", out.context);
}

json to_json(const Command& command) {
  return {{"title", command.title}, {"command", command.command}, {"arguments", command.arguments}};
}

json to_json(const CodeAction& action) {
  json value = {{"title", action.title}, {"kind", action.kind}};
  if (!action.command.command.empty()) value["command"] = to_json(action.command);
  if (!action.edit.is_null()) value["edit"] = action.edit;
  if (action.preferred) value["isPreferred"] = true;
  if (!action.diagnostics.empty()) value["diagnostics"] = action.diagnostics;
  return value;
}

bool from_json(const json& value, ExecuteCommandParams& out, const Path& path) {
  const ObjectReader object(value, path);
  return object.required("command", out.command) && object.optional("arguments", out.arguments) &&
         object.optional("workDoneToken", out.workDoneToken);
}

}  // namespace dockhand::lsp
