#include "lsp/documents.h"

#include <algorithm>
#include <utility>

#include "compose/loader.h"
#include "lsp/protocol/uri.h"

namespace dockhand::lsp {
namespace {

using Change = TextDocumentContentChangeEvent;

// So many edits at once (many cursors, a formatter) are spliced first and parsed together.
constexpr std::size_t kEditsParsedOneByOne = 8;

bool is_compose_language(const std::string& id) {
  return id == "dockercompose" || id == "docker-compose" || id == "yaml.docker-compose";
}

void set_text(Document& document, std::string text) {
  document.tree = yaml::Tree::parse(std::move(text));
  document.lines = yaml::LineIndex(document.text());
}

Range edited(std::string_view text, const yaml::LineIndex& lines, PositionEncoding encoding,
             const LspRange& range) {
  const std::uint32_t begin = to_offset(text, lines, encoding, range.start);
  const std::uint32_t end = to_offset(text, lines, encoding, range.end);
  return {std::min(begin, end), std::max(begin, end)};
}

void apply_one(Document& document, const Change& change) {
  if (!change.range) return set_text(document, change.text);
  const Range range = edited(document.text(), document.lines, document.encoding, *change.range);
  document.tree = document.tree.edit({range, change.text});
  document.lines = yaml::LineIndex(document.text());
}

void apply_together(Document& document, const std::vector<Change>& changes) {
  std::string text = document.text();
  for (const Change& change : changes) {
    if (!change.range) {
      text = change.text;
      continue;
    }
    const Range range = edited(text, yaml::LineIndex(text), document.encoding, *change.range);
    text.replace(range.begin, range.size(), change.text);
  }
  set_text(document, std::move(text));
}

}  // namespace

Position Document::position(std::uint32_t offset) const {
  return to_position(text(), lines, encoding, offset);
}

LspRange Document::range(Range range) const { return to_lsp_range(text(), lines, encoding, range); }

std::uint32_t Document::offset(Position position) const {
  return to_offset(text(), lines, encoding, position);
}

Range Document::bytes(const LspRange& range) const {
  return edited(text(), lines, encoding, range);
}

std::uint32_t Document::line_end(std::uint32_t offset) const {
  return lines.line_end(text(), lines.position(offset).line);
}

const Document* Documents::find(const std::string& uri) const {
  const auto found = documents_.find(uri);
  return found == documents_.end() ? nullptr : &found->second;
}

const Document* Documents::open(TextDocumentItem item) {
  if (documents_.size() >= kMaxOpen && !documents_.contains(item.uri)) return nullptr;
  Document& document = documents_[item.uri];
  document.uri = item.uri;
  document.path = path_of_uri(item.uri).value_or("");
  document.version = item.version;
  document.encoding = encoding_;
  document.compose =
      compose::is_compose_file_name(name_of_uri(item.uri)) || is_compose_language(item.languageId);
  set_text(document, std::move(item.text));
  return &document;
}

const Document* Documents::change(const DidChangeTextDocumentParams& params) {
  const auto found = documents_.find(params.textDocument.uri);
  if (found == documents_.end()) return nullptr;
  Document& document = found->second;
  document.version = params.textDocument.version;
  if (params.contentChanges.size() > kEditsParsedOneByOne) {
    apply_together(document, params.contentChanges);
  } else {
    for (const Change& change : params.contentChanges) apply_one(document, change);
  }
  return &document;
}

bool Documents::close(const std::string& uri) { return documents_.erase(uri) > 0; }

}  // namespace dockhand::lsp
