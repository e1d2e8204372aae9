#include "lsp/options.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace dockhand::lsp {
namespace {

using Take = bool (*)(Options&, const std::string& value);

constexpr std::array<std::pair<std::string_view, LogLevel>, 4> kLevels = {{
    {"error", LogLevel::error},
    {"warning", LogLevel::warning},
    {"info", LogLevel::info},
    {"debug", LogLevel::debug},
}};

bool take_log(Options& options, const std::string& value) {
  const auto level = std::find_if(kLevels.begin(), kLevels.end(),
                                  [&](const auto& row) { return row.first == value; });
  if (level == kLevels.end()) return false;
  options.log = level->second;
  return true;
}

bool take_check(Options& options, const std::string& value) {
  options.check = value;
  return !value.empty();
}

bool take_context(Options& options, const std::string& value) {
  options.flags.context = value;
  return true;
}

bool take_host(Options& options, const std::string& value) {
  options.flags.host = value;
  return true;
}

bool take_config(Options& options, const std::string& value) {
  options.flags.config = value;
  return true;
}

struct Row {
  std::string_view name, value, help;
  Take take;
};

constexpr std::array<Row, 5> kRows = {{
    {"--check", "FILE", "Run every feature at every position of a file, and say what failed",
     take_check},
    {"--config", "DIR", "Docker's configuration directory", take_config},
    {"--context", "NAME", "The Docker context whose Engine to watch", take_context},
    {"--host", "URL", "The Engine to watch", take_host},
    {"--log", "LEVEL", "What to write to stderr: error, warning, info or debug", take_log},
}};

}  // namespace

Result<Options> parse_options(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--stdio") continue;
    if (word == "--help" || word == "-h") {
      options.help = true;
      continue;
    }
    if (word == "--version") {
      options.version = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto row =
        std::find_if(kRows.begin(), kRows.end(), [&](const Row& one) { return one.name == name; });
    if (row == kRows.end()) {
      return Error{"usage", "unknown option " + word, {}, "dockhand-lsp --help lists the options"};
    }
    std::string value;
    if (equals != std::string::npos) {
      value = word.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      value = arguments[++i];
    }
    if (!row->take(options, value)) {
      return Error{"usage", name + " needs " + std::string(row->value), {}, std::string(row->help)};
    }
  }
  return options;
}

std::string help_text() {
  std::string text =
      "Usage: dockhand-lsp [OPTIONS]\n\n"
      "A language server for Compose files, on stdin and stdout. Editors start it.\n\n"
      "Options:\n";
  const auto add = [&](std::string left, std::string_view help) {
    left.resize(std::max<std::size_t>(left.size() + 2, 20), ' ');
    text += "  " + left + std::string(help) + "\n";
  };
  for (const Row& row : kRows) add(std::string(row.name) + " " + std::string(row.value), row.help);
  add("--help", "This text");
  add("--version", "The version");
  return text;
}

}  // namespace dockhand::lsp
