#include "check/formats.h"

#include <algorithm>
#include <variant>

#include "compose/ports.h"

namespace dockhand::check {
namespace {

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '.' || c == '_' || c == '-';
  });
}

// `every_` and one or more of a number with its unit, as in `every_1d12h`.
bool is_pull_interval(std::string_view text) {
  constexpr std::string_view kBegin = "every_";
  if (!text.starts_with(kBegin) || text.size() == kBegin.size()) return false;
  bool digits = false;
  for (const char c : text.substr(kBegin.size())) {
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (!digits || std::string_view("wdhms").find(c) == std::string_view::npos)) {
      return false;
    }
    digits = is_digit;
  }
  return !digits;
}

// Compose looks for a letter or digit with something behind it, anywhere in the text.
bool is_container_name(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (is_alnum(text[i]) && is_name(text.substr(i + 1, 1))) return true;
  }
  return false;
}

// `80`, `8000-8010` or `53/udp`.
bool is_exposed(std::string_view text) {
  return text.find(':') == text.npos &&
         std::holds_alternative<compose::PortSpec>(compose::parse_port_spec(text));
}

}  // namespace

bool is_choice(const spec::Shape& shape, std::string_view text) {
  return std::any_of(shape.choices.begin(), shape.choices.end(), [text](const spec::Choice& one) {
    const bool begins = one.value.ends_with(':') && text.size() > one.value.size();
    return begins ? text.starts_with(one.value) : text == one.value && !text.ends_with(':');
  });
}

bool has_format(spec::Format format, std::string_view text) {
  switch (format) {
    case spec::Format::pull_interval:
      return is_pull_interval(text);
    case spec::Format::container_name:
      return is_container_name(text);
    case spec::Format::name:
      return is_name(text);
    case spec::Format::ip_address:
      return compose::is_ip_address(text);
    case spec::Format::not_blank:
      return !text.empty();
    case spec::Format::expose_spec:
      return is_exposed(text);
    default:
      return true;
  }
}

bool is_refused(spec::Format format) { return format != spec::Format::expose_spec; }

}  // namespace dockhand::check
