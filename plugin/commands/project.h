#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compose/project.h"
#include "live/survey.h"
#include "plugin/context.h"

namespace dockhand::plugin {

// A project that a command is about.
struct Target {
  std::string name;                                 // Under which it runs, or would.
  std::shared_ptr<const compose::Project> project;  // Null: only its containers are known.
  compose::LoadOptions options = {};                // What the project was loaded by.
};

// The project that the flags, the environment and the working directory mean, as Compose would
// understand them; asks the Engine only when -p names a project without its files. Mistakes in the
// files, and files that lose against another of Compose's names, are told on stderr. Errors: those
// of compose::load(), `project-missing`.
Result<Target> find_target(Context& context);

// The target, or the projects that run from its file under other names: when it runs itself it
// comes first. `listed` is what runs on the Engine.
std::vector<Target> running_targets(Context& context, Target target,
                                    const std::vector<live::ProjectSummary>& listed);

// The one project to act on. Error `project-ambiguous` when several run from the file that was
// found and none under its own name.
Result<Target> find_one_target(Context& context, engine::Engine& engine);

// A project as the labels of its containers describe it, with its files where they can be read.
Target target_of(Context& context, const live::ProjectSummary& summary);

// Adds to an error about a missing compose file which projects run on the Engine, and how to see
// them.
Error with_running_projects(Context& context, Error error);

// The words of a Compose or Dockhand command line that mean this target: empty when it is what the
// working directory means anyway, else `-p NAME ` or the flags that were given.
std::string selecting_words(Context& context, const Target& target);

// Error `service-missing`, with the nearest name, unless every name is one of `known`.
Result<void> check_services(const std::vector<std::string>& names,
                            const std::vector<std::string>& known, const std::string& project);

}  // namespace dockhand::plugin
