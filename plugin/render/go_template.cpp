#include "plugin/render/go_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "base/unicode.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin::render {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLongest = 64 * 1024;
constexpr std::array<std::string_view, 7> kFunctions = {"json", "upper", "lower",  "join",
                                                        "len",  "print", "println"};

Error invalid(std::string why) {
  return {
      "template-invalid", "cannot use the template given to --format", std::move(why),
      "for example: --format '{{.Service}} {{.State}}', --format 'table {{.Service}}\\t{{.URL}}' "
      "or --format '{{json .}}'"};
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

std::string unescaped(std::string_view text) {
  return replaced(replaced(std::string(text), "\\t", "\t"), "\\n", "\n");
}

std::string simplified(std::string_view name) {
  std::string out;
  for (const char c : to_lower_ascii(name)) {
    if (c != '_') out += c;
  }
  return out;
}

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// As Go prints a value: a string bare, nothing for null, a list in brackets.
std::string shown(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  if (value.is_array()) {
    std::vector<std::string> parts;
    for (const Json& each : value) parts.push_back(shown(each));
    return "[" + join(parts, " ") + "]";
  }
  return dumped(value);
}

const Json* member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto exact = object.find(std::string(name));
  if (exact != object.end()) return &*exact;
  for (const auto& [key, value] : object.items()) {
    if (simplified(key) == simplified(name)) return &value;
  }
  return nullptr;
}

std::string field_names(const Json& object) {
  std::vector<std::string> names;
  if (object.is_object()) {
    for (const auto& [key, value] : object.items()) names.push_back("." + key);
  }
  return join(names, ", ");
}

