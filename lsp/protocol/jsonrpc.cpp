#include "lsp/protocol/jsonrpc.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace dockhand::lsp {
namespace {

constexpr std::string_view kLengthHeader = "content-length";
// One large message does not keep its memory for good.
constexpr std::size_t kKeptCapacity = std::size_t{128} << 10;

// Where the header ends and the body begins: behind the first empty line, LF line ends accepted.
struct HeaderEnd {
  std::size_t end, body;
};

std::optional<HeaderEnd> find_header_end(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('\n', from); at != std::string_view::npos;
       at = text.find('\n', at + 1)) {
    const std::string_view rest = text.substr(at + 1);
    if (rest.starts_with('\n')) return HeaderEnd{at, at + 2};
    if (rest.starts_with("\r\n")) return HeaderEnd{at, at + 3};
  }
  return std::nullopt;
}

std::optional<std::size_t> parse_length(std::string_view text) {
  std::size_t length = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), length);
  // A number too large to hold is still a number: it is refused by its size.
  if (failure == std::errc::result_out_of_range) return kMaxBodySize + 1;
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return length;
}

Error header_error(std::string why) {
  return {"rpc-header", "cannot read the header of a message", std::move(why),
          "send `Content-Length: <bytes>`, an empty line, and the message"};
}

// The Content-Length among header lines, which must all be `name: value`. Unknown names pass.
Result<std::size_t> read_length(std::string_view header) {
  std::optional<std::size_t> length;
  for (const std::string_view line : split_lines(header)) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return header_error("a line has no colon");
    if (to_lower_ascii(trim(line.substr(0, colon))) != kLengthHeader) continue;
    length = parse_length(trim(line.substr(colon + 1)));
    if (!length) return header_error("Content-Length is not a number");
  }
  if (!length) return header_error("there is no Content-Length");
  return *length;
}

// Where a line begins with `Content-Length:`, in any case; npos when none does.
std::size_t find_length_header(std::string_view text) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::string_view rest = text.substr(begin);
    if (rest.size() > kLengthHeader.size() && rest[kLengthHeader.size()] == ':' &&
        to_lower_ascii(rest.substr(0, kLengthHeader.size())) == kLengthHeader) {
      return begin;
    }
    const std::size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    begin = end + 1;
  }
  return std::string_view::npos;
}

bool is_id(const json& value) { return value.is_string() || value.is_number_integer(); }

Message invalid(std::string problem, json id = nullptr) {
  Message message;
  message.id = std::move(id);
  message.problem = std::move(problem);
  return message;
}

Message read_message(json& object) {
  if (!object.is_object()) return invalid("a message is an object");
  const auto id_member = object.find("id");
  json id = id_member != object.end() && is_id(*id_member) ? *id_member : json();
  const auto method = object.find("method");
  Message message;
  if (method == object.end()) {
    // The answer to a request whose id could not be read has the id null.
    if (id_member == object.end() || (!object.contains("result") && !object.contains("error"))) {
      return invalid("a message has a method, or an id and a result", std::move(id));
    }
    message.kind = Message::Kind::response;
    message.id = std::move(id);
    message.result = object.contains("result") ? std::move(object["result"]) : json();
    message.error = object.contains("error") ? std::move(object["error"]) : json();
    return message;
  }
  if (!method->is_string()) return invalid("a method is a string", std::move(id));
  const auto params = object.find("params");
  if (params != object.end() && !params->is_structured() && !params->is_null()) {
    return invalid("params are an object or an array", std::move(id));
  }
  if (id_member != object.end() && id.is_null()) return invalid("an id is a string or a number");
  message.kind = id.is_null() ? Message::Kind::notification : Message::Kind::request;
  message.id = std::move(id);
  message.method = std::move(method->get_ref<std::string&>());
  if (params != object.end()) message.params = std::move(*params);
  return message;
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  // Space is taken back in large steps, so that many small messages cost no quadratic copying.
  if (begin_ > (std::size_t{64} << 10) || begin_ == buffer_.size()) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    if (buffer_.empty() && buffer_.capacity() > kKeptCapacity) buffer_ = {};
  }
  if (state_ == State::body && buffer_.capacity() < length_) buffer_.reserve(length_);
  buffer_.append(bytes);
}

