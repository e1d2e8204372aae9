#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "yaml/tree.h"

// A tree as the event notation of the YAML test suite: the one place where the tests turn trees
// into something to compare with other parsers.
namespace dockhand::yaml::test {

inline std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\0':
        out += "\\0";
        break;
      default:
        out += c;
    }
  }
  return out;
}

class EventPrinter {
 public:
  explicit EventPrinter(const Tree& tree) : tree_(tree) {
    out_ = "+STR\n";
    const std::vector<Node> roots = tree.documents();
    const std::vector<DocumentMarks> marks = tree.marks();
    for (std::size_t i = 0; i < roots.size(); ++i) document(roots[i], marks[i]);
    out_ += "-STR\n";
  }
  const std::string& events() const { return out_; }

 private:
  void document(Node root, const DocumentMarks& marks) {
    const bool nothing = root.is_null() && root.anchor().empty() && root.tag().empty();
    if (nothing && marks.start.empty()) return;
    read_handles(marks);
    out_ += marks.start.empty() ? "+DOC\n" : "+DOC ---\n";
    node(root);
    out_ += marks.end.empty() ? "-DOC\n" : "-DOC ...\n";
  }

  void read_handles(const DocumentMarks& marks) {
    handles_ = {{"!!", "tag:yaml.org,2002:"}, {"!", "!"}};
    for (const Range range : marks.directives) {
      const std::string line = tree_.text().substr(range.begin, range.size());
      if (!line.starts_with("%TAG")) continue;
      const std::size_t handle = line.find_first_not_of(" \t", 4);
      const std::size_t handle_end = line.find_first_of(" \t", handle);
      const std::size_t prefix = line.find_first_not_of(" \t", handle_end);
      handles_[line.substr(handle, handle_end - handle)] = line.substr(prefix);
    }
  }

  // The tag's URI: handles replaced by their prefixes, %-escapes decoded.
  std::string resolved_tag(std::string_view tag) const {
    if (tag.starts_with("!<")) return std::string(tag.substr(2, tag.size() - 3));
    const std::size_t second = tag.find('!', 1);
    const std::string handle(tag.substr(0, second == std::string_view::npos ? 1 : second + 1));
    std::string out = handles_.at(handle);
    for (std::size_t i = handle.size(); i < tag.size(); ++i) {
      if (tag[i] == '%' && i + 2 < tag.size()) {
        out += static_cast<char>(std::stoi(std::string(tag.substr(i + 1, 2)), nullptr, 16));
        i += 2;
      } else {
        out += tag[i];
      }
    }
    return out;
  }

  void properties(Node node) {
    if (!node.anchor().empty()) out_ += " &" + std::string(node.anchor());
    if (!node.tag().empty()) out_ += " <" + resolved_tag(node.tag()) + ">";
  }

  void node(Node node) {
    switch (node.kind()) {
      case Kind::mapping:
        out_ += node.style() == Style::flow ? "+MAP {}" : "+MAP";
        properties(node);
        out_ += "\n";
        for (const Entry entry : node.entries()) {
          this->node(entry.key);
          this->node(entry.value);
        }
        out_ += "-MAP\n";
        return;
      case Kind::sequence:
        out_ += node.style() == Style::flow ? "+SEQ []" : "+SEQ";
        properties(node);
        out_ += "\n";
        for (const Node item : node.items()) this->node(item);
        out_ += "-SEQ\n";
        return;
      case Kind::alias:
        out_ += "=ALI *" + node.text() + "\n";
        return;
      case Kind::null:
      case Kind::scalar:
        out_ += "=VAL";
        properties(node);
        out_ += " ";
        out_ += style_mark(node.style());
        out_ += escaped(node.text()) + "\n";
        return;
    }
  }

  static char style_mark(Style style) {
    switch (style) {
      case Style::single_quoted:
        return '\'';
      case Style::double_quoted:
        return '"';
      case Style::literal:
        return '|';
      case Style::folded:
        return '>';
      default:
        return ':';
    }
  }

  const Tree& tree_;
  std::map<std::string, std::string> handles_;
  std::string out_;
};

inline std::string events(const Tree& tree) { return EventPrinter(tree).events(); }

}  // namespace dockhand::yaml::test
