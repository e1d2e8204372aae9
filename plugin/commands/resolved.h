#pragma once

#include <string>
#include <string_view>

#include "plugin/context.h"
#include "plugin/render/model.h"

namespace dockhand::plugin {

// How `config --resolved` shows the model.
struct ResolvedOptions {
  std::string path;    // What of the model, as compose::parse_model_path() reads it; empty: all.
  std::string format;  // `text` or `json`.
  render::Secrets secrets = render::Secrets::masked;  // Of text, and of JSON about a path.
  render::Style style;
};

// Shows the effective Compose model: as YAML with the provenance of each value, as JSON with it for
// a path, or as the JSON that `docker compose config` prints. Where Compose would refuse the files
// every reason is told on stderr, and the exit code is that of a failure.
int show_resolved(Context& context, const ResolvedOptions& options);

}  // namespace dockhand::plugin
