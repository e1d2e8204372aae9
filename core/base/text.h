#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockhand {

// White space here is the ASCII one: space, tab, CR, LF, VT, FF.
std::string_view trim(std::string_view text);

// The pieces between separators, empty ones included: split("a::b", ':') gives "a", "", "b".
// An empty text gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

// split() at line ends (LF or CRLF), without a last empty line.
std::vector<std::string_view> split_lines(std::string_view text);

// The pieces are views: of a string that is about to go they would dangle.
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split_lines(Temporary&& text) = delete;

std::string join(const std::vector<std::string>& parts, std::string_view separator);

std::string to_lower_ascii(std::string_view text);

// The whole text as a number in base ten, or nothing: no sign for unsigned types, no white space,
// no overflow.
std::optional<long long> parse_integer(std::string_view text);

// The text with everything that could move a cursor, ring a bell or start an escape sequence made
// visible: C0 and C1 controls, DEL and invalid UTF-8 as `\x1b`; line breaks and tabs as one space.
// Bidirectional overrides are removed. Whatever comes from a container passes through here before
// it reaches a terminal or an editor.
std::string printable(std::string_view text);

// The first non-empty line of the text, printable, cut to `max_width` columns with `…`.
std::string first_line(std::string_view text, std::size_t max_width);

// True when a value under this key should be masked: the key holds pass, secret, token, key,
// credential or dsn as a word of its own or part of one, in any case (`PUBLIC_KEY` included:
// masking too much costs less than showing too much).
bool looks_secret(std::string_view key);

// The candidate nearest to `word` by edit distance, for "did you mean": nothing when none is
// within a third of the word's length (at least one, at most three edits).
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace dockhand
