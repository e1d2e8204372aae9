#include "compose/dotenv.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/unicode.h"
#include "compose/interpolate.h"

namespace dockhand::compose {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// White space within a line, as Compose's reader has it.
bool is_blank(char32_t c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == 0x85 || c == 0xA0;
}

std::string_view skip_blank(std::string_view text) {
  while (!text.empty()) {
    const Decoded first = decode_utf8(text);
    if (!is_blank(first.code_point)) break;
    text.remove_prefix(first.size);
  }
  return text;
}

// White space of any kind, as Go has it.
bool is_space(char32_t c) {
  return is_blank(c) || c == '\n' || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string_view trim_end(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Decoded next = decode_utf8(text.substr(at));
    at += next.size;
    if (!is_space(next.code_point)) end = at;
  }
  return text.substr(0, end);
}

// Letters and digits of any script count; without a table of them, all of non-ASCII does.
bool is_name_character(char32_t c) {
  return c >= 0x80 || c == '_' || c == '.' || c == '-' || c == '[' || c == ']' ||
         (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The character that an escape in double quotes stands for; `\$` becomes `$$`, which interpolation
// then turns into `$`. Nothing for a backslash that is not an escape.
std::optional<std::string> escape(char c) {
  switch (c) {
    case 'a':
      return "\a";
    case 'b':
      return "\b";
    case 'f':
      return "\f";
    case 'n':
      return "\n";
    case 'r':
      return "\r";
    case 't':
      return "\t";
    case 'v':
      return "\v";
    case '"':
      return "\"";
    case '\\':
      return "\\";
    case '$':
      return "$$";
    default:
      return std::nullopt;
  }
}

// `\0` and three octal digits: the character of that number.
std::optional<std::string> octal_escape(std::string_view digits) {
  if (digits.size() < 4 || digits[0] != '0') return std::nullopt;
  char32_t value = 0;
  for (char c : digits.substr(1, 3)) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<char32_t>(c - '0');
  }
  if (value > 0xFF) return std::nullopt;
  std::string out;
  append_utf8(out, value);
  return out;
}

std::string expand_escapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (const auto octal = octal_escape(text.substr(i + 1))) {
      out += *octal;
      i += 4;
    } else if (const auto character = escape(text[i + 1])) {
      out += *character;
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

class Reader {
 public:
  Reader(std::string_view text, const io::Environment& known, const io::Environment& earlier)
      : rest_(text), known_(known), variables_(known) {
    for (const auto& [name, value] : earlier.variables()) {
      if (!known.has(name)) variables_.set(name, value);
    }
    if (rest_.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  DotEnv read() {
    while (skip_to_statement()) statement();
    return std::move(result_);
  }

 private:
  void advance(std::size_t count) {
    for (char c : rest_.substr(0, count)) line_ += c == '\n' ? 1u : 0u;
    rest_.remove_prefix(std::min(count, rest_.size()));
  }

  void skip_line() {
    const std::size_t end = rest_.find('\n');
    advance(end == std::string_view::npos ? rest_.size() : end + 1);
  }

  // Stands on the first character of a statement, or at the end, which is false.
  bool skip_to_statement() {
    for (;;) {
      while (!rest_.empty()) {
        const Decoded next = decode_utf8(rest_);
        if (!is_space(next.code_point)) break;
        advance(next.size);
      }
      if (rest_.empty()) return false;
      if (rest_[0] != '#') return true;
      skip_line();
    }
  }

  void problem(std::string message) {
    result_.problems.push_back({std::move(message), line_});
    skip_line();
  }

  void skip_export() {
    constexpr std::string_view kExport = "export";
    if (rest_.substr(0, kExport.size()) != kExport) return;
    const std::string_view behind = rest_.substr(kExport.size());
    const std::string_view name = skip_blank(behind);
    if (name.size() != behind.size()) advance(static_cast<std::size_t>(name.data() - rest_.data()));
  }

  void statement() {
    skip_export();
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '=' && rest_[end] != ':' && rest_[end] != '\n') {
      const Decoded next = decode_utf8(rest_.substr(end));
      if (!is_blank(next.code_point) && !is_name_character(next.code_point)) {
        return problem(
            fmt::format("unexpected `{}` in the name of a variable", rest_.substr(end, next.size)));
      }
      end += next.size;
    }
    const std::string name(trim_end(rest_.substr(0, end)));
    if (name.find(' ') != std::string::npos) return problem("a name cannot contain a space");
    const bool inherited = end == rest_.size() || rest_[end] == '\n';
    const std::uint32_t line = line_;
    if (inherited) {
      skip_line();
      if (variables_.has(name)) add(name, variables_.get(name), line);
      return;
    }
    advance(end + 1);
    value(name, line);
  }

  void value(const std::string& name, std::uint32_t line) {
    rest_ = skip_blank(rest_);
    if (!rest_.empty() && (rest_[0] == '"' || rest_[0] == '\'')) return quoted(name, line);
    std::string_view text = rest_.substr(0, rest_.find('\n'));
    text = trim_end(text.substr(0, text.find(" #")));
    std::optional<std::string> expanded = expand(text, line);
    skip_line();
    if (expanded) add(name, std::move(*expanded), line);
  }

  void quoted(const std::string& name, std::uint32_t line) {
    const char quote = rest_[0];
    std::string text;
    std::size_t at = 1;
    for (; at < rest_.size() && rest_[at] != quote; ++at) {
      if (rest_[at] == '\\' && at + 1 < rest_.size()) {
        if (rest_[at + 1] != quote) text += '\\';
        ++at;
      }
      text += rest_[at];
    }
    if (at >= rest_.size()) return problem("the quoted value has no end");
    advance(at + 1);
    if (quote != '"') return add(name, std::move(text), line);
    std::optional<std::string> expanded = expand(expand_escapes(text), line);
    if (expanded) add(name, std::move(*expanded), line);
  }

  // Nothing once variables have made the values of the file too long together.
  std::optional<std::string> expand(std::string_view text, std::uint32_t line) {
    if (text.find('$') == std::string_view::npos) return std::string(text);
    if (growth_ > kMaxDotEnvGrowth) return std::nullopt;
    Interpolated result = interpolate(text, variables_);
    for (const InterpolationProblem& found : result.problems) tell(found, line);
    if (result.text.size() <= text.size()) return std::move(result.text);
    growth_ += result.text.size() - text.size();
    if (growth_ <= kMaxDotEnvGrowth) return std::move(result.text);
    result_.problems.push_back(
        {"variables make the values too long; this and further ones that "
         "have variables are left out",
         line});
    return std::nullopt;
  }

  void tell(const InterpolationProblem& found, std::uint32_t line) {
    using Kind = InterpolationProblem::Kind;
    if (found.kind == Kind::required) {
      result_.problems.push_back(
          {fmt::format("required variable {} is missing a value: {}", found.name, found.message),
           line});
    } else if (found.kind == Kind::malformed) {
      result_.problems.push_back({"a `$` begins nothing; write `$$` for a `$`", line});
    }
  }

  void add(const std::string& name, std::string value, std::uint32_t line) {
    if (!known_.has(name)) variables_.set(name, value);
    result_.variables.push_back({name, std::move(value), line});
  }

  std::string_view rest_;
  std::uint32_t line_ = 1;
  const io::Environment& known_;  // These win over the file's own.
  io::Environment variables_;
  std::size_t growth_ = 0;  // Bytes that variables added to values.
  DotEnv result_;
};

}  // namespace

DotEnv parse_dotenv(std::string_view text, const io::Environment& known,
                    const io::Environment& earlier) {
  return Reader(text, known, earlier).read();
}

}  // namespace dockhand::compose
