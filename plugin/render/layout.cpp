#include "plugin/render/layout.h"

#include <algorithm>

#include "base/text.h"
#include "base/unicode.h"

namespace dockhand::plugin::render {
namespace {

constexpr std::size_t kGap = 2;
// Easier on the eye, where there is room.
constexpr std::size_t kWideGap = 3;
// Below this a column that must be cut says nothing any more.
constexpr std::size_t kNarrowest = 8;

const Cell& cell_of(const Row& row, std::size_t column) {
  static const Cell kNone;
  return column < row.cells.size() ? row.cells[column] : kNone;
}

std::vector<std::size_t> natural_widths(const Table& table, const Style& style) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::size_t least = style.terminal() ? table.columns[i].least : 0;
    std::size_t width = std::max(least, display_width(table.columns[i].header));
    for (const Row& row : table.rows) {
      width = std::max(width, display_width(spelled(style, cell_of(row, i).text)));
    }
    widths.push_back(width);
  }
  return widths;
}

// What a table comes to at one width: the columns that stay, how wide they are, how far apart.
struct Grid {
  std::vector<std::size_t> columns;  // Indices of Table::columns.
  std::vector<std::size_t> widths;   // Of all columns.
  std::size_t gap = kGap;
  std::size_t gap_after_first = kGap;

  std::size_t after(std::size_t column) const {
    return column == columns.front() ? gap_after_first : gap;
  }
  std::size_t total() const {
    std::size_t total = 0;
    for (const std::size_t column : columns) {
      total += widths[column] + (column == columns.back() ? 0 : after(column));
    }
    return total;
  }
};

void widen_gaps(Grid& grid, const Table& table) {
  grid.gap = kWideGap;
  // A first column without a header holds symbols, which belong close to what they mark.
  grid.gap_after_first = table.columns.front().header.empty() ? kGap : kWideGap;
}

void drop_columns(Grid& grid, const Table& table, std::size_t limit) {
  while (grid.total() > limit) {
    const auto first_to_leave = std::max_element(
        grid.columns.begin(), grid.columns.end(), [&table](std::size_t a, std::size_t b) {
          return table.columns[a].leaves < table.columns[b].leaves;
        });
    const Column& column = table.columns[*first_to_leave];
    if (column.leaves == 0) break;
    std::size_t& width = grid.widths[*first_to_leave];
    const std::size_t too_much = grid.total() - limit;
    if (column.shrinks_to > 0 && width >= column.shrinks_to + too_much) {
      width -= too_much;
      break;
    }
    grid.columns.erase(first_to_leave);
  }
}

// Takes what is too much from the widest of the columns that stay.
void shrink(Grid& grid, std::size_t limit) {
  while (grid.total() > limit) {
    const std::size_t widest = *std::max_element(
        grid.columns.begin(), grid.columns.end(),
        [&grid](std::size_t a, std::size_t b) { return grid.widths[a] < grid.widths[b]; });
    if (grid.widths[widest] <= kNarrowest) return;
    --grid.widths[widest];
  }
}

Grid grid_of(const Table& table, const Style& style) {
  Grid grid;
  for (std::size_t i = 0; i < table.columns.size(); ++i) grid.columns.push_back(i);
  grid.widths = natural_widths(table, style);
  if (grid.columns.empty()) return grid;
  const bool bounded = style.terminal() && !style.full;
  const auto limit = static_cast<std::size_t>(style.width);
  Grid wide = grid;
  widen_gaps(wide, table);
  if (!bounded || wide.total() <= limit) return wide;
  drop_columns(grid, table, limit);
  shrink(grid, limit);
  Grid wide_again = grid;
  widen_gaps(wide_again, table);
  return wide_again.total() <= limit ? wide_again : grid;
}

