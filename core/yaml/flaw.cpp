#include "yaml/flaw.h"

#include <array>
#include <string>

#include "yaml/tree.h"

namespace dockhand::yaml {

namespace {

struct Description {
  FlawCode code;
  std::string_view name;
  Severity severity;
  std::string_view message;
};

constexpr auto kError = Severity::error;
constexpr auto kWarning = Severity::warning;
constexpr auto kInformation = Severity::information;

constexpr std::array kDescriptions{
    Description{FlawCode::encoding, "yaml-encoding", kError,
                "this is not UTF-8 text: save the file as UTF-8"},
    Description{FlawCode::too_large, "yaml-too-large", kError,
                "this file is larger than 256 MiB and is not read: split it"},
    Description{FlawCode::invalid_byte, "yaml-invalid-byte", kError,
                "this byte is not UTF-8: save the file as UTF-8"},
    Description{FlawCode::control_character, "yaml-control-character", kError,
                "control characters cannot stand in YAML: write an escape such as \"\\x1b\" in "
                "double quotes"},
    Description{FlawCode::too_deep, "yaml-too-deep", kError,
                "this is nested more than 256 levels deep and is not read: flatten it"},
    Description{FlawCode::tab_indent, "yaml-tab-indent", kError,
                "tabs cannot indent YAML: use spaces"},
    Description{FlawCode::bad_indent, "yaml-bad-indent", kError,
                "this line does not begin where its neighbours do: indent it like them"},
    Description{FlawCode::missing_colon, "yaml-missing-colon", kError,
                "a key needs a colon: add `:` behind it"},
    Description{FlawCode::space_after_colon, "yaml-space-after-colon", kError,
                "a colon ends a key only with white space behind it: add a space"},
    Description{FlawCode::second_colon, "yaml-second-colon", kError,
                "a second `: ` cannot stand on this line: quote the value or begin a new line"},
    Description{FlawCode::missing_dash, "yaml-missing-dash", kError,
                "an item of a list begins with a dash: add `- ` or change the indentation"},
    Description{FlawCode::stray_item, "yaml-stray-item", kError,
                "a list item cannot stand among keys: give it a key of its own or indent it"},
    Description{FlawCode::block_on_same_line, "yaml-block-on-same-line", kError,
                "a list or mapping cannot begin here: move it to the next line and indent it"},
    Description{FlawCode::unclosed_sequence, "yaml-unclosed-bracket", kError,
                "this `[` is not closed: add `]`"},
    Description{FlawCode::unclosed_mapping, "yaml-unclosed-bracket", kError,
                "this `{` is not closed: add `}`"},
    Description{FlawCode::unclosed_quote, "yaml-unclosed-quote", kError,
                "this quote is not closed: add the closing one"},
    Description{
        FlawCode::flow_indent, "yaml-bracket-indent", kWarning,
        "indent this bracket deeper than the key in front of it: strict YAML readers refuse it"},
    Description{FlawCode::missing_comma, "yaml-missing-comma", kError,
                "entries in brackets are separated by commas: add `,`"},
    Description{FlawCode::extra_comma, "yaml-extra-comma", kError,
                "nothing stands in front of this comma: remove it"},
    Description{FlawCode::unexpected_bracket, "yaml-unexpected-bracket", kError,
                "this bracket closes nothing: remove it"},
    Description{FlawCode::trailing_text, "yaml-trailing-text", kError,
                "nothing can follow the value on this line: remove it, or quote the whole value"},
    Description{FlawCode::content_after_root, "yaml-content-after-root", kError,
                "the document has ended here: indent this, or begin a new document with `---`"},
    Description{FlawCode::reserved_character, "yaml-reserved-character", kError,
                "a plain value cannot begin with this character: quote it"},
    Description{FlawCode::multiline_key, "yaml-multiline-key", kError,
                "a key must stand on one line: join its lines"},
    Description{FlawCode::bad_escape, "yaml-bad-escape", kError,
                "this escape does not exist: write `\\\\` for a backslash, or use single quotes"},
    Description{FlawCode::block_scalar_header, "yaml-block-header", kError,
                "only `+`, `-` and a digit from 1 to 9 can follow `|` or `>`: begin the text on "
                "the next line"},
    Description{
        FlawCode::block_scalar_indent, "yaml-block-indent", kError,
        "all lines of this text must be indented at least like its first: indent them alike"},
    Description{FlawCode::anchor_name, "yaml-anchor-name", kError,
                "`&` and `*` need a name without brackets and commas, followed by a space"},
    Description{FlawCode::repeated_anchor, "yaml-repeated-anchor", kError,
                "a value has one anchor at most: remove this one"},
    Description{FlawCode::repeated_tag, "yaml-repeated-tag", kError,
                "a value has one tag at most: remove this one"},
    Description{FlawCode::bad_tag, "yaml-bad-tag", kError,
                "this is no tag: write `!name`, `!!type` or `!<uri>`, followed by a space"},
    Description{
        FlawCode::properties_before_item, "yaml-properties-before-item", kError,
        "an anchor or tag of a list stands on the line before its first dash: move it there"},
    Description{FlawCode::alias_properties, "yaml-alias-properties", kError,
                "an alias cannot have an anchor or a tag: remove it"},
    Description{FlawCode::comment_space, "yaml-comment-space", kError,
                "a comment needs a space in front of its `#`: add one, or quote the value"},
    Description{
        FlawCode::bad_directive, "yaml-bad-directive", kError,
        "this directive is not understood: write `%YAML 1.2` once, or `%TAG !name! prefix`"},
    Description{FlawCode::missing_document_start, "yaml-missing-document-start", kError,
                "directives are followed by `---`: add it on a line of its own"},
    Description{
        FlawCode::undefined_tag_handle, "yaml-undefined-tag-handle", kError,
        "no %TAG directive declares this handle: declare it, or write the tag with one `!`"},
    Description{FlawCode::undefined_alias, "yaml-undefined-alias", kError,
                "nothing in front of this is anchored under the name: add the `&` anchor above, or "
                "correct the name"},
    Description{FlawCode::foreign_alias, "yaml-foreign-alias", kWarning,
                "the anchor is in an earlier document, where YAML itself does not look for it: "
                "anchor the value in this one"},
    Description{
        FlawCode::recursive_alias, "yaml-recursive-alias", kError,
        "this alias lies inside what it stands for and would never end: refer to something else"},
    Description{FlawCode::too_many, "yaml-too-many", kInformation,
                "there are more mistakes from here on: correct those above first"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kDescriptions.size(); ++i) {
    if (static_cast<std::size_t>(kDescriptions[i].code) != i) return false;
  }
  return true;
}
static_assert(in_order(), "kDescriptions follows FlawCode");

}  // namespace

Finding to_finding(const Flaw& flaw, std::string_view text) {
  const Description& description = kDescriptions[static_cast<std::size_t>(flaw.code)];
  Finding finding{std::string(description.name),
                  description.severity,
                  flaw.range,
                  std::string(description.message),
                  {}};
  const Range behind{flaw.range.end, flaw.range.end};
  const Range before{flaw.range.begin, flaw.range.begin};
  switch (flaw.code) {
    case FlawCode::missing_colon:
      finding.fix.push_back({behind, ":"});
      break;
    case FlawCode::space_after_colon:
      finding.fix.push_back({behind, " "});
      break;
    case FlawCode::comment_space:
      finding.fix.push_back({before, " "});
      break;
    case FlawCode::extra_comma:
    case FlawCode::unexpected_bracket:
      finding.fix.push_back({flaw.range, ""});
      break;
    case FlawCode::undefined_alias:
      finding.message = "nothing above is anchored as `&" +
                        std::string(text.substr(flaw.range.begin + 1, flaw.range.size() - 1)) +
                        "`: add the anchor, or correct the name";
      break;
    default:
      break;
  }
  return finding;
}

std::vector<FlawName> flaw_names() {
  std::vector<FlawName> names;
  for (const Description& description : kDescriptions) {
    names.push_back({description.name, description.severity, description.message});
  }
  return names;
}

}  // namespace dockhand::yaml
