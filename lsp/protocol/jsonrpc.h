#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/result.h"

// JSON-RPC 2.0 as the Language Server Protocol carries it: header lines, an empty line, a body of
// Content-Length bytes. Pure: bytes in, messages out. Used by the server's reader and writer.
namespace dockhand::lsp {

using nlohmann::json;

// Headers of one message, and its body. The largest file that is read is 64 MiB; as JSON text it
// may grow by half.
inline constexpr std::size_t kMaxHeaderSize = std::size_t{8} << 10;
inline constexpr std::size_t kMaxBodySize = std::size_t{96} << 20;
// A stream that holds this much without one good message in it is given up.
inline constexpr std::size_t kMaxGarbage = std::size_t{1} << 20;
// Messages in one batch; the rest is answered with one error.
inline constexpr std::size_t kMaxBatch = 1000;

enum class ErrorCode : int {
  parse_error = -32700,
  invalid_request = -32600,
  method_not_found = -32601,
  invalid_params = -32602,
  internal_error = -32603,
  server_not_initialized = -32002,
  request_cancelled = -32800,
  request_failed = -32803,
};

// Cuts a byte stream into message bodies, however it is split. Not thread-safe.
//
// A stream that makes no sense is not the end: what is wrong is returned once as an Error
// (`rpc-header`, `rpc-header-too-large`, `rpc-body-too-large`), and reading goes on at the next
// line that begins with `Content-Length:`; the body of an oversized message is dropped.
class FrameReader {
 public:
  void feed(std::string_view bytes);

  // The next complete body, the next Error, or nothing until more bytes come.
  std::optional<Result<std::string>> next();

  // True once kMaxGarbage bytes in a row were dropped: whoever writes is no client.
  bool hopeless() const { return garbage_ >= kMaxGarbage; }

 private:
  enum class State { header, body, dropping_body, resync };

  std::optional<Result<std::string>> read_header();
  std::optional<Result<std::string>> lose_track(Error error);
  bool drop_body();
  bool find_header();
  void drop_line();
  void drop(std::size_t bytes);
  void consume(std::size_t bytes);
  std::string_view pending() const { return std::string_view(buffer_).substr(begin_); }

  std::string buffer_;
  std::size_t begin_ = 0;    // Bytes of buffer_ that were read already.
  std::size_t scanned_ = 0;  // Bytes of pending() that hold no end of the header.
  std::size_t length_ = 0;   // Of the body.
  std::size_t garbage_ = 0;
  bool mid_line_ = false;  // The line that pending() begins in was dropped so far.
  State state_ = State::header;
};

// The bytes that carry a message. Text that is not UTF-8 is mended, because a JSON writer must not
// send it.
std::string frame(const json& message);

struct Message {
  enum class Kind { request, notification, response, invalid };
  Kind kind = Kind::invalid;
  json id;              // Of requests and responses; of invalid messages when one could be read.
  std::string method;   // Of requests and notifications.
  json params;          // Null when there are none.
  json result;          // Of responses; null when `error` is there.
  json error;           // Of responses; null when there is none.
  std::string problem;  // Why it is invalid.
};

// What one body holds. `parsed` is false when it is no JSON at all; `batch` when its messages came
// in an array, whose answers go back in one array.
struct Body {
  bool parsed = false;
  bool batch = false;
  std::vector<Message> messages;
};
Body parse_body(std::string_view text);

json response(const json& id, json result);
json error_response(const json& id, ErrorCode code, std::string_view message);

}  // namespace dockhand::lsp
