#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "compose/environment.h"
#include "compose/report.h"
#include "compose/value.h"
#include "io/environment.h"
#include "io/file_system.h"

namespace dockhand::compose {

// Puts the variables of a service's `env_file` into its `environment`, and those of its
// `label_file` into its `labels`; what is written there itself wins. Every file is read once,
// however many services name it. Works on typed services with absolute paths. Findings:
// compose-env-file (missing or unreadable), compose-env-syntax.
class EnvFileReader {
 public:
  // All three outlive it; `variables` are the project's, and win over the service's in the values.
  EnvFileReader(const io::FileSystem& files, const io::Environment& variables, Report& report)
      : files_(files), variables_(variables), report_(report) {}

  void add_environment(Value& service);
  void add_labels(Value& service);

 private:
  struct Variable {
    std::string name, value, file;
    std::uint32_t line;
    const Value* from;  // The entry that names the file.
  };
  using Variables = std::vector<Variable>;

  const Result<std::string>& text(const std::string& path);
  void read(const Value& entry, const io::Environment& known, io::Environment& earlier,
            Variables& found);
  void parse(const Value& entry, const std::string& path, std::string_view format,
             const io::Environment& known, io::Environment& earlier, Variables& found);
  static void put(Value& service, std::string_view key, const Variables& found);

  const io::FileSystem& files_;
  const io::Environment& variables_;
  Report& report_;
  std::map<std::string, Result<std::string>> texts_;
};

}  // namespace dockhand::compose
