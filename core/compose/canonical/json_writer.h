#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dockhand::compose {

// Writes JSON as Go's encoding/json does with an indent of two: its order is that of the calls, its
// escapes and numbers are Go's. Every `$` is doubled, as Compose doubles them. Calls must nest
// properly; text that is not UTF-8 becomes replacement characters.
class JsonWriter {
 public:
  void begin_map();
  void key(std::string_view key);  // Before each value of a map.
  void end_map();
  void begin_list();
  void next();  // Before each value of a list.
  void end_list();

  void null() { out_ += "null"; }
  void boolean(bool value) { out_ += value ? "true" : "false"; }
  void integer(std::int64_t value);
  void integer(std::uint64_t value);
  void number(double value);  // Finite; for others, which JSON lacks, null.
  void string(std::string_view text);

  std::string take() && { return std::move(out_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void new_line();

  std::string out_;
  std::size_t depth_ = 0;
  bool empty_ = true;  // Nothing is in the innermost map or list yet.
};

}  // namespace dockhand::compose
