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
  void number(double value);
  void string(std::string_view text);

  // False once a number came that JSON has no word for (`.inf`, `.nan`); null stands for it.
  bool is_exact() const { return is_exact_; }

  std::string take() && { return std::move(out_); }

 private:
  void begin(char bracket);
  void end(char bracket);
  void new_line();

  std::string out_;
  std::size_t depth_ = 0;
  bool empty_ = true;  // Nothing is in the innermost map or list yet.
  bool is_exact_ = true;
};

}  // namespace dockhand::compose
