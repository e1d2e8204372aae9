#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/range.h"
#include "compose/value.h"
#include "spec/catalogue.h"

// How the schema's findings speak of places, shapes and values.
namespace dockhand::check {

// Where a value stands, for as long as it is looked at.
struct Place {
  enum class Role : std::uint8_t { root, key, member, item };

  Role role = Role::root;
  std::string_view name = {};               // Of the key above; of an item, that of its list.
  std::string_view section = {};            // Of the top level, of which this is it or a member.
  const compose::Member* member = nullptr;  // The one above; null for items of lists in lists.

  Place below(const compose::Member& inner, Role inner_role) const;
  Place item() const;

  // What it is called: "`ports`", "an item of `ports`", "a service".
  std::string owner() const;
  // Where a finding goes about something that is not there.
  compose::Origin at(const compose::Value& value) const;
};

// What a shape takes: "a list or a mapping", "true or false".
std::string wanted(const spec::Shape& shape);
// What a value is: "a list", "a number".
std::string_view given(const compose::Value& value);

std::vector<std::string> choice_values(const spec::Shape& shape);
// "`a`, `b` or `c`", the first few of them.
std::string list_of_choices(const spec::Shape& shape);

// True when the file holds the scalar's text as it is, with or without quotes around it.
bool is_written_so(const compose::Value& scalar);
// Where that text is, without the quotes.
Range text_range(const compose::Value& scalar);

}  // namespace dockhand::check
