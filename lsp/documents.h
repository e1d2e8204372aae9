#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/range.h"
#include "lsp/protocol/position.h"
#include "lsp/protocol/types.h"
#include "yaml/line_index.h"
#include "yaml/tree.h"

namespace dockhand::lsp {

// One version of an open document. The tree and the line index belong to the same text.
struct Document {
  std::string uri;
  std::string path;  // Absolute; empty for what is no file of this machine: syntax only.
  int version = 0;
  bool compose = false;  // Features apply to it: by its name, or because the editor says so.
  PositionEncoding encoding = PositionEncoding::utf16;
  yaml::Tree tree;
  yaml::LineIndex lines;

  const std::string& text() const { return tree.text(); }
  Position position(std::uint32_t offset) const;
  LspRange range(Range range) const;
  std::uint32_t offset(Position position) const;
  Range bytes(const LspRange& range) const;
  // Where the content of the line that holds this offset ends.
  std::uint32_t line_end(std::uint32_t offset) const;
};

// The open documents, parsed as they change. Owned and used by the dispatch thread.
class Documents {
 public:
  // An editor holds no more than this; further ones are not opened.
  static constexpr std::size_t kMaxOpen = 1000;

  void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }

  // Null when the document is not open.
  const Document* find(const std::string& uri) const;
  const std::map<std::string, Document>& all() const { return documents_; }

  // Null when too many are open.
  const Document* open(TextDocumentItem item);
  // Null when the document is not open. Changes apply in their order, each to the text that the
  // one before it made.
  const Document* change(const DidChangeTextDocumentParams& params);
  bool close(const std::string& uri);

 private:
  std::map<std::string, Document> documents_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
};

}  // namespace dockhand::lsp
