#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/render/style.h"

namespace dockhand::plugin::render {

struct Cell {
  std::string text = {};
  Paint paint = Paint::plain;
  std::string link = {};
};

struct Column {
  std::string header;
  // When the terminal is narrow, columns leave by this number, the highest first; 0 never leaves.
  int leaves = 0;
  // At least this wide on a terminal, so that a screen that is redrawn does not jump.
  std::size_t least = 0;
  // Before it leaves, it is cut down to this width; 0: it is not.
  std::size_t shrinks_to = 0;
};

struct Row {
  std::vector<Cell> cells;  // One for each column; missing ones are empty. None: only a note.
  std::string note = {};    // Wrapped below the row, from the column `Table::note_column` on.
  Paint note_paint = Paint::plain;
};

struct Table {
  std::vector<Column> columns;
  std::vector<Row> rows;
  std::size_t note_column = 0;
  std::size_t note_lines = 3;  // A longer note ends in `…`; Style::full shows it whole.
};

// One line for each row and note, without line ends. Columns are three spaces apart, or two where
// that keeps a column from leaving. Where the width
// is known no line is wider, unless Style::full is set; in a pipe nothing is wrapped or cut.
std::vector<std::string> lay_out(const Table& table, const Style& style);

// The columns that stay at this width, by index.
std::vector<std::size_t> fitting_columns(const Table& table, const Style& style);

// The text broken at spaces into lines of at most `width` columns; longer words are cut.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

// The text followed by spaces up to `width` columns.
std::string padded(std::string_view text, std::size_t width);

std::string joined_lines(const std::vector<std::string>& lines);

}  // namespace dockhand::plugin::render
