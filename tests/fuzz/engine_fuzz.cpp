// Everything that core/engine reads from others: containers, lists, events in whatever chunks,
// Docker's own files, host strings. The first byte chooses.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "base/unicode.h"
#include "engine/container.h"
#include "engine/endpoint.h"
#include "engine/event.h"

namespace dockhand::engine {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void read_container(std::string_view text) {
  const auto container = parse_container(text);
  if (!container) return;
  require(!container->id.empty());
  require(is_valid_utf8(container->name) && is_valid_utf8(container->error));
  require(container->labels.size() <= 1024 && container->ports.size() <= 4096);
  if (!container->health) return;
  require(container->health->log.size() <= 5);
  for (const HealthResult& result : container->health->log) require(result.output.size() <= 4096);
}

void read_list(std::string_view text) {
  const auto list = parse_container_list(text);
  if (!list) return;
  for (const ContainerSummary& row : *list) require(!row.id.empty());
}

// However the chunks fall, the events are the same.
void read_events(std::string_view text) {
  EventReader whole, cut;
  const std::size_t expected = whole.feed(text).size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += 3) count += cut.feed(text.substr(i, 3)).size();
  require(count == expected && whole.dropped() == cut.dropped() && whole.astray() == cut.astray());
}

void check_shown(const Error& error) {
  for (const std::string* text : {&error.what, &error.why, &error.fix}) {
    for (const char c : *text) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  }
}

void resolve(const GlobalFlags& flags, const io::Environment& environment,
             const io::FileSystem& files) {
  const DockerConfig config = read_docker_config(flags, environment, files);
  if (config.problem) check_shown(*config.problem);
  const Result<Endpoint> endpoint = resolve_endpoint(flags, config, environment, files);
  if (!endpoint) check_shown(endpoint.error());
}

void read_config(std::string_view text) {
  io::MemoryFileSystem files;
  files.write("/c/config.json", std::string(text));
  resolve({.config = "/c"}, {}, files);
}

void read_context(std::string_view text) {
  io::MemoryFileSystem files;
  // Where the context of this name lies.
  files.write(
      "/c/contexts/meta/6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77/meta.json",
      std::string(text));
  resolve({.config = "/c", .context = "prod"}, {}, files);
}

void read_host(std::string_view text) {
  resolve({.host = std::string(text)}, {}, io::MemoryFileSystem());
}

void read_headers(std::string_view text) {
  io::Environment environment;
  environment.set("DOCKER_CUSTOM_HEADERS", std::string(text));
  resolve({}, environment, io::MemoryFileSystem());
}

}  // namespace
}  // namespace dockhand::engine

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockhand::engine;
  constexpr void (*kReaders[])(std::string_view) = {
      read_container, read_list, read_events, read_config, read_context, read_host, read_headers};
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  kReaders[data[0] % std::size(kReaders)](text);
  return 0;
}
