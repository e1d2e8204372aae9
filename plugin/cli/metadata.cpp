#include "plugin/cli/metadata.h"

namespace dockhand::plugin {

std::string_view metadata() {
  return R"({"SchemaVersion":"0.1.0","Vendor":"Dockhand","Version":"v)" DOCKHAND_VERSION
         R"(","ShortDescription":"Your Compose file, alive: see and steer its services"})"
         "\n";
}

std::string_view version() { return DOCKHAND_VERSION; }

}  // namespace dockhand::plugin
