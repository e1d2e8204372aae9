#include "compose/environment.h"

#include <fmt/format.h>

#include "compose/dotenv.h"

namespace dockhand::compose {

EnvFiles fill_gaps(io::Environment& variables, VariablePlaces& places,
                   const std::vector<std::string>& paths, const io::FileSystem& files) {
  EnvFiles result;
  io::Environment added;
  VariablePlaces added_at;
  for (const std::string& path : paths) {
    if (path == "/dev/null") continue;  // How people say that there is none.
    if (path == kNoEnvFile) continue;
    const Result<std::string> text = files.read(path, kMaxEnvFileSize);
    if (!text) {
      result.unreadable.push_back({path, text.error().why});
      continue;
    }
    const DotEnv parsed = parse_dotenv(*text, variables, added);
    for (const DotEnv::Problem& problem : parsed.problems) {
      result.problems.push_back(fmt::format("{}:{}: {}", path, problem.line, problem.message));
    }
    for (const DotEnv::Variable& variable : parsed.variables) {
      added.set(variable.name, variable.value);
      added_at[variable.name] = {path, variable.line};
    }
  }
  for (const auto& [name, value] : added.variables()) {
    if (variables.has(name)) continue;
    variables.set(name, value);
    places[name] = std::move(added_at[name]);
  }
  return result;
}

}  // namespace dockhand::compose
