#include "compose/canonical/short_volume.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace dockhand;
using namespace dockhand::compose;

namespace {

// `bind ./a -> /b [ro z]`, or what is wrong and with which bytes.
std::string shown(std::string_view text) {
  const auto parsed = parse_volume_spec(text);
  if (const auto* problem = std::get_if<VolumeProblem>(&parsed)) {
    return fmt::format("wrong: `{}`", text.substr(problem->range.begin, problem->range.size()));
  }
  const auto& spec = std::get<VolumeSpec>(parsed);
  for (const VolumeSpec::Part* part : {&spec.source, &spec.target}) {
    CHECK(text.substr(part->range.begin, part->range.size()) == part->text);
  }
  std::string options;
  if (spec.read_only) options += " ro";
  if (spec.no_copy) options += " nocopy";
  if (!spec.propagation.empty()) options += " " + spec.propagation;
  if (!spec.selinux.empty()) options += " " + spec.selinux;
  if (spec.too_short) options += " short";
  const std::string_view kind = spec.is_bind ? "bind" : "volume";
  return fmt::format("{} {}->{}{}", kind, spec.source.text, spec.target.text, options);
}

}  // namespace

TEST_CASE("short forms of volumes") {
  struct Row {
    std::string_view text, meaning;
  };
  const Row rows[] = {
      {"/data", "volume ->/data"},
      {"/d", "volume ->/d short"},
      {"d", "volume ->d short"},
      {"data:/data", "volume data->/data"},
      {"./a:/b", "bind ./a->/b"},
      {"../a:/b", "bind ../a->/b"},
      {"/a:/b", "bind /a->/b"},
      {"~/a:/b", "bind ~/a->/b"},
      {"~:/b", "bind ~->/b"},
      {".:/b", "bind .->/b"},
      {"a.b:/c", "volume a.b->/c"},
      {"/a:/b:ro", "bind /a->/b ro"},
      {"/a:/b:rw", "bind /a->/b"},
      {"/a:/b:ro,rw", "bind /a->/b"},
      {"data:/b:nocopy", "volume data->/b nocopy"},
      {"/a:/b:z", "bind /a->/b z"},
      {"/a:/b:ro,Z,rslave", "bind /a->/b ro rslave Z"},
      {"/a:/b:cached,delegated", "bind /a->/b"},
      {"data:/b:rshared", "volume data->/b rshared"},
      // A letter alone before a colon is a Windows drive.
      {"c:/b", "volume ->c:/b"},
      {"C:\\a:/b", "bind C:\\a->/b"},
      {"C:\\a:D:\\b", "bind C:\\a->D:\\b"},
      {"C:\\a:D:\\b:ro", "bind C:\\a->D:\\b ro"},
      {"c:/d:ro", "bind c:/d->ro"},
      {"\\\\host\\share:/b", "bind \\\\host\\share->/b"},
      {"\\\\.\\pipe\\x:\\\\.\\pipe\\x", "bind \\\\.\\pipe\\x->\\\\.\\pipe\\x"},
      {"\xC3\xA9:/b:/c", "bind \xC3\xA9:/b->/c"},
      {"/a${X:-b}:/c", "bind /a${X:-b}->/c"},
      {"", "wrong: ``"},
      {":/b", "wrong: `:`"},
      {"/a:", "wrong: `:`"},
      {"/a::/b", "wrong: `::`"},
      {"/a:/b:ro:x", "wrong: `:x`"},
      {"/a:/b:/c:/d", "wrong: `:/d`"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(shown(row.text) == row.meaning);
  }
}
