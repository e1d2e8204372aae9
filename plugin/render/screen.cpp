#include "plugin/render/screen.h"

#include <fmt/format.h>

#include <algorithm>

namespace dockhand::plugin::render {
namespace {

constexpr std::string_view kClearToLineEnd = "\x1b[K";
constexpr std::string_view kClearToScreenEnd = "\x1b[J";
// Synchronised output: a terminal that knows it shows the whole change at once; others ignore it.
constexpr std::string_view kBeginUpdate = "\x1b[?2026h";
constexpr std::string_view kEndUpdate = "\x1b[?2026l";

void fit(std::vector<std::string>& lines, std::size_t rows) {
  if (lines.size() <= rows || rows == 0) return;
  const std::size_t hidden = lines.size() - rows + 1;
  lines.resize(rows);
  lines.back() = fmt::format("... {} more lines: enlarge the terminal", hidden);
}

std::size_t rows_of(io::TerminalSize size) {
  return static_cast<std::size_t>(std::max(size.rows, 1));
}

}  // namespace

// Alternate screen, cursor hidden, no wrapping at the right edge: a line whose width was misjudged
// is cut instead of pushing the others down.
std::string Screen::enter() const { return "\x1b[?1049h\x1b[?25l\x1b[?7l"; }
std::string Screen::leave() const { return "\x1b[?7h\x1b[?25h\x1b[?1049l"; }

std::string Screen::draw(std::vector<std::string> lines, io::TerminalSize size) {
  fit(lines, rows_of(size));
  std::string changes;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (known_ && i < shown_.size() && shown_[i] == lines[i]) continue;
    changes += fmt::format("\x1b[{};1H{}{}", i + 1, lines[i], kClearToLineEnd);
  }
  const bool rest_to_clear = !known_ || shown_.size() > lines.size();
  if (rest_to_clear && lines.size() < rows_of(size)) {
    changes += fmt::format("\x1b[{};1H{}", lines.size() + 1, kClearToScreenEnd);
  }
  known_ = true;
  shown_ = std::move(lines);
  if (changes.empty()) return changes;
  return std::string(kBeginUpdate) + changes + std::string(kEndUpdate);
}

std::string LiveRegion::draw(std::vector<std::string> lines, io::TerminalSize size) {
  // A region that fills the terminal could not be gone back over.
  fit(lines, rows_of(size) > 1 ? rows_of(size) - 1 : 1);
  if (lines == shown_) return {};
  std::string bytes(kBeginUpdate);
  if (!shown_.empty()) bytes += fmt::format("\x1b[{}A", shown_.size());
  bytes += "\r";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i < shown_.size() && shown_[i] == lines[i]) {
      bytes += "\n";
    } else {
      bytes += lines[i] + std::string(kClearToLineEnd) + "\n";
    }
  }
  if (lines.size() < shown_.size()) bytes += kClearToScreenEnd;
  shown_ = std::move(lines);
  return bytes + std::string(kEndUpdate);
}

std::string LiveRegion::clear() {
  if (shown_.empty()) return {};
  std::string bytes = fmt::format("\x1b[{}A\r{}", shown_.size(), kClearToScreenEnd);
  shown_.clear();
  return bytes;
}

}  // namespace dockhand::plugin::render
