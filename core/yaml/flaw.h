#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/range.h"

// What can be wrong with a YAML text, in four bytes and a range: the parser notes thousands of
// these without allocating; Tree::findings() turns them into sentences. Internal to core/yaml, but
// for the list of their names.
namespace dockhand::yaml {

enum class FlawCode : std::uint8_t {
  encoding,
  too_large,
  invalid_byte,
  control_character,
  too_deep,
  tab_indent,
  bad_indent,
  missing_colon,
  space_after_colon,
  second_colon,
  missing_dash,
  stray_item,
  block_on_same_line,
  unclosed_sequence,
  unclosed_mapping,
  unclosed_quote,
  flow_indent,
  missing_comma,
  extra_comma,
  unexpected_bracket,
  trailing_text,
  content_after_root,
  reserved_character,
  multiline_key,
  bad_escape,
  block_scalar_header,
  block_scalar_indent,
  anchor_name,
  repeated_anchor,
  repeated_tag,
  bad_tag,
  properties_before_item,
  alias_properties,
  comment_space,
  bad_directive,
  missing_document_start,
  undefined_tag_handle,
  undefined_alias,
  foreign_alias,
  recursive_alias,
  too_many,
};

struct Flaw {
  FlawCode code;
  Range range;
};

// The Finding for a flaw of this text; the range is absolute.
Finding to_finding(const Flaw& flaw, std::string_view text);

// What findings about flaws are called; two flaws may share a name.
struct FlawName {
  std::string_view name;
  Severity severity;
  std::string_view message;
};
std::vector<FlawName> flaw_names();

}  // namespace dockhand::yaml