void FrameReader::consume(std::size_t bytes) {
  begin_ += bytes;
  scanned_ = 0;
}

std::optional<Result<std::string>> FrameReader::next() {
  for (;;) {
    switch (state_) {
      case State::header: {
        auto outcome = read_header();
        if (outcome) return outcome;
        if (state_ == State::header) return std::nullopt;
        break;
      }
      case State::body: {
        if (pending().size() < length_) return std::nullopt;
        std::string body(pending().substr(0, length_));
        consume(length_);
        garbage_ = 0;
        state_ = State::header;
        return Result<std::string>(std::move(body));
      }
      case State::dropping_body:
        if (!drop_body()) return std::nullopt;
        break;
      case State::resync:
        if (!find_header()) return std::nullopt;
        break;
    }
  }
}

std::optional<Result<std::string>> FrameReader::read_header() {
  const std::string_view text = pending();
  const std::string_view head = text.substr(0, kMaxHeaderSize);
  const std::optional<HeaderEnd> end = find_header_end(head, scanned_);
  if (!end) {
    if (text.size() >= kMaxHeaderSize) {
      return lose_track({"rpc-header-too-large", "cannot read the header of a message",
                         fmt::format("it is longer than {} bytes", kMaxHeaderSize)});
    }
    // The last three bytes may be the beginning of an empty line.
    scanned_ = text.size() > 3 ? text.size() - 3 : 0;
    return std::nullopt;
  }
  const Result<std::size_t> length = read_length(text.substr(0, end->end));
  if (!length) return lose_track(length.error());
  consume(end->body);
  length_ = *length;
  state_ = State::body;
  if (length_ <= kMaxBodySize) return std::nullopt;
  state_ = State::dropping_body;
  return Result<std::string>(Error{"rpc-body-too-large", "cannot read a message",
                                   fmt::format("it is longer than {} MiB", kMaxBodySize >> 20)});
}

std::optional<Result<std::string>> FrameReader::lose_track(Error error) {
  // The first line is the one that made no sense; what follows may be a good header again.
  drop_line();
  state_ = State::resync;
  return Result<std::string>(std::move(error));
}

void FrameReader::drop_line() {
  const std::size_t line = pending().find('\n');
  mid_line_ = line == std::string_view::npos;
  drop(mid_line_ ? pending().size() : line + 1);
}

void FrameReader::drop(std::size_t bytes) {
  garbage_ += bytes;
  consume(bytes);
}

bool FrameReader::drop_body() {
  const std::size_t size = std::min(length_, pending().size());
  consume(size);
  length_ -= size;
  if (length_ > 0) return false;
  state_ = State::header;
  return true;
}

bool FrameReader::find_header() {
  if (mid_line_) drop_line();
  if (mid_line_) return false;
  const std::string_view text = pending();
  const std::size_t found = find_length_header(text);
  if (found != std::string_view::npos) {
    drop(found);
    state_ = State::header;
    return true;
  }
  // The last line may grow into a header; everything before it cannot.
  const std::size_t line = text.rfind('\n');
  if (line != std::string_view::npos) drop(line + 1);
  if (pending().size() > kMaxHeaderSize) drop_line();
  return false;
}

std::string frame(const json& message) {
  const std::string body = message.dump(-1, ' ', false, json::error_handler_t::replace);
  std::string bytes = fmt::format("Content-Length: {}\r\n\r\n", body.size());
  bytes += body;
  return bytes;
}

Body parse_body(std::string_view text) {
  Body body;
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return body;
  body.parsed = true;
  if (!document.is_array()) {
    body.messages.push_back(read_message(document));
    return body;
  }
  if (document.empty()) {
    body.messages.push_back(invalid("a batch holds at least one message"));
    return body;
  }
  body.batch = true;
  for (json& member : document) {
    if (body.messages.size() == kMaxBatch) {
      body.messages.push_back(invalid(fmt::format("a batch holds at most {} messages", kMaxBatch)));
      break;
    }
    body.messages.push_back(read_message(member));
  }
  return body;
}

json response(const json& id, json result) {
  return {{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

json error_response(const json& id, ErrorCode code, std::string_view message) {
  return {{"jsonrpc", "2.0"},
          {"id", id},
          {"error", {{"code", static_cast<int>(code)}, {"message", message}}}};
}

}  // namespace dockhand::lsp
