#pragma once

#include <string>
#include <string_view>

// Writing scalars, for whoever prints YAML or mends it.
namespace dockhand::yaml {

// True when the text, written as it is behind `key: ` or `- `, is read back as one plain scalar of
// that very text (YAML 1.2.2, 7.3.3). What type it then has is the application's matter.
bool is_plain_text(std::string_view text);

// The text as a double-quoted scalar on one line (7.3.1). Bytes that are no UTF-8 become U+FFFD.
std::string double_quoted(std::string_view text);

}  // namespace dockhand::yaml
