#include <doctest/doctest.h>
#include <fmt/format.h>

#include "compose/interpolate.h"
#include "compose/loader.h"
#include "compose/model.h"
#include "compose/render.h"

// Hostile files: each must end soon, keep what is honest beside it, and say what was left out.
namespace dockhand::compose::test {
namespace {

bool has(const Project& project, std::string_view code) {
  return render_findings(project).find(" " + std::string(code) + " ") != std::string::npos;
}

bool serves(const Project& project, std::string_view name) {
  const Service* service = project.find(name);
  return service && service->image == "i";
}

}  // namespace

TEST_CASE("an alias bomb") {
  std::string text = "services:\n  before: {image: i}\nx-0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    text += fmt::format("x-{}: &a{} [", i, i);
    for (int k = 0; k < 9; ++k) text += fmt::format("{}*a{}", k ? ", " : "", i - 1);
    text += "]\n";
  }
  text += "volumes: {v: *a11}\n";
  const Project project = Files(text).load();
  CHECK(has(project, "compose-too-large"));
  CHECK(serves(project, "before"));
}

TEST_CASE("a bomb of merge keys") {
  std::string text = "services:\n  before: {image: i}\nx-0: &m0 {a: 1, b: 2, c: 3}\n";
  for (int i = 1; i < 30; ++i) {
    text += fmt::format("x-{}: &m{} {{p: *m{}, q: {{<<: *m{}}}, r: *m{}}}\n", i, i, i - 1, i - 1,
                        i - 1);
  }
  text += "volumes: {v: {<<: *m29}}\n";
  const Project project = Files(text).load();
  CHECK(has(project, "compose-too-large"));
  CHECK(serves(project, "before"));
}

TEST_CASE("aliases that nest ever deeper") {
  std::string text = "x-0: &a0 x\n";
  for (int i = 1; i < 5000; ++i) text += fmt::format("x-{}: &a{} [*a{}]\n", i, i, i - 1);
  text += "services:\n  a: {image: i, labels: *a4999}\n";
  const Project project = Files(text).load();
  CHECK(has(project, "compose-too-deep"));
  CHECK(serves(project, "a"));
}

TEST_CASE("honest use of anchors is not a bomb") {
  std::string text = "x-e: &e {";
  for (int i = 0; i < 122; ++i) text += fmt::format("V{}: {}, ", i, i);
  text += "}\nservices:\n";
  for (int i = 0; i < 400; ++i)
    text += fmt::format("  s{}: {{image: i, environment: {{<<: *e, N: 1}}}}\n", i);
  const Project project = Files(text).load();
  CHECK(project.services.size() == 400);
  CHECK(render_findings(project) == "");
}

TEST_CASE("includes that double at each level") {
  std::string text = "--- compose.yaml\ninclude: [f0.yaml]\nservices: {a: {image: i}}\n";
  for (int i = 0; i < 20; ++i) {
    text += fmt::format("--- f{}.yaml\ninclude: [f{}.yaml, {{path: f{}.yaml}}]\n", i, i + 1, i + 1);
  }
  text += "--- f20.yaml\nservices: {z: {image: i}}\n";
  const Project project = Files(text).load();
  CHECK(has(project, "compose-file"));
  CHECK(serves(project, "a"));
  CHECK(serves(project, "z"));
  CHECK(project.files.size() <= kMaxFiles);
}

TEST_CASE("includes deeper than the bound") {
  std::string text = "--- compose.yaml\ninclude: [f0.yaml]\nservices: {a: {image: i}}\n";
  for (int i = 0; i < 50; ++i) text += fmt::format("--- f{}.yaml\ninclude: [f{}.yaml]\n", i, i + 1);
  const Project project = Files(text).load();
  CHECK(has(project, "compose-include-cycle"));
  CHECK(serves(project, "a"));
}

TEST_CASE("a chain of extends, in file order and against it") {
  std::string forward = "services:\n  s0: {image: i}\n", backward = "services:\n";
  for (int i = 1; i < 5000; ++i) forward += fmt::format("  s{}: {{extends: s{}}}\n", i, i - 1);
  for (int i = 300; i > 0; --i) backward += fmt::format("  s{}: {{extends: s{}}}\n", i, i - 1);
  backward += "  s0: {image: i}\n";
  const Project along = Files(forward).load();
  CHECK(serves(along, "s4999"));
  CHECK(render_findings(along) == "");
  const Project against = Files(backward).load();
  CHECK(has(against, "compose-extends-cycle"));
  CHECK(serves(against, "s0"));
}

TEST_CASE("extends that copy a large service many times") {
  std::string text = "services:\n  base:\n    image: i\n    labels:\n";
  for (int i = 0; i < 2000; ++i) text += fmt::format("      l{}: x\n", i);
  for (int i = 0; i < 500; ++i) text += fmt::format("  s{}: {{extends: base}}\n", i);
  const Project project = Files(text).load();
  CHECK(has(project, "compose-too-large"));
  CHECK(serves(project, "s0"));
  CHECK(project.services.size() == 501);
}

TEST_CASE("ranges of more ports than there are") {
  std::string text = "services:\n";
  for (int i = 0; i < 20; ++i)
    text += fmt::format("  s{}: {{image: i, ports: ['1-65535:1-65535']}}\n", i);
  const Project project = Files(text).load();
  CHECK(has(project, "compose-too-many-ports"));
  std::size_t ports = 0;
  for (const Service& service : project.services) ports += service.ports.size();
  CHECK(ports <= kMaxPorts);
  CHECK(serves(project, "s19"));
}

TEST_CASE("more mistakes than anybody reads") {
  std::string text = "services:\n";
  for (int i = 0; i < 3000; ++i) text += fmt::format("  s{}: {{image: $V{}}}\n", i, i);
  const Project project = Files(text).load();
  CHECK(project.services.size() == 3000);
  CHECK(project.files.at(0).findings.size() == 1001);
  CHECK(has(project, "compose-too-many-findings"));
}

TEST_CASE("a service that needs thousands of others") {
  std::string text = "services:\n  hub:\n    image: i\n    depends_on:\n";
  for (int i = 0; i < 5000; ++i) text += fmt::format("      - s{}\n", i);
  CHECK(Files(text).load().services.at(0).dependencies.size() == 5000);
}

}  // namespace dockhand::compose::test
