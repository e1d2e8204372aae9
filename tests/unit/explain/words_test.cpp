#include "explain/words.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/unicode.h"
#include "explain/report.h"

using namespace dockhand;

TEST_CASE("exit codes that mean something are said in words") {
  CHECK(explain::exit_code_meaning(137, false) == "killed (SIGKILL)");
  CHECK(explain::exit_code_meaning(143, false) == "ended by SIGTERM");
  CHECK(explain::exit_code_meaning(127, false) == "command not found");
  CHECK(explain::exit_code_meaning(139, false) == "crashed: invalid memory access (SIGSEGV)");
  CHECK(explain::exit_code_meaning(137, true) == "out of memory");
  CHECK(explain::exit_code_meaning(1, true) == "out of memory");
  CHECK(explain::exit_code_meaning(128 + 30, false) == "ended by signal 30");
  for (const int plain : {0, 1, 2, 3, 42, 124, 128, 255, -1, 100000}) {
    CHECK(explain::exit_code_meaning(plain, false).empty());
  }
}

TEST_CASE("of a health check's output the line counts that says what is wrong") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", ""},
      {"connection refused\n", "connection refused"},
      {"\n\n  db: connection refused at 127.0.0.1:5432  \nmore\n",
       "db: connection refused at 127.0.0.1:5432"},
      {"  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
       "                                 Dload  Upload   Total   Spent    Left  Speed\n"
       "\r  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\n"
       "curl: (7) Failed to connect to localhost port 80: Connection refused\n",
       "Failed to connect to localhost port 80: Connection refused"},
      {"Connecting to localhost:8080 (127.0.0.1:8080)\n"
       "wget: can't connect to remote host (127.0.0.1): Connection refused\n",
       "can't connect to remote host (127.0.0.1): Connection refused"},
      {"Connecting to localhost:8080 (127.0.0.1:8080)\n",
       "Connecting to localhost:8080 (127.0.0.1:8080)"},
      {R"({"status":"DOWN","components":{"db":{"status":"DOWN"},"disk":{"status":"UP"}}})",
       "db: DOWN"},
      {R"({"status":)", R"({"status":)"},
      {"OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\": "
       "executable file not found in $PATH: unknown",
       "the check cannot run: \"curl\" is not in the image's PATH"},
      {"Health check exceeded timeout (2s)", "Health check exceeded timeout (2s)"},
      {"\x1b[31mred\x1b[0m \x07", "\\x1b[31mred\\x1b[0m \\x07"},
  };
  for (const auto& [output, expected] : table) {
    CAPTURE(output);
    CHECK(explain::telling_line(output) == expected);
  }
}

TEST_CASE("the Engine's words for a failed start are unwrapped") {
  const std::string oci =
      "failed to create task for container: failed to create shim task: OCI runtime create failed: "
      "runc create failed: unable to start container process: ";
  const std::vector<std::pair<std::string, std::string>> table = {
      {"driver failed programming external connectivity on endpoint shop-web-1 "
       "(3f2a91c0b7d4): Bind for 0.0.0.0:8080 failed: port is already allocated",
       "port 8080 is already in use"},
      {"driver failed programming external connectivity on endpoint shop-web-1 (3f2a): failed to "
       "bind host port for 0.0.0.0:8080:172.17.0.2:80/tcp: address already in use",
       "port 8080 is already in use"},
      {"failed to set up container networking: driver failed programming external connectivity on "
       "endpoint x (3f2a): failed to bind host port 0.0.0.0:8080/tcp: address already in use",
       "port 8080 is already in use"},
      {"failed to bind host port for [::]:8443:172.17.0.2:443/tcp: address already in use",
       "port 8443 is already in use"},
      {"driver failed programming external connectivity on endpoint x (3f2a): Error starting "
       "userland proxy: listen tcp4 0.0.0.0:5432: bind: address already in use",
       "port 5432 is already in use"},
      {oci + "exec: \"nginxx\": executable file not found in $PATH: unknown",
       "\"nginxx\" is not in the image's PATH"},
      {"OCI runtime create failed: container_linux.go:380: starting container process caused: "
       "exec: "
       "\"/app\": permission denied: unknown",
       "\"/app\" may not be executed"},
      {oci + "exec: \"/app\": stat /app: no such file or directory: unknown",
       "\"/app\" is not in the image"},
      {"exec /app: exec format error", "its command is for another CPU architecture"},
      {"invalid mount config for type \"bind\": bind source path does not exist: /srv/data",
       "/srv/data does not exist on the host"},
      {"network 3f2a91c0b7d4 not found", "network 3f2a91c0b7d4 not found"},
      {oci +
           "error during container init: error mounting \"/x\" to rootfs: not a directory: unknown",
       "error mounting \"/x\" to rootfs: not a directory"},
      {"OCI runtime create failed: container_linux.go:380: starting container process: boom: "
       "unknown",
       "starting container process: boom"},
      {"", ""},
      {"port is already allocated", "port is already allocated"},
      {"Bind for  failed: port is already allocated",
       "Bind for  failed: port is already allocated"},
      {"host port [::", "host port [::"},
      {"x.go:", "x.go:"},
  };
  for (const auto& [message, expected] : table) {
    CAPTURE(message);
    CHECK(explain::start_error(message) == expected);
  }
}

TEST_CASE("a reason is shortened by the address at its end") {
  CHECK(explain::shorten("db: connection refused at 127.0.0.1:5432") == "db: connection refused");
  CHECK(explain::shorten("connection refused at [::1]:80") == "connection refused");
  CHECK(explain::shorten("connection refused at localhost:80") == "connection refused");
  CHECK(explain::shorten("out of memory at its limit") == "out of memory at its limit");
  CHECK(explain::shorten(" at 1") == "at 1");
  CHECK(display_width(explain::shorten(std::string(500, 'x'))) <= 60);
}

TEST_CASE("whatever a container says comes out printable, on one line, and bounded") {
  std::string hostile;
  for (int i = 0; i < 70'000; ++i) hostile += static_cast<char>(i * 7919 % 256);
  for (const std::string& text :
       {hostile, "{" + hostile, "OCI runtime exec failed" + hostile, std::string(70'000, '{'),
        std::string(70'000, '\n'), "exec: \"" + hostile, "host port for " + hostile}) {
    for (const std::string& shown :
         {explain::telling_line(text), explain::start_error(text), explain::shorten(text)}) {
      CHECK(is_valid_utf8(shown));
      CHECK(display_width(shown) <= 400);
      CHECK(shown.find('\n') == std::string::npos);
      CHECK(shown.find('\x1b') == std::string::npos);
    }
  }
}
