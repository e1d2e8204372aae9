#pragma once

#include <span>
#include <string_view>

#include "check/scene.h"

// The families of rules. Each is a file of its own and a row of families().
namespace dockhand::check {

struct Family {
  std::string_view name;
  void (*run)(Scene& scene);
};
std::span<const Family> families();

void check_references(Scene& scene);      // What is named and is not there, or is there unused.
void check_dependencies(Scene& scene);    // Who waits for whom, and in vain.
void check_conflicts(Scene& scene);       // Two that claim the same name or port.
void check_contradictions(Scene& scene);  // Keys that exclude or need each other.
void check_habits(Scene& scene);          // What works, and is regretted later.

// Items of one written list that claim the same mount target. Compose keeps the last, and the
// effective model holds no other: this one is a compose::Validate.
void check_repeats(const compose::Value& model, compose::Report& report);

// The codes of these families; see codes().
std::span<const Code> rule_codes();

}  // namespace dockhand::check