std::string trimmed_end(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::string fitted(const Style& style, std::string_view text, std::size_t width) {
  std::string spelled_text = spelled(style, text);
  if (display_width(spelled_text) <= width) return spelled_text;
  if (style.utf8) return truncate_to_width(spelled_text, width);
  return spelled_text.substr(0, width - std::min<std::size_t>(width, 3)) +
         std::string(std::min<std::size_t>(width, 3), '.');
}

std::string header_line(const Table& table, const Style& style, const Grid& grid) {
  std::string line;
  for (const std::size_t column : grid.columns) {
    line += padded(table.columns[column].header, grid.widths[column]) +
            std::string(grid.after(column), ' ');
  }
  return painted(style, Paint::dim, trimmed_end(line));
}

std::string row_line(const Row& row, const Style& style, const Grid& grid) {
  std::string line;
  std::size_t pending = 0;  // Spaces owed before the next text, so that no line ends in one.
  for (const std::size_t column : grid.columns) {
    const Cell& cell = cell_of(row, column);
    const std::size_t width = grid.widths[column];
    const std::string text = fitted(style, cell.text, width);
    if (!text.empty()) {
      line +=
          std::string(pending, ' ') + linked(style, cell.link, painted(style, cell.paint, text));
      pending = 0;
    }
    pending += width - std::min(width, display_width(text)) + grid.after(column);
  }
  return line;
}

std::size_t note_indent(const Table& table, const Style& style, const Grid& grid) {
  std::size_t indent = 0, first_column_end = 0;
  for (const std::size_t column : grid.columns) {
    if (column >= table.note_column) break;
    indent += grid.widths[column] + grid.after(column);
    if (first_column_end == 0) first_column_end = indent;
  }
  if (!style.terminal()) return indent;
  // Beside very long names too little room would be left.
  return indent * 5 > static_cast<std::size_t>(style.width) * 2 ? first_column_end : indent;
}

void add_note(std::vector<std::string>& lines, const Row& row, const Table& table,
              const Style& style, std::size_t indent) {
  if (!style.terminal()) {
    lines.push_back(std::string(indent, ' ') + spelled(style, row.note));
    return;
  }
  const auto width = static_cast<std::size_t>(style.width);
  const std::size_t room = width > indent + kNarrowest ? width - indent : kNarrowest;
  std::vector<std::string> note = wrap(spelled(style, row.note), room);
  if (!style.full && note.size() > table.note_lines) {
    note.resize(table.note_lines);
    const std::string ellipsis = spelled(style, "…");
    const std::size_t left = room - display_width(ellipsis);
    if (display_width(note.back()) > left) note.back() = wrap(note.back(), left).front();
    note.back() += ellipsis;
  }
  for (const std::string& line : note) {
    lines.push_back(std::string(indent, ' ') + painted(style, row.note_paint, line));
  }
}

}  // namespace

std::vector<std::size_t> fitting_columns(const Table& table, const Style& style) {
  return grid_of(table, style).columns;
}

std::vector<std::string> lay_out(const Table& table, const Style& style) {
  const Grid grid = grid_of(table, style);
  const std::size_t indent = note_indent(table, style, grid);
  std::vector<std::string> lines = {header_line(table, style, grid)};
  for (const Row& row : table.rows) {
    if (!row.cells.empty()) lines.push_back(row_line(row, style, grid));
    if (!row.note.empty()) add_note(lines, row, table, style, indent);
  }
  return lines;
}

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    const std::size_t needed = display_width(word) + (line.empty() ? 0 : display_width(line) + 1);
    if (needed <= width) {
      if (!line.empty()) line += ' ';
      line += word;
      continue;
    }
    if (!line.empty()) lines.push_back(std::move(line));
    line.clear();
    for (std::string_view rest = word; !rest.empty();) {
      const Decoded next = decode_utf8(rest);
      const std::string_view character = rest.substr(0, next.size);
      if (!line.empty() && display_width(line) + display_width(character) > width) {
        lines.push_back(std::move(line));
        line.clear();
      }
      line += character;
      rest.remove_prefix(next.size);
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(text) + std::string(width > taken ? width - taken : 0, ' ');
}

std::string joined_lines(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace dockhand::plugin::render
