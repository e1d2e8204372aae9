#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockhand::lsp {

// Builds a text either as Markdown or, for editors that show none, as plain text. What is given to
// it may be hostile: in Markdown it shows as what it is and never becomes markup, a link or HTML.
class Markup {
 public:
  explicit Markup(bool markdown) : markdown_(markdown) {}

  std::string plain(std::string_view text) const;
  std::string bold(std::string_view text) const;
  std::string code(std::string_view text) const;
  // A web link; other schemes show as code, because editors would try to open them.
  std::string link(std::string_view url) const;

  // One more line of the present paragraph; empty ones are left out.
  void line(const std::string& content);
  void paragraph() { pending_break_ = !text_.empty(); }
  void table(const std::vector<std::string>& head, const std::vector<std::string>& row);

  const std::string& text() const { return text_; }

 private:
  bool markdown_;
  bool pending_break_ = false;
  std::string text_;
};

}  // namespace dockhand::lsp
