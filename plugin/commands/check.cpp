#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "plugin/cli/metadata.h"
#include "plugin/commands/verbs.h"
#include "plugin/render/findings.h"
#include "plugin/render/layout.h"

namespace dockhand::plugin {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<Flag, 3> kFlags = {{
    {"fix", 0, FlagKind::boolean, "Apply the fixes that are sure, and show what they change"},
    {"format", 0, FlagKind::text, "Format output: \"text\", \"json\" or \"sarif\"", Values::words,
     "text json sarif"},
    {"list", 0, FlagKind::boolean, "List every code that check may report"},
}};

std::string codes_json() {
  Json list = Json::array();
  for (const check::Code& code : check::codes()) {
    list.push_back({{"Code", code.name},
                    {"Severity", check::to_string(code.severity)},
                    {"Help", code.help},
                    {"Documentation", check::documentation(code)}});
  }
  return list.dump(2);
}

std::vector<std::string> codes_text(const render::Style& style) {
  render::Table table{{{"CODE", 0}, {"SEVERITY", 0}, {"ABOUT", 0}}, {}};
  for (const check::Code& code : check::codes()) {
    table.rows.push_back({{{std::string(code.name), render::Paint::bold, {}},
                           {std::string(check::to_string(code.severity))},
                           {std::string(code.help)}}});
  }
  return render::lay_out(table, style);
}

// The projects of one command, and the files that they were read from, each once.
class Checkup {
 public:
  explicit Checkup(Context& context) : context_(context) {}

  // Loads and checks a project. Errors: those of compose::load().
  Result<void> add(const compose::LoadOptions& options, bool fix) {
    Result<compose::Project> project = load(options);
    if (project && fix && mend(*project)) project = load(options);
    if (!project) return project.error();
    for (compose::SourceFile& file : project->files) {
      std::string path = file.path;
      files_.try_emplace(std::move(path), std::move(file));
    }
    return {};
  }

  std::vector<render::CheckedFile> files() const {
    std::vector<render::CheckedFile> checked;
    for (const auto& [path, file] : files_) {
      checked.push_back({shown(path), file.tree.text(), &file.findings});
    }
    return checked;
  }

  bool has_errors() const {
    return std::any_of(files_.begin(), files_.end(), [](const auto& entry) {
      const std::vector<Finding>& findings = entry.second.findings;
      return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.severity == Severity::error;
      });
    });
  }

  const std::vector<Error>& failures() const { return failures_; }
  const std::vector<std::string>& changes() const { return changes_; }

 private:
  Result<compose::Project> load(const compose::LoadOptions& options) {
    Result<compose::Project> project = check::load(options, *context_.world().files);
    if (!project) return project;
    std::vector<std::string> problems;
    const Settings settings = context_.settings(&*project);
    const check::Severities severities =
        check::parse_severities(settings.text("check.severity"), problems);
    for (const std::string& problem : problems) warn(problem);
    for (compose::SourceFile& file : project->files) check::apply(severities, file.findings);
    return project;
  }

  void warn(const std::string& problem) {
    if (std::find(warned_.begin(), warned_.end(), problem) != warned_.end()) return;
    warned_.push_back(problem);
    context_.err().write(error_text(
        "warning",
        {"setting-invalid", "cannot use all of the setting check.severity", problem, {}}));
  }

  // True when a file was changed.
  bool mend(const compose::Project& project) {
    bool changed = false;
    for (const compose::SourceFile& file : project.files) {
      if (file.path == "-") continue;
      const check::Fixed fixed = check::apply_fixes(file.tree.text(), file.findings);
      if (fixed.edits.empty()) continue;
      if (const Result<void> written = write(file, fixed.text); !written) {
        failures_.push_back(written.error());
        continue;
      }
      changed = true;
      changes_.push_back(
          fmt::format("{}: {} applied", printable(shown(file.path)),
                      fixed.fixes == 1 ? "1 fix" : fmt::format("{} fixes", fixed.fixes)));
      for (std::string& line :
           render::edits_text(file.tree.text(), fixed.edits, context_.style())) {
        changes_.push_back(std::move(line));
      }
    }
    return changed;
  }

  // Unless somebody else has changed the file since it was read.
  Result<void> write(const compose::SourceFile& file, const std::string& text) {
    const Result<std::string> now = context_.world().files->read(file.path, compose::kMaxFileSize);
    if (!now) return now.error();
    if (*now != file.tree.text()) {
      return Error{"file-changed", "cannot fix " + shown(file.path),
                   "it was changed while it was checked", "run the command again"};
    }
    return context_.world().replace_file(file.path, text);
  }

  std::string shown(const std::string& path) const {
    if (path == "-") return "<stdin>";
    const std::string& directory = context_.world().working_directory;
    const std::string inside = directory.ends_with('/') ? directory : directory + "/";
    return path.starts_with(inside) ? path.substr(inside.size()) : path;
  }

  Context& context_;
  std::map<std::string, compose::SourceFile> files_;  // By path.
  std::vector<std::string> changes_;
  std::vector<std::string> warned_;
  std::vector<Error> failures_;
};

int run(Context& context, const Parsed& given) {
  const std::string format = given.flags.optional("format").value_or("text");
  if (format != "text" && format != "json" && format != "sarif") {
    return context.fail({"format-unknown",
                         "no such format: " + printable(format),
                         "check can print: text, json, sarif",
                         {}});
  }
  if (given.flags.flag("list")) {
    if (format == "text") {
      context.out().lines(codes_text(context.style()));
    } else {
      context.out().line(codes_json());
    }
    return kDone;
  }
  Checkup checkup(context);
  const bool fix = given.flags.flag("fix");
  int status = kDone;
  std::vector<compose::LoadOptions> projects;
  for (const std::string& file : given.words) projects.push_back(context.load_options({file}));
  if (projects.empty()) projects.push_back(context.load_options());
  for (const compose::LoadOptions& options : projects) {
    const Result<void> done = checkup.add(options, fix);
    if (!done) status = context.fail(done.error());
    if (status == kCancelled) return status;
  }
  for (const Error& failure : checkup.failures()) status = context.fail(failure);
  const std::vector<render::CheckedFile> files = checkup.files();
  if (files.empty()) return status;
  if (format == "json") {
    context.out().line(render::findings_json(files));
  } else if (format == "sarif") {
    context.out().line(render::findings_sarif(files, version()));
  } else {
    context.out().lines(checkup.changes());
    context.out().lines(render::findings_text(files, context.style()));
  }
  return checkup.has_errors() ? kFailed : status;
}

}  // namespace

const Command kCheckCommand = {
    .name = "check",
    .summary = "Find every mistake in the compose files at once",
    .usage = "[OPTIONS] [FILE...]",
    .description =
        "Each FILE is a project of its own; without any it is that of this directory. Ends with 1\n"
        "when there are errors: what Compose would refuse.\n\n"
        "`# dockhand: ignore CODE` at the end of a line, or alone on the line above, keeps one\n"
        "quiet; the setting check.severity changes them everywhere: `latest-tag=off`.",
    .examples =
        "docker dockhand check\n"
        "docker dockhand check --fix\n"
        "docker dockhand check --format sarif > dockhand.sarif",
    .flags = kFlags,
    .words = Words::files,
    .run = run,
};

}  // namespace dockhand::plugin
