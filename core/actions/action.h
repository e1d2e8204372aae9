#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/environment.h"
#include "io/process.h"

namespace dockhand::actions {

enum class ActionKind { start, stop, restart };
std::string_view to_string(ActionKind kind);  // The verb: `start`.

// How `docker compose` is called: the docker that called us or the one in PATH, with the same
// global flags that we were given, so that both talk to the same Engine.
struct ComposeCommand {
  std::vector<std::string> docker = {"docker"};  // Program and global flags.
  io::Environment environment = {};
};

// The project as Compose must be told it. Without files, Compose works from the labels of the
// containers that exist.
struct ProjectSelector {
  std::string name;                // -p
  std::vector<std::string> files;  // -f
  std::string directory;           // --project-directory; empty: none.
  std::vector<std::string> env_files, profiles;
};

struct ActionRequest {
  ActionKind kind = ActionKind::restart;
  ProjectSelector project;
  // What to act on: none is all services.
  std::vector<std::string> services;
  // Which of them have no container, and are created; see arguments(). With no services named: any.
  std::vector<std::string> not_created;
  // Of restart: `services` names the dependents too, all that are meant. Compose then restarts
  // nothing of its own accord, as it otherwise does with dependents that ask for it in the file.
  bool with_dependents = false;
};

// One step of `docker compose …`: the words behind `docker`.
// Starting is `up -d --no-recreate` for services without a container and `start` for the others,
// because a plain `up` would recreate others and run finished jobs again. Restarting what has no
// container is starting it. Names never read as flags: they stand behind `--`.
std::vector<std::vector<std::string>> arguments(const ActionRequest& request);

// A line of progress as Compose tells it.
struct ActionProgress {
  std::string resource;  // `Container shop-web-1`; empty for lines of no known form.
  std::string status;    // `Starting`, `Started`, `Error`, `Error response from daemon: …`
  std::string text;      // The whole line, printable.
};
ActionProgress parse_progress(std::string_view line);

// Carries the request out, step by step, until one fails. Blocks for as long as Compose takes;
// `on_progress` may be empty and is called from the calling thread. Errors: `compose-missing` (no
// docker, or no Compose plugin), `action-failed` (Compose's own last words in `why`), `cancelled`.
Result<void> run(const ActionRequest& request, const ComposeCommand& compose,
                 io::ProcessRunner& processes,
                 const std::function<void(const ActionProgress&)>& on_progress,
                 std::stop_token stop = {});

}  // namespace dockhand::actions
