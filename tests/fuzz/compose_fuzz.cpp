#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "check/check.h"
#include "compose/canonical/json.h"
#include "compose/loader.h"
#include "compose/ports.h"
#include "compose/scalar.h"

// Whatever the files of a project hold, reading and checking them ends soon and within its bounds,
// and every place that is named lies inside its file; every fix does, too. The input is several
// files, separated by lines of `%%`; each is also read as a port and as a scalar.
namespace {

using namespace dockhand;
using namespace dockhand::compose;

constexpr std::string_view kSeparator = "\n%%\n";
constexpr std::string_view kPaths[] = {"/p/compose.yaml", "/p/compose.override.yaml",
                                       "/p/a.yaml",       "/p/b/b.yaml",
                                       "/p/.env",         "/p/b/.env"};

void require(bool condition) {
  if (!condition) std::abort();
}

void check_place(const Project& project, const Origin& origin) {
  require(origin.file < project.files.size());
  require(origin.range.begin <= origin.range.end);
  require(origin.range.end <= project.files[origin.file].tree.text().size());
}

void check_places(const Project& project, const Value& value) {
  check_place(project, value.origin);
  if (const Value::Map* map = value.map()) {
    for (const Member& member : *map) {
      check_place(project, member.key_origin);
      check_places(project, member.value);
    }
  } else if (const Value::List* list = value.list()) {
    for (const Value& item : *list) check_places(project, item);
  }
}

void check_project(const Project& project) {
  check_places(project, project.model);
  const Result<std::string> json = to_json(project);
  require(!json || !json->empty());
  require(project.files.size() <= kMaxFiles);
  for (const SourceFile& file : project.files) {
    for (const Finding& finding : file.findings) {
      require(finding.range.begin <= finding.range.end);
      require(finding.range.end <= file.tree.text().size());
      for (const TextEdit& edit : finding.fix) {
        require(edit.range.begin <= edit.range.end);
        require(edit.range.end <= file.tree.text().size());
      }
    }
  }
  std::set<std::string> names;
  std::size_t ports = 0;
  for (const Service& service : project.services) {
    require(names.insert(service.name).second);
    check_place(project, service.name_origin);
    check_place(project, service.origin);
    check_place(project, service.image_origin);
    for (const Port& port : service.ports) check_place(project, port.origin);
    for (const Dependency& dependency : service.dependencies)
      check_place(project, dependency.origin);
    ports += service.ports.size();
  }
  require(ports <= kMaxPorts);
}

void check_parts(std::string_view text) {
  const auto port = parse_port_spec(text);
  if (const auto* problem = std::get_if<PortProblem>(&port))
    require(problem->range.end <= text.size());
  to_text(Value(Value::Scalar{std::string(text), false}, {}));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  io::MemoryFileSystem files;
  for (std::string_view path : kPaths) {
    const std::size_t end = rest.find(kSeparator);
    const std::string_view text = rest.substr(0, end);
    check_parts(text);
    files.write(std::string(path), std::string(text));
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + kSeparator.size());
  }
  LoadOptions options;
  options.working_directory = "/p";
  options.environment = io::Environment({{"A", "1"}, {"E", ""}, {"HOME", "/h"}});
  const Result<Project> project = check::load(options, files, {});
  if (project) check_project(*project);
  return 0;
}
