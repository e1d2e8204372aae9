#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lsp/protocol/jsonrpc.h"
#include "lsp/protocol/lifecycle.h"
#include "lsp/protocol/types.h"
#include "lsp/protocol/uri.h"

// Feeds the framing whole and in pieces, which must agree, and what it yields to every reader of
// params.

namespace dockhand::lsp {
namespace {

std::vector<std::string> cut(std::string_view stream, std::size_t step) {
  FrameReader reader;
  std::vector<std::string> bodies;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(stream.substr(at, step));
    while (auto next = reader.next()) {
      bodies.push_back(*next ? std::move(**next) : next->error().code);
    }
  }
  return bodies;
}

template <class Params>
void read(const json& value) {
  Params params{};
  Path::Root root("params");
  if (!from_json(value, params, Path(root)) && root.problem().empty()) std::abort();
}

void read_every_kind(const json& params) {
  read<InitializeParams>(params);
  read<DidOpenTextDocumentParams>(params);
  read<DidChangeTextDocumentParams>(params);
  read<DocumentParams>(params);
  read<TextDocumentPositionParams>(params);
  read<InlayHintParams>(params);
  read<CodeActionParams>(params);
  read<ExecuteCommandParams>(params);
  read<DidChangeConfigurationParams>(params);
  read<WorkDoneProgressCancelParams>(params);
  read_client_capabilities(params);
}

void try_message(const Message& message) {
  frame(response(message.id, nullptr));
  read_every_kind(message.params);
  const json* uri = find_path(message.params, "textDocument.uri");
  if (!uri || !uri->is_string()) return;
  name_of_uri(uri->get_ref<const std::string&>());
  const auto path = path_of_uri(uri->get_ref<const std::string&>());
  if (path && path_of_uri(uri_of_path(*path)) != path) std::abort();
}

}  // namespace
}  // namespace dockhand::lsp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockhand::lsp;
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const std::vector<std::string> bodies = cut(stream, size + 1);
  if (cut(stream, 1) != bodies || cut(stream, 7) != bodies) std::abort();
  for (const std::string& body : bodies) {
    for (const Message& message : parse_body(body).messages) try_message(message);
  }
  for (const Message& message : parse_body(stream).messages) try_message(message);
  return 0;
}
