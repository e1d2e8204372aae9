#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "yaml/parser.h"

// Documents, their markers and directives.
namespace dockhand::yaml {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != dot && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> found;
  constexpr std::string_view kBlanks = " \t";
  for (std::size_t at = text.find_first_not_of(kBlanks); at != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kBlanks, at), text.size());
    found.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(kBlanks, end);
  }
  return found;
}

}  // namespace

void Parser::stream() {
  if (std::string_view(text_, size_).starts_with(kByteOrderMark)) pos_ = 3;
  begin_line();
  separate();
  bool directives_allowed = true;
  while (!at_end()) {
    const bool stray_end = at_marker() && peek() == '.';
    if (stray_end) {
      DocumentData none;
      document_end_marker(none);
      directives_allowed = true;
      continue;
    }
    document(directives_allowed);
    directives_allowed = !tree_.documents.back().marks.end.empty();
  }
  if (!tree_.documents.empty()) return;
  DocumentData empty;
  empty.begin = pos_;
  empty.marks.start = empty.marks.end = {pos_, pos_};
  empty.root = null_node(pos_, {});
  tree_.documents.push_back(std::move(empty));
}

// l-any-document. What follows a complete root node without a marker is kept as a document of its
// own.
void Parser::document(bool directives_allowed) {
  DocumentData data;
  data.begin = pos_;
  if (directives_allowed) directives(data);
  data.marks.start = {pos_, pos_};
  if (at_marker() && peek() == '-') {
    data.marks.start.end = pos_ + 3;
    pos_ += 3;
    data.root = block_node({-1, Where::document_line});
  } else {
    if (!data.marks.directives.empty()) flaw(FlawCode::missing_document_start, data.begin, pos_);
    data.root = block_node({-1, Where::document});
  }
  data.marks.end = {pos_, pos_};
  if (!stop()) flaw(FlawCode::content_after_root, pos_, pos_ + 1);
  if (at_marker() && peek() == '.') document_end_marker(data);
  tree_.documents.push_back(std::move(data));
}

void Parser::directives(DocumentData& document) {
  bool version_seen = false;
  while (peek() == '%' && pos_ == line_) {
    const std::string_view kind = directive(document);
    const Range range = document.marks.directives.back();
    if (kind == "%YAML" && version_seen) flaw(FlawCode::bad_directive, range.begin, range.end);
    if (kind == "%YAML") version_seen = true;
    separate();
  }
}

// l-directive. Unknown ones are reserved and mean nothing. Returns its name, `%` included.
std::string_view Parser::directive(DocumentData& document) {
  const std::uint32_t begin = pos_;
  while (plain_line(pos_ + 1, false) == LineEnd::colon) skip_blanks();
  const Range range{begin, pos_};
  const std::string_view written(text_ + begin, range.size());
  const std::vector<std::string_view> parts = words(written);
  bool sound = true;
  if (parts.front() == "%YAML") {
    sound = parts.size() == 2 && is_version(parts[1]);
  } else if (parts.front() == "%TAG") {
    sound = parts.size() == 3 && parts[1].front() == '!' && parts[1].back() == '!';
  }
  if (!sound) flaw(FlawCode::bad_directive, begin, pos_);
  document.marks.directives.push_back(range);
  return parts.front();
}

// l-document-suffix: `...`, from its first dot.
void Parser::document_end_marker(DocumentData& document) {
  document.marks.end = {pos_, pos_ + 3};
  pos_ += 3;
  trailing_text();
  separate();
}

}  // namespace dockhand::yaml
