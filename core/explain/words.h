#pragma once

#include <string>
#include <string_view>

#include "live/snapshot.h"

// The pieces that reasons are put together from. For this folder only. Pure functions; whatever
// comes in from a container or an Engine goes out printable, one line, bounded.
namespace dockhand::explain {

// What is wrong with a service, or what it waits for. All empty when nothing is.
struct Reason {
  std::string text;   // One sentence.
  std::string brief;  // For the end of a line.
  std::string code;
  int streak = 0;  // Failed checks in a row.
};
Reason reason_of(const live::Snapshot& snapshot, const live::ServiceState& service);

// True when `edge` holds nothing back: its service, in this state, is what the condition asks for.
bool satisfied(const topology::Edge& edge, const live::ServiceState& dependency);
// The first dependency that keeps a service from starting, or null.
const topology::Edge* awaited(const live::Snapshot& snapshot, const live::ServiceState& service);

// True for an end that was asked for: 0, SIGINT and SIGTERM.
bool ended_on_request(int exit_code);

// The line of a health check's output that says what is wrong: curl's and wget's progress is passed
// over, a health report in JSON is read, and Docker's own failures are put briefly.
std::string telling_line(std::string_view output);

// The Engine's message about a container that it could not start, without its layers of wrapping:
// `port 8080 is already in use`.
std::string start_error(std::string_view message);

// A reason cut for the end of a line: without the address at its end.
std::string shorten(std::string_view reason);

// `restarted once`, `restarted 3 times`.
std::string times_restarted(int count);

}  // namespace dockhand::explain
