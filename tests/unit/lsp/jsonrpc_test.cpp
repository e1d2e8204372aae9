#include "lsp/protocol/jsonrpc.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace dockhand::lsp {
namespace {

std::string framed(std::string_view body) {
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

// What a reader makes of a stream given in pieces of `step` bytes: bodies as they are, errors as
// `!code`.
std::vector<std::string> read_all(std::string_view stream, std::size_t step) {
  FrameReader reader;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < stream.size(); at += step) {
    reader.feed(stream.substr(at, step));
    while (auto next = reader.next()) {
      out.push_back(*next ? std::move(**next) : "!" + next->error().code);
    }
  }
  return out;
}

using Strings = std::vector<std::string>;

struct FrameCase {
  const char* what;
  std::string stream;
  Strings expected;
};

const FrameCase kFrameCases[] = {
    {"two messages", framed("{}") + framed("[1]"), {"{}", "[1]"}},
    {"an empty body", framed("") + framed("x"), {"", "x"}},
    {"further headers, other case, spaces",
     "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-LENGTH :  2 \r\n\r\n{}",
     {"{}"}},
    {"LF line ends", "Content-Length: 2\n\n{}", {"{}"}},
    {"a body that looks like a header",
     framed("Content-Length: 1\r\n\r\nx"),
     {"Content-Length: 1\r\n\r\nx"}},
    {"no length", "Content-Type: x\r\n\r\n" + framed("{}"), {"!rpc-header", "{}"}},
    {"a length that is no number",
     "Content-Length: two\r\n\r\n" + framed("{}"),
     {"!rpc-header", "{}"}},
    {"a negative length", "Content-Length: -2\r\n\r\n" + framed("{}"), {"!rpc-header", "{}"}},
    {"text in front", "Welcome to bash\r\n\r\n" + framed("{}"), {"!rpc-header", "{}"}},
    {"text in front, in the same paragraph",
     "debug output\n" + framed("{}"),
     {"!rpc-header", "{}"}},
};

TEST_CASE("messages are cut out of the stream wherever it is split") {
  for (const FrameCase& item : kFrameCases) {
    for (const std::size_t step :
         {std::size_t{1}, std::size_t{2}, std::size_t{7}, item.stream.size()}) {
      CAPTURE(item.what);
      CAPTURE(step);
      CHECK(read_all(item.stream, step) == item.expected);
    }
  }
}

TEST_CASE("an oversized body is refused and dropped, and reading goes on") {
  FrameReader reader;
  const std::size_t size = kMaxBodySize + 1;
  reader.feed("Content-Length: " + std::to_string(size) + "\r\n\r\n");
  const auto refused = reader.next();
  REQUIRE(refused);
  REQUIRE_FALSE(*refused);
  CHECK(refused->error().code == "rpc-body-too-large");
  const std::string chunk(std::size_t{1} << 20, 'x');
  for (std::size_t sent = 0; sent < size; sent += chunk.size()) {
    reader.feed(std::string_view(chunk).substr(0, std::min(chunk.size(), size - sent)));
    CHECK_FALSE(reader.next());
  }
  reader.feed(framed("{}"));
  const auto next = reader.next();
  REQUIRE(next);
  REQUIRE(*next);
  CHECK(**next == "{}");
}

TEST_CASE("a length beyond every number is oversized too") {
  CHECK(read_all("Content-Length: 99999999999999999999999\r\n\r\n", 100) ==
        Strings{"!rpc-body-too-large"});
}

TEST_CASE("a header without end is refused at its bound") {
  const std::string stream = std::string(kMaxHeaderSize + 10, 'a') + "\n" + framed("{}");
  CHECK(read_all(stream, 1000) == Strings{"!rpc-header-too-large", "{}"});
}

TEST_CASE("endless garbage is given up") {
  FrameReader reader;
  const std::string garbage = std::string(4000, 'g') + "\n";
  std::size_t complaints = 0;
  for (std::size_t sent = 0; sent < 2 * kMaxGarbage; sent += garbage.size()) {
    reader.feed(garbage);
    while (const auto next = reader.next()) complaints += *next ? 0 : 1;
  }
  CHECK(reader.hopeless());
  CHECK(complaints == 1);
}

TEST_CASE("one good message makes garbage forgiven") {
  FrameReader reader;
  const std::string garbage = std::string(1000, 'g') + "\n";
  for (std::size_t sent = 0; sent < 2 * kMaxGarbage; sent += garbage.size()) {
    reader.feed(garbage + framed("{}"));
    while (reader.next()) {
    }
  }
  CHECK_FALSE(reader.hopeless());
}

struct BodyCase {
  const char* text;
  const char* expected;
};

std::string describe(const Message& message) {
  switch (message.kind) {
    case Message::Kind::request:
      return "request " + message.method + " " + message.id.dump();
    case Message::Kind::notification:
      return "notification " + message.method;
    case Message::Kind::response:
      return "response " + message.id.dump() + " " + message.result.dump() + message.error.dump();
    case Message::Kind::invalid:
      return "invalid " + message.id.dump() + " " + message.problem;
  }
  return {};
}

std::string describe(const Body& body) {
  if (!body.parsed) return "no JSON";
  std::string out = body.batch ? "batch" : "";
  for (const Message& message : body.messages) out += (out.empty() ? "" : "; ") + describe(message);
  return out;
}

TEST_CASE("bodies become messages, each with its own trouble") {
  const BodyCase cases[] = {
      {R"({"jsonrpc":"2.0","id":1,"method":"m","params":{}})", "request m 1"},
      {R"({"jsonrpc":"2.0","id":"a","method":"m"})", "request m \"a\""},
      {R"({"jsonrpc":"2.0","method":"m"})", "notification m"},
      {R"({"id":3,"result":null})", "response 3 nullnull"},
      {R"({"id":3,"error":{"code":1}})", "response 3 null{\"code\":1}"},
      {R"({"id":null,"error":{"code":1}})", "response null null{\"code\":1}"},
      {R"({"id":7})", "invalid 7 a message has a method, or an id and a result"},
      {R"({"id":7,"method":3})", "invalid 7 a method is a string"},
      {R"({"id":1.5,"method":"m"})", "invalid null an id is a string or a number"},
      {R"({"id":7,"method":"m","params":3})", "invalid 7 params are an object or an array"},
      {"42", "invalid null a message is an object"},
      {"[]", "invalid null a batch holds at least one message"},
      {R"([{"id":1,"method":"a"},3,{"method":"b"}])",
       "batch; request a 1; invalid null a message is an object; notification b"},
      {"{", "no JSON"},
      {"", "no JSON"},
      {"\xff\xfe", "no JSON"},
      {R"({"method":"a"} trailing)", "no JSON"},
  };
  for (const BodyCase& item : cases) {
    CAPTURE(item.text);
    CHECK(describe(parse_body(item.text)) == item.expected);
  }
}

TEST_CASE("JSON nested without end neither crashes nor is taken") {
  CHECK_FALSE(parse_body(std::string(200'000, '[')).parsed);
  const std::string deep = R"({"id":1,"method":"m","params":)" + std::string(100'000, '[') +
                           std::string(100'000, ']') + "}";
  CHECK(describe(parse_body(deep)) == "request m 1");
}

TEST_CASE("a batch is bounded") {
  std::string text = "[";
  for (std::size_t i = 0; i < kMaxBatch + 5; ++i) text += R"({"method":"m"},)";
  text.back() = ']';
  const Body body = parse_body(text);
  CHECK(body.messages.size() == kMaxBatch + 1);
  CHECK(body.messages.back().kind == Message::Kind::invalid);
}

TEST_CASE("a frame counts bytes, and mends text that is not UTF-8") {
  CHECK(frame({{"a", "é"}}) == "Content-Length: 10\r\n\r\n{\"a\":\"é\"}");
  CHECK(frame("\xff") == "Content-Length: 5\r\n\r\n\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace dockhand::lsp
