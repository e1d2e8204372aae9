#include "plugin/render/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/unicode.h"
#include "check/check.h"
#include "plugin/render/place.h"
#include "yaml/line_index.h"

namespace dockhand::plugin::render {
namespace {

constexpr std::size_t kIndent = 4;
constexpr std::size_t kContext =
    16;  // Columns shown in front of a mark that lies far to the right.

Paint paint_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Paint::bad;
    case Severity::warning:
      return Paint::waiting;
    case Severity::information:
    case Severity::hint:
      break;
  }
  return Paint::dim;
}

// Where the value of a line begins whose key looks secret; the end of the line otherwise.
std::size_t secret_begin(std::string_view line) {
  const std::size_t separator = line.find_first_of(":=");
  if (separator == std::string_view::npos || !looks_secret(line.substr(0, separator))) {
    return line.size();
  }
  return std::min(line.find_first_not_of(" \t", separator + 1), line.size());
}

// A line of the file with a mark under a part of it.
class Excerpt {
 public:
  Excerpt(std::string_view line, std::size_t begin, std::size_t end)
      : line_(line), begin_(std::min(begin, line.size())), end_(std::min(end, line.size())) {}

  std::vector<std::string> lines(Severity severity, const Style& style) {
    mask();
    cut_front(style);
    const std::size_t room = static_cast<std::size_t>(style.width) > kIndent + 8
                                 ? static_cast<std::size_t>(style.width) - kIndent
                                 : 80;
    const std::string before = printable(line_.substr(0, begin_));
    const std::string marked = printable(line_.substr(begin_, end_ - begin_));
    const std::string whole = before + marked + printable(line_.substr(end_));
    const std::size_t from = display_width(front_ + before);
    if (from >= room) return {};
    const std::size_t size = std::clamp<std::size_t>(display_width(marked), 1, room - from);
    const std::string indent(kIndent, ' ');
    return {spelled(style, indent + truncate_to_width(front_ + whole, room)),
            indent + std::string(from, ' ') +
                painted(style, paint_of(severity), std::string(size, '^'))};
  }

 private:
  void mask() {
    const std::size_t secret = secret_begin(line_);
    if (secret >= line_.size()) return;
    line_ = line_.substr(0, secret) + "***";
    if (begin_ >= secret) begin_ = secret;
    end_ = std::min(end_, line_.size());
    if (begin_ == secret) end_ = line_.size();
  }

  // The indentation, and more where the mark would be too far to the right.
  void cut_front(const Style& style) {
    std::size_t cut = std::min(line_.find_first_not_of(" \t"), begin_);
    if (cut == std::string::npos) cut = 0;
    const auto width = static_cast<std::size_t>(std::max(style.width, 40));
    if (begin_ - cut > width / 2) {
      cut = begin_ - kContext;
      while (cut > 0 && (static_cast<unsigned char>(line_[cut]) & 0xC0U) == 0x80U) --cut;
      front_ = "…";
    }
    line_ = line_.substr(cut);
    begin_ -= cut;
    end_ -= cut;
  }

  std::string line_;
  std::size_t begin_, end_;  // Bytes.
  std::string front_;
};

// How many there are of each severity, by its number.
using Counts = std::array<std::size_t, 4>;

std::string counted(std::size_t count, std::string_view noun, std::string_view nouns) {
  return fmt::format("{} {}", count, count == 1 ? noun : nouns);
}

std::string summary(const Counts& counts, std::size_t files) {
  std::vector<std::string> parts;
  const auto add = [&](Severity severity, std::string_view noun, std::string_view nouns) {
    const std::size_t count = counts[static_cast<std::size_t>(severity)];
    if (count > 0) parts.push_back(counted(count, noun, nouns));
  };
  add(Severity::error, "error", "errors");
  add(Severity::warning, "warning", "warnings");
  add(Severity::information, "remark", "remarks");
  add(Severity::hint, "hint", "hints");
  const std::string where = counted(files, "file", "files");
  if (parts.empty()) return fmt::format("no mistakes in {}", where);
  return fmt::format("{} in {}", join(parts, ", "), where);
}

}  // namespace

std::vector<std::string> findings_text(const std::vector<CheckedFile>& files, const Style& style) {
  std::vector<std::string> lines;
  Counts counts{};
  for (const CheckedFile& file : files) {
    const Places places(file.text);
    for (const Finding& finding : *file.findings) {
      ++counts[static_cast<std::size_t>(finding.severity)];
      const Place begin = places.at(finding.range.begin);
      lines.push_back(fmt::format(
          "{}: {}: {} {}",
          painted(style, Paint::bold,
                  fmt::format("{}:{}:{}", printable(file.name), begin.line, begin.column)),
          painted(style, paint_of(finding.severity), check::to_string(finding.severity)),
          spelled(style, printable(finding.message)),
          painted(style, Paint::dim, "[" + finding.code + "]")));
      if (!style.terminal()) continue;
      const Range line = places.line_of(finding.range.begin);
      Excerpt excerpt(file.text.substr(line.begin, line.size()), finding.range.begin - line.begin,
                      finding.range.end - line.begin);
      for (std::string& one : excerpt.lines(finding.severity, style)) {
        lines.push_back(std::move(one));
      }
    }
  }
  lines.push_back(summary(counts, files.size()));
  return lines;
}

std::vector<std::string> edits_text(std::string_view text, const std::vector<TextEdit>& edits,
                                    const Style& style) {
  const yaml::LineIndex index(text);
  std::vector<std::string> lines;
  std::ptrdiff_t shift = 0;  // How many lines were added so far.
  const auto add = [&](std::string_view mark, std::ptrdiff_t number, std::string_view line,
                       Paint paint) {
    const std::size_t secret = secret_begin(line);
    std::string shown = printable(line.substr(0, secret));
    if (secret < line.size()) shown += "***";
    lines.push_back(
        painted(style, paint, spelled(style, fmt::format("{:>5} {} {}", number, mark, shown))));
  };
  for (std::size_t i = 0; i < edits.size();) {
    // Edits of the same lines are shown together.
    const std::uint32_t first = index.position(edits[i].range.begin).line;
    const std::uint32_t begin = index.line_begin(first);
    std::uint32_t end;  // Of the lines, as the edits so far reach.
    std::string after;
    std::uint32_t at = begin;
    do {
      const Range range = edits[i].range;
      after += text.substr(at, range.begin - at);
      after += edits[i].text;
      at = range.end;
      const bool whole = range.end > begin && text[range.end - 1] == '\n';
      const std::uint32_t last = index.position(range.end).line;
      end = whole && index.line_begin(last) == range.end ? range.end
            : last + 1 < index.line_count()              ? index.line_begin(last + 1)
                                                         : static_cast<std::uint32_t>(text.size());
      ++i;
    } while (i < edits.size() && edits[i].range.begin < end);
    after += text.substr(at, end - at);
    auto number = static_cast<std::ptrdiff_t>(first) + 1;
    for (const std::string_view line : split_lines(text.substr(begin, end - begin))) {
      add("-", number++, line, Paint::bad);
    }
    const std::ptrdiff_t removed = number - first - 1;
    number = static_cast<std::ptrdiff_t>(first) + 1 + shift;
    for (const std::string_view line : split_lines(after)) add("+", number++, line, Paint::good);
    shift = number - static_cast<std::ptrdiff_t>(first) - 1 - removed;
  }
  return lines;
}

}  // namespace dockhand::plugin::render
