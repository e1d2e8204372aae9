#pragma once

#include <array>
#include <cassert>
#include <cstdint>
#include <string_view>

// A position in a text, and the indentation of the line it is on. Internal to core/yaml.
namespace dockhand::yaml {

namespace chars {
inline constexpr std::uint8_t kBlank = 1;    // s-white: space, tab.
inline constexpr std::uint8_t kBreak = 2;    // b-char: LF, CR.
inline constexpr std::uint8_t kEnd = 4;      // The NUL behind the text; none is in it.
inline constexpr std::uint8_t kFlow = 8;     // c-flow-indicator.
inline constexpr std::uint8_t kPlain = 16;   // `:` and `#`, which end a plain scalar at times.
inline constexpr std::uint8_t kSingle = 32;  // `'`.
inline constexpr std::uint8_t kDouble = 64;  // `"` and the backslash.

inline constexpr int kSpaceOrEnd = kBlank | kBreak | kEnd;

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  classes[0] = kEnd;
  classes[' '] = classes['\t'] = kBlank;
  classes['\n'] = classes['\r'] = kBreak;
  for (const char c : {',', '[', ']', '{', '}'}) classes[static_cast<unsigned char>(c)] = kFlow;
  classes[':'] = classes['#'] = kPlain;
  classes['\''] = kSingle;
  classes['"'] = classes['\\'] = kDouble;
  return classes;
}
inline constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

inline bool is(char c, int classes) {
  return (kClasses[static_cast<unsigned char>(c)] & classes) != 0;
}
inline bool is_blank(char c) { return is(c, kBlank); }
inline bool is_break(char c) { return is(c, kBreak); }
inline bool is_break_or_end(char c) { return is(c, kBreak | kEnd); }
inline bool is_space_or_end(char c) { return is(c, kSpaceOrEnd); }
}  // namespace chars

// How many columns deeper a tab in front of a line's content makes it: what its author most
// likely saw. YAML forbids such tabs, so this only decides where the content is kept.
inline constexpr std::uint32_t kTabWidth = 4;

// The text must be followed by a NUL byte, as a std::string's is, and hold none.
class Cursor {
 public:
  explicit Cursor(std::string_view text)
      : text_(text.data()), size_(static_cast<std::uint32_t>(text.size())) {}

  std::uint32_t position() const { return pos_; }
  std::uint32_t line() const { return line_; }
  char peek() const { return text_[pos_]; }
  // The character behind the current one, which must not be the end.
  char peek_next() const { return text_[pos_ + 1]; }
  bool at_end() const { return pos_ >= size_; }
  bool at_space_or_end() const { return chars::is_space_or_end(peek()); }

  // The column from 0, with a tab of the indentation as kTabWidth columns.
  int column() const { return static_cast<int>(pos_ - line_ + shift_); }
  // Spaces in front of the line, up to its first tab.
  int spaces() const { return static_cast<int>(spaces_); }
  bool indented_by_tab() const { return shift_ > 0; }
  // True on the first character of the line that is not blank.
  bool fresh() const { return pos_ == first_; }

  // True for an indicator (`-`, `?`, `:`) that is followed by white space.
  bool at_indicator(char c) const { return peek() == c && chars::is_space_or_end(peek_next()); }
  // c-directives-end or c-document-end: `---` or `...` at the start of a line.
  bool at_marker() const {
    return pos_ == line_ && (peek() == '-' || peek() == '.') && is_marker(pos_);
  }
  // Nothing more belongs to this document.
  bool stop() const { return at_end() || at_marker(); }

  // Reads the indentation of the line that begins here, and stands behind it.
  void begin_line();
  // Passes a line break and the next line's indentation.
  void next_line();
  void skip_blanks();
  // To the line break or the end.
  void skip_to_line_end();

 protected:
  bool is_marker(std::uint32_t position) const;

  const char* text_;
  std::uint32_t size_;
  std::uint32_t pos_ = 0;
  std::uint32_t line_ = 0;   // First byte of the current line.
  std::uint32_t first_ = 0;  // First byte of it that is not blank.
  std::uint32_t shift_ = 0;  // Columns that tabs in front of it add to its byte offset.
  std::uint32_t spaces_ = 0;
};

// Holds one round of a loop to consuming a byte at least, in debug builds.
class Progress {
 public:
  explicit Progress(const Cursor& cursor) : cursor_(cursor), before_(cursor.position()) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { assert(cursor_.position() > before_); }

 private:
  [[maybe_unused]] const Cursor& cursor_;
  [[maybe_unused]] const std::uint32_t before_;
};

inline void Cursor::begin_line() {
  line_ = pos_;
  shift_ = 0;
  while (text_[pos_] == ' ') ++pos_;
  spaces_ = pos_ - line_;
  if (text_[pos_] == '\t') {
    for (; chars::is_blank(text_[pos_]); ++pos_) {
      if (text_[pos_] == '\t') shift_ += kTabWidth - 1;
    }
  }
  first_ = pos_;
}

inline void Cursor::next_line() {
  pos_ += text_[pos_] == '\r' && text_[pos_ + 1] == '\n' ? 2 : 1;
  begin_line();
}

inline void Cursor::skip_blanks() {
  while (chars::is_blank(text_[pos_])) ++pos_;
}

inline void Cursor::skip_to_line_end() {
  while (!chars::is_break_or_end(text_[pos_])) ++pos_;
}

inline bool Cursor::is_marker(std::uint32_t position) const {
  const char c = text_[position];
  return text_[position + 1] == c && text_[position + 2] == c &&
         chars::is_space_or_end(text_[position + 3]);
}

}  // namespace dockhand::yaml
