#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dockhand::lsp {

// The absolute path that a `file:` URI names, percent-decoded and normalised. Nothing for other
// schemes, for another host than this one, for a relative path, and for bytes that no path holds.
std::optional<std::string> path_of_uri(std::string_view uri);

// The URI of an absolute path, as editors write it.
std::string uri_of_path(std::string_view path);

// The last part of a URI's path, decoded: the file's name, also of `untitled:` and other schemes.
std::string name_of_uri(std::string_view uri);

}  // namespace dockhand::lsp
