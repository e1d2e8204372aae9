#include "compose/service_reader.h"

namespace dockhand::compose {

std::vector<std::string> split_words(std::string_view command, bool* is_open) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  bool ends_in_backslash = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    ends_in_backslash = c == '\\' && quote != '\'' && i + 1 == command.size();
    if (c == '\\' && quote != '\'' && i + 1 < command.size()) {
      word += command[++i];
      in_word = true;
    } else if (quote) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
    } else if (c == ';' || c == '&' || c == '|' || c == '<' || c == '>') {
      break;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  if (is_open) *is_open = quote != 0 || ends_in_backslash;
  return words;
}

}  // namespace dockhand::compose
