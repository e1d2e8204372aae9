#include <algorithm>
#include <array>

#include "check/rules.h"
#include "check/schema.h"
#include "yaml/flaw.h"

namespace dockhand::check {
namespace {

using enum Severity;
using Kind = Code::Kind;
using Fix = Code::Fix;

// What the loader finds while it reads (core/compose).
constexpr std::array kLoaderCodes = {
    Code{"compose-bad-context", error, "A further build context that is not `name=where`.",
         "build/#additional_contexts"},
    Code{"compose-bad-dependency", warning, "A `depends_on` that is not in a form Compose knows.",
         "services/#depends_on"},
    Code{"compose-bad-device", error, "A device in a form that Compose does not know.",
         "services/#devices"},
    Code{"compose-bad-external", error, "Something external that has two names.",
         "volumes/#external"},
    Code{"compose-bad-health-check", error, "A `healthcheck` that cannot be read.",
         "services/#healthcheck"},
    Code{"compose-bad-interpolation", error, "A `$` that begins no variable.", "interpolation/"},
    Code{"compose-bad-merge", error, "A `<<` that stands for no mapping.", "fragments/"},
    Code{"compose-bad-port", error, "A port that cannot be read.", "services/#ports"},
    Code{"compose-bad-ssh-key", error, "An ssh key that is not `id=path`.", "build/#ssh"},
    Code{"compose-bad-tag", error, "A tag such as `!!int` before a value that is none."},
    Code{"compose-bad-value", error, "A value of the wrong type.", "services/"},
    Code{"compose-bad-volume", error, "A volume that cannot be read.", "services/#volumes"},
    Code{"compose-bare-date", warning, "A date without quotes, which is no text to Compose."},
    Code{"compose-cannot-override", error, "A value that cannot be laid over the one below.",
         "merge/"},
    Code{"compose-duplicate-key", error, "A key that its mapping has already."},
    Code{"compose-empty", error, "Files that say nothing at all.", "services/"},
    Code{"compose-env-file", error, "An `env_file` or `label_file` that cannot be read.",
         "services/#env_file"},
    Code{"compose-env-syntax", error, "A line of an environment file that cannot be read.",
         "services/#env_file"},
    Code{"compose-extends-cycle", error, "A service that extends itself, or extends too deep.",
         "services/#extends"},
    Code{"compose-extends-form", error, "An `extends` that names no service.", "services/#extends"},
    Code{"compose-extends-unknown", error, "An `extends` of a service that is not there.",
         "services/#extends"},
    Code{"compose-file", error, "A file that another one names and that cannot be read.",
         "include/"},
    Code{"compose-include-cycle", error, "A file that includes itself, or includes too deep.",
         "include/"},
    Code{"compose-include-form", error, "An `include` that names no file.", "include/"},
    Code{"compose-key-not-text", error, "A key that YAML takes for a number or a boolean."},
    Code{"compose-newer-format", information, "A key that only the newest Compose knows."},
    Code{"compose-no-name", error, "A project name of which nothing usable is left.",
         "version-and-name/"},
    Code{"compose-not-a-mapping", error, "A file or section that is no mapping."},
    Code{"compose-remote", information, "A file on another machine, which is not looked at.",
         "include/"},
    Code{"compose-required-variable", error, "A variable that must be set and is not.",
         "interpolation/"},
    Code{"compose-too-deep", error, "Values nested too deep."},
    Code{"compose-too-large", error, "More values than any project needs."},
    Code{"compose-too-many-findings", information, "More mistakes than are shown."},
    Code{"compose-too-many-ports", error, "More ports than any project needs."},
    Code{"compose-unset-variable", warning, "A variable that is not set and reads as blank.",
         "interpolation/"},
    Code{"x-dev-bad-value", warning, "A value of `x-dev` that Dockhand cannot use.", "extension/"},
    Code{"x-dev-unknown-key", warning, "A key that `x-dev` does not know.", "extension/"},
};

std::vector<Code> all_codes() {
  std::vector<Code> codes(kLoaderCodes.begin(), kLoaderCodes.end());
  codes.insert(codes.end(), rule_codes().begin(), rule_codes().end());
  codes.insert(codes.end(), schema_codes().begin(), schema_codes().end());
  for (const yaml::FlawName& flaw : yaml::flaw_names()) {
    codes.push_back({flaw.name, flaw.severity, flaw.message, {}});
  }
  std::sort(codes.begin(), codes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  // Two flaws may share a code, such as an open `[` and an open `{`.
  codes.erase(std::unique(codes.begin(), codes.end(),
                          [](const auto& a, const auto& b) { return a.name == b.name; }),
              codes.end());
  return codes;
}

}  // namespace

std::span<const Code> rule_codes() {
  static constexpr std::array kCodes = {
      // References.
      Code{"missing-build-context", warning, "A build context that is no directory here.",
           "build/#context"},
      Code{"missing-dockerfile", warning, "A Dockerfile that is not in its build context.",
           "build/#dockerfile"},
      Code{"missing-file", warning, "The file of a config or secret, which is not there.",
           "configs/"},
      Code{"undefined-config", error, "A config that no `configs` section defines.",
           "services/#configs", Kind::plain, Fix::guess},
      Code{"undefined-model", error, "A model that no `models` section defines.",
           "services/#models", Kind::plain, Fix::guess},
      Code{"undefined-network", error, "A network that no `networks` section defines.",
           "services/#networks", Kind::plain, Fix::guess},
      Code{"undefined-secret", error, "A secret that no `secrets` section defines.",
           "services/#secrets", Kind::plain, Fix::guess},
      Code{"undefined-service", error, "A service that is not there.", "services/#depends_on",
           Kind::plain, Fix::guess},
      Code{"undefined-volume", error, "A volume that no `volumes` section defines.",
           "services/#volumes", Kind::plain, Fix::guess},
      Code{"unknown-build-stage", warning, "A build target that the Dockerfile does not have.",
           "build/#target", Kind::plain, Fix::guess},
      Code{"unknown-profile", warning, "A profile that is asked for and that no service has.",
           "profiles/"},
      Code{"unused-config", hint, "A config that no service uses.", "configs/", Kind::unused},
      Code{"unused-model", hint, "A model that no service uses.", "models/", Kind::unused},
      Code{"unused-network", hint, "A network that no service joins.", "networks/", Kind::unused},
      Code{"unused-secret", hint, "A secret that no service uses.", "secrets/", Kind::unused},
      Code{"unused-volume", hint, "A volume that no service mounts.", "volumes/", Kind::unused},
      // Dependencies.
      Code{"condition-never-holds", warning, "A condition that its service can never fulfil.",
           "services/#depends_on"},
      Code{"dependency-cycle", error, "Services that wait for each other.", "services/#depends_on"},
      Code{"depends-on-job", error, "A service that waits for a job.", "jobs/"},
      Code{"disabled-dependency", error, "A dependency on a service whose profile is not active.",
           "profiles/"},
      Code{"health-check-unknown", warning,
           "A wait for health, where only the image may bring the health check.",
           "services/#healthcheck"},
      // Conflicts.
      Code{"duplicate-container-name", error, "A container name that another service has too.",
           "services/#container_name"},
      Code{"duplicate-host-port", warning, "A port of the host that is published twice.",
           "services/#ports"},
      Code{"duplicate-mount", warning, "A path in the container on which two things are mounted.",
           "services/#volumes"},
      Code{"duplicate-name", error, "A job with the name of a service.", "jobs/"},
      Code{"host-port-in-use", warning, "A port of the host that something else holds already.",
           "services/#ports"},
      // Contradictions.
      Code{"conflicting-values", error, "Two keys that say the same thing differently.", "deploy/"},
      Code{"exclusive-keys", error, "Keys that exclude each other.", "services/"},
      Code{"external-with-other-keys", warning, "Settings of something that is made elsewhere.",
           "volumes/#external"},
      Code{"fixed-container-name", error, "One container name for several containers.",
           "services/#container_name"},
      Code{"fixed-host-port", warning, "Fewer ports of the host than containers that want one.",
           "services/#ports"},
      Code{"ignored-key", warning, "A key that another one makes void.", "services/"},
      Code{"no-image-or-build", error, "A service with neither an image nor a build.",
           "services/#image"},
      Code{"no-source", error, "A config or secret that says nothing about its content.",
           "configs/"},
      Code{"no-trigger", error, "A job that nothing ever starts.", "jobs/"},
      Code{"platform-not-built", error, "A platform to run on that is not built for.",
           "build/#platforms"},
      Code{"watch-without-build", warning, "A rebuild of a service that is not built here.",
           "develop/#action"},
      Code{"watch-without-exec", warning, "A `sync+exec` that says nothing to run.",
           "develop/#exec"},
      Code{"watch-without-target", error, "A watched path that has no place to be copied to.",
           "develop/#target"},
      // Habits.
      Code{"latest-tag", hint, "An image whose version may change at any pull.", "services/#image"},
      Code{"no-health-check", hint, "A service without a health check that others wait for.",
           "services/#healthcheck"},
      Code{"plain-secret", hint, "A secret written into the file.", "secrets/"},
      Code{"unquoted-port", hint, "Ports that other YAML readers take for one number.",
           "services/#ports"},
  };
  return kCodes;
}

const std::vector<Code>& codes() {
  static const std::vector<Code> codes = all_codes();
  return codes;
}

const Code* find_code(std::string_view name) {
  const std::vector<Code>& all = codes();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Code& code, std::string_view wanted) { return code.name < wanted; });
  return found != all.end() && found->name == name ? &*found : nullptr;
}

std::string documentation(const Code& code) {
  if (code.name.starts_with("yaml-")) return "https://yaml.org/spec/1.2.2/";
  return "https://docs.docker.com/reference/compose-file/" + std::string(code.page);
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case error:
      return "error";
    case warning:
      return "warning";
    case information:
      return "information";
    case hint:
      return "hint";
  }
  return "";
}

std::optional<Severity> parse_severity(std::string_view text) {
  for (const Severity severity : {error, warning, information, hint}) {
    if (text == to_string(severity)) return severity;
  }
  return std::nullopt;
}

}  // namespace dockhand::check
