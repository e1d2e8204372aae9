#include "io/become.h"

#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace dockhand::io {

Error become(const std::vector<std::string>& argv, const Environment& environment) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment.variables()) variables.push_back(name + "=" + value);
  const auto pointers = [](const std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
    out.push_back(nullptr);
    return out;
  };
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  execve(argv.front().c_str(), pointers(argv).data(), pointers(variables).data());
  return {"exec-failed", "cannot run " + argv.front(),
          std::error_code(errno, std::generic_category()).message()};
}

}  // namespace dockhand::io
