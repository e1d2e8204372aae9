#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/range.h"

namespace dockhand::compose {

// The short form of one `volumes` entry, `[source:]target[:options]`, and where its parts stand in
// the text. A part that is not there is empty, with an empty range.
struct VolumeSpec {
  struct Part {
    std::string text;
    Range range = {};
  };
  Part source;
  Part target;           // As written; Compose cleans it.
  bool is_bind = false;  // The source is a path, not the name of a volume.
  bool read_only = false;
  bool no_copy = false;
  std::string propagation;  // `rprivate`, `shared`, …
  std::string selinux;      // `z` or `Z`.
  Range options = {};
  bool too_short = false;  // One or two bytes: a target, about which Compose says no more.
};

// What is wrong with a short form, and which of its bytes.
struct VolumeProblem {
  std::string message;
  Range range;
};

// Accepts and refuses what Compose does (compose-go: format). A colon behind a single letter
// belongs to a Windows drive; options that are none are passed over.
std::variant<VolumeSpec, VolumeProblem> parse_volume_spec(std::string_view text);

}  // namespace dockhand::compose
