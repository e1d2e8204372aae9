#include "plugin/render/model.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/text.h"
#include "base/unicode.h"
#include "compose/scalar.h"
#include "plugin/render/layout.h"
#include "yaml/quote.h"

namespace dockhand::plugin::render {
namespace {

constexpr std::string_view kMask = "\"********\"";
// Comments begin at one column; only lines that are longer push theirs further right.
constexpr std::size_t kWidestAligned = 48;

struct Line {
  std::string yaml;
  std::string comment;
};

// Text that stays text when it is read: in quotes when it would be a number, a boolean or a date,
// for Compose or for a reader of YAML 1.1.
std::string written_text(std::string_view text) {
  static constexpr std::string_view kOldBooleans[] = {"y", "n", "yes", "no", "on", "off"};
  const bool is_text = std::holds_alternative<std::string_view>(compose::resolve_plain(text)) &&
                       std::find(std::begin(kOldBooleans), std::end(kOldBooleans),
                                 to_lower_ascii(text)) == std::end(kOldBooleans);
  return is_text && yaml::is_plain_text(text) ? std::string(text) : yaml::double_quoted(text);
}

class Writer {
 public:
  Writer(const compose::Provenance& provenance, Secrets secrets)
      : provenance_(provenance), secrets_(secrets) {}

  // A value behind `head`, which is `key:`, `-` or nothing, at this depth.
  void write(const compose::Value& value, const std::string& head, int depth,
             Secrets secrets = Secrets::shown) {
    const compose::Value::Map* map = value.map();
    const compose::Value::List* list = value.list();
    if (map && !map->empty()) {
      open(head, depth);
      for (const compose::Member& member : *map) {
        write(member.value, written_text(member.key) + ":", below(head, depth),
              looks_secret(member.key) ? secrets_ : Secrets::shown);
      }
    } else if (list && !list->empty()) {
      open(head, depth);
      for (const compose::Value& item : *list) write(item, "-", below(head, depth));
    } else {
      const std::string gap = head.empty() ? "" : " ";
      add(head + gap + scalar(value, secrets), depth, provenance_.words(value));
    }
  }

  std::vector<Line> take() { return std::move(lines_); }

 private:
  static int below(const std::string& head, int depth) { return head.empty() ? depth : depth + 1; }

  void open(const std::string& head, int depth) {
    if (!head.empty()) add(head, depth, {});
  }

  void add(const std::string& text, int depth, std::string comment) {
    // The first member of an item stands on the item's own line.
    const std::size_t indent = 2 * static_cast<std::size_t>(depth);
    if (!lines_.empty() && lines_.back().yaml.size() + 1 == indent &&
        lines_.back().yaml.back() == '-' && lines_.back().comment.empty()) {
      lines_.back() = {lines_.back().yaml + " " + text, std::move(comment)};
      return;
    }
    lines_.push_back({std::string(indent, ' ') + text, std::move(comment)});
  }

  static std::string scalar(const compose::Value& value, Secrets secrets) {
    if (value.map()) return "{}";
    if (value.list()) return "[]";
    const compose::Value::Scalar* scalar = value.scalar();
    if (!scalar) return "null";
    if (secrets == Secrets::masked && !scalar->text.empty()) return std::string(kMask);
    return scalar->quoted ? written_text(scalar->text) : scalar->text;
  }

  const compose::Provenance& provenance_;
  const Secrets secrets_;
  std::vector<Line> lines_;
};

std::size_t comment_column(const std::vector<Line>& lines) {
  std::size_t column = 0;
  for (const Line& line : lines) {
    const std::size_t width = display_width(line.yaml);
    if (!line.comment.empty() && width <= kWidestAligned) column = std::max(column, width);
  }
  return column + 2;
}

// What of a comment fits behind `used` columns; nothing when hardly any of it does.
std::string fitting(const std::string& comment, std::size_t used, const Style& style) {
  constexpr std::size_t kLeast = 12;
  if (!style.terminal() || style.full) return comment;
  const auto width = static_cast<std::size_t>(style.width);
  if (width < used + kLeast) return {};
  return truncate_to_width(comment, width - used);
}

}  // namespace

std::vector<std::string> model_lines(const compose::Value& value,
                                     const compose::Provenance& provenance, const Style& style,
                                     Secrets secrets) {
  Writer writer(provenance, secrets);
  writer.write(value, {}, 0);
  const std::vector<Line> lines = writer.take();
  const std::size_t column = comment_column(lines);
  std::vector<std::string> out;
  out.reserve(lines.size());
  for (const Line& line : lines) {
    if (line.comment.empty()) {
      out.push_back(line.yaml);
      continue;
    }
    std::string text = padded(line.yaml, column);
    if (text.size() == line.yaml.size()) text += "  ";
    const std::string comment = fitting("# " + printable(line.comment), display_width(text), style);
    out.push_back(comment.empty() ? line.yaml : text + painted(style, Paint::dim, comment));
  }
  return out;
}

}  // namespace dockhand::plugin::render
