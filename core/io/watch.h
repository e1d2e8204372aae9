#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <string>

// Sleeping until the outside speaks, or until somebody wants the sleeper to end: for programs that
// are talked to, as the language server is. None of it wakes up in between.
namespace dockhand::io {

// Like read_stdin(), and empty as well once `stop` is requested.
std::string read_stdin(std::size_t max, const std::stop_token& stop);

// Blocks until the process has ended; then true. False when `stop` was requested, and at once when
// it cannot be watched: it is not there (or in another process namespace), or the system cannot.
bool wait_for_process_end(std::int64_t process, const std::stop_token& stop);

}  // namespace dockhand::io
