#include "plugin/render/style.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/unicode.h"

namespace dockhand::plugin::render {
namespace {

// The characters that Dockhand's own words use, and what stands for them in ASCII.
constexpr std::array<std::pair<char32_t, std::string_view>, 30> kTwins = {{
    {U'…', "..."}, {U'–', "-"},   {U'—', "-"},  {U'×', "x"},  {U'·', "-"},  {U'→', "->"},
    {U'←', "<-"},  {U'↑', "^"},   {U'↓', "v"},  {U'├', "|"},  {U'└', "`"},  {U'│', "|"},
    {U'─', "-"},   {U'┬', "-"},   {U'●', "*"},  {U'◐', "~"},  {U'▲', "!"},  {U'✕', "x"},
    {U'○', "o"},   {U'⏸', "="}, {U'↻', "@"},  {U'≠', "#"},  {U'✓', "+"},  {U'‘', "'"},
    {U'’', "'"},   {U'“', "\""},  {U'”', "\""}, {U'≤', "<="}, {U'≥', ">="}, {U'µ', "u"},
}};

std::string_view colour_code(Paint paint) {
  switch (paint) {
    case Paint::good:
      return "\x1b[32m";
    case Paint::waiting:
      return "\x1b[33m";
    case Paint::bad:
      return "\x1b[31m";
    case Paint::dim:
      return "\x1b[2m";
    case Paint::bold:
      return "\x1b[1m";
    case Paint::plain:
      break;
  }
  return {};
}

bool is_link_text(std::string_view url) {
  return !url.empty() &&
         std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

Paint paint_of(explain::Tone tone) {
  switch (tone) {
    case explain::Tone::good:
      return Paint::good;
    case explain::Tone::waiting:
      return Paint::waiting;
    case explain::Tone::bad:
      return Paint::bad;
    case explain::Tone::idle:
      break;
  }
  return Paint::dim;
}

std::string painted(const Style& style, Paint paint, std::string_view text) {
  const std::string_view code = style.colour ? colour_code(paint) : std::string_view();
  if (code.empty() || text.empty()) return std::string(text);
  return std::string(code) + std::string(text) + "\x1b[0m";
}

std::string linked(const Style& style, std::string_view url, std::string_view text) {
  if (!style.hyperlinks || text.empty() || !is_link_text(url)) return std::string(text);
  return "\x1b]8;;" + std::string(url) + "\x1b\\" + std::string(text) + "\x1b]8;;\x1b\\";
}

std::string spelled(const Style& style, std::string_view text) {
  if (style.utf8) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const Decoded next = decode_utf8(text);
    const auto twin = std::find_if(kTwins.begin(), kTwins.end(), [&next](const auto& pair) {
      return pair.first == next.code_point;
    });
    if (next.code_point < 0x80) {
      out += static_cast<char>(next.code_point);
    } else if (twin != kTwins.end()) {
      out += twin->second;
    } else {
      out += '?';
    }
    text.remove_prefix(next.size);
  }
  return out;
}

std::string_view symbol(const Style& style, const explain::Symbol& symbol) {
  return style.utf8 ? symbol.unicode : symbol.ascii;
}

}  // namespace dockhand::plugin::render
