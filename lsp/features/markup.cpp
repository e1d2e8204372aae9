#include "lsp/features/markup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace dockhand::lsp {
namespace {

constexpr std::string_view kMarkdownCharacters = "\\`*_[]<>|#~&!";

std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0, run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

}  // namespace

std::string Markup::plain(std::string_view text) const {
  const std::string safe = printable(text);
  if (!markdown_) return safe;
  std::string out;
  for (const char c : safe) {
    if (kMarkdownCharacters.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string Markup::bold(std::string_view text) const {
  return markdown_ && !text.empty() ? fmt::format("**{}**", plain(text)) : plain(text);
}

std::string Markup::code(std::string_view text) const {
  const std::string safe = printable(text);
  if (!markdown_ || safe.empty()) return safe;
  const std::string fence(longest_run(safe, '`') + 1, '`');
  const bool padded =
      safe.front() == '`' || safe.back() == '`' || (safe.front() == ' ' && safe.back() == ' ');
  const std::string space = padded ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, space, safe);
}

std::string Markup::link(std::string_view url) const {
  if (!markdown_) return plain(url);
  const bool web = url.starts_with("http://") || url.starts_with("https://");
  const bool simple = url.find_first_of(" <>()[]\\`") == std::string_view::npos;
  if (!web || !simple || printable(url) != url) return code(url);
  return fmt::format("[{}]({})", plain(url), url);
}

void Markup::line(const std::string& content) {
  if (content.empty()) return;
  if (pending_break_) {
    text_ += "\n\n";
  } else if (!text_.empty()) {
    // Two spaces make a line end one in Markdown.
    text_ += markdown_ ? "  \n" : "\n";
  }
  pending_break_ = false;
  text_ += content;
}

void Markup::table(const std::vector<std::string>& head, const std::vector<std::string>& row) {
  paragraph();
  if (markdown_) {
    std::string rule = "|";
    for (std::size_t i = 0; i < head.size(); ++i) rule += "---|";
    line(fmt::format("| {} |\n{}\n| {} |", join(head, " | "), rule, join(row, " | ")));
  } else {
    std::vector<std::string> pairs;
    for (std::size_t i = 0; i < head.size(); ++i) pairs.push_back(head[i] + " " + row[i]);
    line(join(pairs, " · "));
  }
  paragraph();
}

}  // namespace dockhand::lsp
