#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace dockhand::plugin::render {

// The part of Go's templates that people give to `--format` of Docker's own commands: text,
// `{{.Field}}`, `{{.A.B}}`, `{{json .}}`, the functions json, upper, lower, join, len, print and
// println, pipes between them, and white space trimmed by `{{-` and `-}}`. `\t` and `\n` in the
// text are a tab and a line end. Whatever else Go knows (if, range, variables) is refused in words.
//
// Fields are members of a JSON object, found without regard to case and `_`. Immutable.
class GoTemplate {
 public:
  // `table ` in front asks for a header and columns. Error `template-invalid`.
  static Result<GoTemplate> parse(std::string_view text);

  // What the template makes of each row: lines, without line ends, in columns when it is a table.
  // Error `template-invalid` when a row has no such field, naming those it has.
  Result<std::vector<std::string>> render(const std::vector<nlohmann::ordered_json>& rows) const;

 private:
  struct Command {
    std::string function;                // Empty: only a value.
    std::vector<std::string> arguments;  // `.A.B`, `.`, or a string behind a `"`.
  };
  struct Piece {
    std::string text;  // Literal, when there are no commands.
    std::vector<Command> pipeline;
  };

  static Result<std::vector<Command>> parse_pipeline(std::string_view text);
  static Result<Command> parse_command(std::string_view text);
  std::string header() const;
  Result<std::string> render_row(const nlohmann::ordered_json& row) const;
  Result<std::string> render_piece(const Piece& piece, const nlohmann::ordered_json& row) const;

  bool table_ = false;
  std::vector<Piece> pieces_;
};

}  // namespace dockhand::plugin::render
