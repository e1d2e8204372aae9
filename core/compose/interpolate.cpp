#include "compose/interpolate.h"

#include <algorithm>
#include <optional>

namespace dockhand::compose {
namespace {

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool continues_name(char c) { return begins_name(c) || (c >= '0' && c <= '9'); }

std::size_t name_end(std::string_view text, std::size_t begin) {
  if (begin >= text.size() || !begins_name(text[begin])) return begin;
  std::size_t end = begin + 1;
  while (end < text.size() && continues_name(text[end])) ++end;
  return end;
}

// The `}` that closes the `{` at `open`, on the same line, as Compose finds it: braces are counted,
// whether a `$` is before them or not, the character behind a `{` is passed over, and when they do
// not add up the line's last one closes.
std::optional<std::size_t> closing_brace(std::string_view text, std::size_t open) {
  std::optional<std::size_t> last;
  int depth = 0;
  for (std::size_t i = open; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '}') {
      last = i;
      if (--depth == 0) return last;
    } else if (text[i] == '{') {
      ++depth;
      if (i + 1 == text.size() || text[i + 1] == '\n') break;
      if (text[++i] == '}') last = i;
    }
  }
  return last;
}

// The part of `${NAME…}` behind the name.
struct Form {
  char op = 0;                  // `-`, `?`, `+`, or 0 for none.
  bool empty_is_unset = false;  // With a colon before it.
  std::size_t word = 0;         // Where the default, message or replacement begins.
};

std::optional<Form> read_form(std::string_view text, std::size_t at) {
  Form form;
  if (at < text.size() && text[at] == ':') {
    form.empty_is_unset = true;
    ++at;
  }
  if (at >= text.size() || std::string_view("-?+").find(text[at]) == std::string_view::npos) {
    return std::nullopt;
  }
  form.op = text[at];
  form.word = at + 1;
  return form;
}

class Interpolator {
 public:
  Interpolator(const io::Environment& variables, std::size_t limit)
      : variables_(variables), limit_(limit) {}

  // Appends the text, whose first byte is the template's byte `offset`.
  void append(std::string_view text, std::size_t offset, int depth) {
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t dollar = text.find('$', at);
      append_plain(text.substr(at, dollar - at));
      if (dollar == std::string_view::npos) return;
      at = variable(text, dollar, offset, depth);
    }
  }

  Interpolated take() { return std::move(result_); }

 private:
  void append_plain(std::string_view text) {
    if (result_.text.size() + text.size() <= limit_) {
      result_.text += text;
    } else if (!full_) {
      full_ = true;
      problem(InterpolationProblem::Kind::too_long, {}, {}, 0, 0);
    }
  }

  void problem(InterpolationProblem::Kind kind, std::string_view name, std::string message,
               std::size_t begin, std::size_t end) {
    const Range range{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    result_.problems.push_back({kind, std::string(name), std::move(message), range});
  }

  // Each once; texts name a handful of variables, so they are searched only as far as that.
  void use(std::string_view name) {
    UsedVariable used{std::string(name), variables_.has(name)};
    const auto known = std::find(result_.used.begin(), result_.used.end(), used);
    if (known == result_.used.end() && result_.used.size() < kMaxUsedVariables) {
      result_.used.push_back(std::move(used));
    }
  }

  // Handles the `$` at `dollar`; returns where the text goes on.
  std::size_t variable(std::string_view text, std::size_t dollar, std::size_t offset, int depth) {
    const std::size_t next = dollar + 1;
    if (next < text.size() && text[next] == '$') {
      append_plain("$");
      return next + 1;
    }
    if (next < text.size() && text[next] == '{') return braced(text, dollar, offset, depth);
    const std::size_t end = name_end(text, next);
    if (end == next) {
      append_plain("$");
      return next;
    }
    plain(text.substr(next, end - next), offset + dollar, offset + end);
    return end;
  }

  void plain(std::string_view name, std::size_t begin, std::size_t end) {
    use(name);
    if (!variables_.has(name)) problem(InterpolationProblem::Kind::unset, name, {}, begin, end);
    append_plain(variables_.get(name));
  }

  std::size_t malformed(std::string_view text, std::size_t begin, std::size_t end,
                        std::size_t offset) {
    problem(InterpolationProblem::Kind::malformed, {}, {}, offset + begin, offset + end);
    append_plain(text.substr(begin, end - begin));
    return end;
  }

  std::size_t braced(std::string_view text, std::size_t dollar, std::size_t offset, int depth) {
    const std::size_t name_begin = dollar + 2;
    const std::size_t end_of_name = name_end(text, name_begin);
    const std::string_view name = text.substr(name_begin, end_of_name - name_begin);
    if (name.empty()) return malformed(text, dollar, name_begin, offset);
    if (end_of_name < text.size() && text[end_of_name] == '}') {
      plain(name, offset + dollar, offset + end_of_name + 1);
      return end_of_name + 1;
    }
    const std::optional<Form> form = read_form(text, end_of_name);
    if (!form) return malformed(text, dollar, end_of_name, offset);
    if (depth >= kMaxInterpolationDepth) {
      problem(InterpolationProblem::Kind::too_deep, {}, {}, offset + dollar, offset + end_of_name);
      append_plain(text.substr(dollar));
      return text.size();
    }
    const std::optional<std::size_t> close = find_close(text, dollar + 1);
    if (!close || *close < form->word) return malformed(text, dollar, end_of_name, offset);
    const std::string_view word = text.substr(form->word, *close - form->word);
    apply(name, *form, word, offset, {offset + dollar, offset + *close + 1}, depth);
    return *close + 1;
  }

  std::optional<std::size_t> find_close(std::string_view text, std::size_t open) {
    if (text.data() + open < barren_until_) return std::nullopt;
    const std::optional<std::size_t> close = closing_brace(text, open);
    if (!close) barren_until_ = text.data() + std::min(text.find('\n', open), text.size());
    return close;
  }

  struct Span {
    std::size_t begin, end;
  };

  void apply(std::string_view name, const Form& form, std::string_view word, std::size_t offset,
             Span span, int depth) {
    use(name);
    const std::string& value = variables_.get(name);
    const bool present = variables_.has(name) && !(form.empty_is_unset && value.empty());
    const bool takes_word = form.op == '+' ? present : !present;
    if (!takes_word) return append_plain(value);
    if (form.op != '?') return append(word, offset + form.word, depth + 1);
    const std::size_t size = result_.text.size();
    append(word, offset + form.word, depth + 1);
    problem(InterpolationProblem::Kind::required, name, result_.text.substr(size), span.begin,
            span.end);
    result_.text.resize(size);
  }

  const io::Environment& variables_;
  const std::size_t limit_;
  bool full_ = false;
  // No `}` is left between this end of a line and the last place that was searched: text full of
  // `${A:-` costs one search, not one each.
  const char* barren_until_ = nullptr;
  Interpolated result_;
};

}  // namespace

Interpolated interpolate(std::string_view text, const io::Environment& variables) {
  Interpolator interpolator(variables, text.size() + kMaxInterpolationGrowth);
  interpolator.append(text, 0, 0);
  return interpolator.take();
}

}  // namespace dockhand::compose
