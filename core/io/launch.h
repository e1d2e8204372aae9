#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/descriptor.h"
#include "io/environment.h"

namespace dockhand::io {

struct Pipe {
  Descriptor read, write;
};

// Closes on exec. Its ends are never 0, 1 or 2, even when this process was started without them.
std::optional<Pipe> make_pipe();
// The same file under a number above 2.
Descriptor above_stdio(Descriptor fd);
void make_non_blocking(const Descriptor& fd);

// What a child is started with. It leads a session, and with it a process group, of its own or
// only a group; has no descriptor but the three; and starts with every signal at its default and
// none blocked, whatever this process does with them. One that leads a session is killed when the
// thread that started it ends, however it ends.
struct LaunchRequest {
  enum class Leads { group, session };

  const std::vector<std::string>& argv;
  const std::string& directory;
  const Environment& environment;
  int in, out, err;  // Become its stdin, stdout and stderr; above 2, and stay open here.
  Leads leads = Leads::group;
};

// A child that was started and has not been reaped. Used inside core/io only, from one thread.
// Destroying one that still runs kills its group.
class Child {
 public:
  // How a child ended: 128 + signal when a signal ended it.
  struct Exit {
    int code = 0;
    int signal = 0;  // 0 when it ended by itself.
  };

  // Errors as for ProcessRunner::run().
  static Result<Child> launch(const LaunchRequest& request);

  Child(Child&& other) noexcept;
  Child& operator=(Child&& other) noexcept;
  ~Child();

  // Readable once it has ended.
  int fd() const { return ended_.get(); }
  // Reaches all of its group, also once it has ended, as long as it has not been reaped.
  void signal_group(int signal) const;
  // Waits for its end, which fd() has told.
  Exit reap();

 private:
  Child(int pid, Descriptor ended) : pid_(pid), ended_(std::move(ended)) {}

  int pid_ = -1;
  Descriptor ended_;
};

}  // namespace dockhand::io