Result<Json> value_of(const std::string& argument, const Json& row) {
  if (argument.starts_with('"')) return Json(argument.substr(1));
  const Json* value = &row;
  if (argument == ".") return *value;
  for (const std::string_view name : split(std::string_view(argument).substr(1), '.')) {
    const Json* next = member(*value, name);
    if (next == nullptr) {
      const std::string names = field_names(*value);
      return invalid(names.empty()
                         ? fmt::format("{} has no field .{}", argument, name)
                         : fmt::format("there is no field .{}; there are {}", name, names));
    }
    value = next;
  }
  return *value;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

Result<Json> applied(const std::string& function, const std::vector<Json>& values) {
  const Json& value = values.back();
  if (function == "json") return Json(dumped(value));
  if (function == "upper") return Json(upper(shown(value)));
  if (function == "lower") return Json(to_lower_ascii(shown(value)));
  if (function == "len") return Json(value.is_string() ? shown(value).size() : value.size());
  if (function == "join") {
    if (values.size() != 2 || !values.front().is_array()) {
      return invalid("join wants a list and a separator: {{join .UsedBy \", \"}}");
    }
    std::vector<std::string> parts;
    for (const Json& each : values.front()) parts.push_back(shown(each));
    return Json(join(parts, shown(values.back())));
  }
  std::string text;
  for (const Json& each : values) text += shown(each);
  return Json(function == "println" ? text + "\n" : text);
}

// Words separated by spaces; a quoted one keeps them, without its quotes and behind one `"`.
Result<std::vector<std::string>> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = trim(text)).empty()) {
    if (text[0] == '"' || text[0] == '`') {
      const std::size_t end = text.find(text[0], 1);
      if (end == std::string_view::npos) return invalid("a quoted text is not ended");
      words.push_back("\"" + unescaped(text.substr(1, end - 1)));
      text.remove_prefix(end + 1);
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

bool is_value(std::string_view word) { return word.starts_with('.') || word.starts_with('"'); }

// Cuts lines at tabs into columns as wide as their widest cell.
std::vector<std::string> in_columns(const std::vector<std::string>& lines) {
  std::vector<std::size_t> widths;
  for (const std::string& line : lines) {
    const std::vector<std::string_view> cells = split(line, '\t');
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(cells[i]));
    }
  }
  std::vector<std::string> out;
  for (const std::string& line : lines) {
    const std::vector<std::string_view> cells = split(line, '\t');
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      text += i + 1 == cells.size() ? std::string(cells[i]) : padded(cells[i], widths[i] + 3);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

Result<GoTemplate> GoTemplate::parse(std::string_view text) {
  if (text.size() > kLongest) return invalid("it is longer than 64 KiB");
  GoTemplate made;
  constexpr std::string_view kTable = "table";
  if (text.starts_with(kTable) && (text.size() == kTable.size() || text[kTable.size()] == ' ')) {
    made.table_ = true;
    text = trim(text.substr(kTable.size()));
    if (text.empty()) return invalid("behind `table` the columns are missing");
  }
  bool trim_next = false;
  const auto add_text = [&made, &trim_next](std::string_view literal) {
    if (trim_next)
      literal.remove_prefix(std::min(literal.find_first_not_of(" \t\r\n"), literal.size()));
    if (!literal.empty()) made.pieces_.push_back({unescaped(literal), {}});
  };
  while (!text.empty()) {
    const std::size_t open = text.find("{{");
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open + 2);
    if (close == std::string_view::npos)
      return invalid("an action begun with {{ is not ended with }}");
    std::string_view before = text.substr(0, open);
    std::string_view action = text.substr(open + 2, close - open - 2);
    if (action.starts_with("- ")) {
      before = before.substr(0, before.find_last_not_of(" \t\r\n") + 1);
      action.remove_prefix(2);
    }
    const bool trims_after = action.ends_with(" -");
    if (trims_after) action.remove_suffix(2);
    add_text(before);
    trim_next = trims_after;
    Result<std::vector<Command>> pipeline = parse_pipeline(action);
    if (!pipeline) return pipeline.error();
    made.pieces_.push_back({"", std::move(*pipeline)});
    text.remove_prefix(close + 2);
  }
  add_text(text);
  return made;
}

Result<std::vector<GoTemplate::Command>> GoTemplate::parse_pipeline(std::string_view text) {
  std::vector<Command> pipeline;
  for (const std::string_view part : split(text, '|')) {
    Result<Command> command = parse_command(part);
    if (!command) return command.error();
    const bool first = pipeline.empty();
    if (first && command->arguments.empty()) {
      return invalid(
          fmt::format("{} needs a value: {{{{{} .}}}}", command->function, command->function));
    }
    if (!first && command->function.empty()) {
      return invalid(fmt::format("behind | must come a function: {}",
                                 join({kFunctions.begin(), kFunctions.end()}, ", ")));
    }
    pipeline.push_back(std::move(*command));
  }
  return pipeline;
}

Result<GoTemplate::Command> GoTemplate::parse_command(std::string_view text) {
  Result<std::vector<std::string>> words = words_of(text);
  if (!words) return words.error();
  if (words->empty()) return invalid("an action is empty");
  Command command;
  if (!is_value(words->front())) {
    command.function = words->front();
    words->erase(words->begin());
    const bool known =
        std::find(kFunctions.begin(), kFunctions.end(), command.function) != kFunctions.end();
    if (!known) {
      return invalid(fmt::format(
          "`{}` is not understood; there are fields such as {{{{.Service}}}} and the functions {}",
          printable(command.function), join({kFunctions.begin(), kFunctions.end()}, ", ")));
    }
  } else if (words->size() > 1) {
    return invalid(fmt::format("`{}` is no function and takes no arguments", words->front()));
  }
  for (const std::string& word : *words) {
    if (!is_value(word))
      return invalid(fmt::format("`{}` is neither a field nor a quoted text", printable(word)));
  }
  command.arguments = std::move(*words);
  return command;
}

// A column is headed by the last name of its first field, as Docker does it.
std::string GoTemplate::header() const {
  std::string out;
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (piece.pipeline.empty()) continue;
    const std::string& field = piece.pipeline.front().arguments.front();
    if (field.starts_with('.')) out += upper(field.substr(field.rfind('.') + 1));
  }
  return out;
}

Result<std::string> GoTemplate::render_piece(const Piece& piece, const Json& row) const {
  if (piece.pipeline.empty()) return piece.text;
  std::optional<Json> passed;
  for (const Command& command : piece.pipeline) {
    std::vector<Json> values;
    for (const std::string& argument : command.arguments) {
      Result<Json> value = value_of(argument, row);
      if (!value) return value.error();
      values.push_back(std::move(*value));
    }
    // What comes through a pipe is the last argument, but join's list comes first.
    if (passed)
      values.insert(command.function == "join" ? values.begin() : values.end(), std::move(*passed));
    if (command.function.empty()) {
      passed = std::move(values.front());
      continue;
    }
    Result<Json> value = applied(command.function, values);
    if (!value) return value.error();
    passed = std::move(*value);
  }
  return shown(*passed);
}

Result<std::string> GoTemplate::render_row(const Json& row) const {
  std::string out;
  for (const Piece& piece : pieces_) {
    Result<std::string> part = render_piece(piece, row);
    if (!part) return part.error();
    out += *part;
  }
  return out;
}

Result<std::vector<std::string>> GoTemplate::render(const std::vector<Json>& rows) const {
  std::vector<std::string> lines;
  if (table_) lines.push_back(header());
  for (const Json& row : rows) {
    Result<std::string> line = render_row(row);
    if (!line) return line.error();
    lines.push_back(std::move(*line));
  }
  return table_ ? in_columns(lines) : lines;
}

}  // namespace dockhand::plugin::render
