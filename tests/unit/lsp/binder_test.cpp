#include "lsp/protocol/binder.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "lsp/protocol/lifecycle.h"

namespace dockhand::lsp {
namespace {

// A client that keeps what it was sent, without the framing.
struct Sent {
  std::vector<json> messages;
  std::shared_ptr<Client> client = std::make_shared<Client>([this](std::string_view bytes) {
    const std::size_t body = bytes.find("\r\n\r\n") + 4;
    messages.push_back(json::parse(bytes.substr(body)));
    return true;
  });

  std::string answer() const {
    if (messages.size() != 1) return std::to_string(messages.size()) + " answers";
    const json& message = messages.front();
    if (message.contains("error")) {
      return message["error"]["code"].dump() + " " + message["error"]["message"].get<std::string>();
    }
    return message["result"].dump();
  }
};

struct Owner {
  std::optional<Hover> on_hover(const TextDocumentPositionParams& params) {
    if (params.position.line == 0) return std::nullopt;
    return Hover{true, params.textDocument.uri, {}};
  }
  json on_throw(const NoParams&) { throw std::runtime_error("oops"); }
  void on_later(ExecuteCommandParams params, Reply reply) { reply.result(params.command); }
  void on_close(const DocumentParams& params) { closed.push_back(params.textDocument.uri); }

  std::vector<std::string> closed;
};

struct Fixture {
  Sent sent;
  Owner owner;
  std::vector<std::string> logged;
  Binder binder{[this](std::string_view line) { logged.emplace_back(line); }};

  Fixture() {
    binder.method("hover", &owner, &Owner::on_hover);
    binder.method("throw", &owner, &Owner::on_throw);
    binder.method("later", &owner, &Owner::on_later);
    binder.notification("close", &owner, &Owner::on_close);
  }

  std::string ask(const char* method, const char* params) {
    Reply reply(sent.client, 1);
    try {
      if (!binder.call(method, json::parse(params), reply)) return "nobody";
    } catch (const std::exception& error) {
      return std::string("threw ") + error.what() + ", answered " + sent.answer();
    }
    return sent.answer();
  }
};

TEST_CASE("params become structs, answers become JSON") {
  CHECK(Fixture().ask("hover",
                      R"({"textDocument":{"uri":"u"},"position":{"line":0,"character":0}})") ==
        "null");
  CHECK(Fixture().ask("hover",
                      R"({"textDocument":{"uri":"u"},"position":{"line":1,"character":0}})") ==
        R"({"contents":{"kind":"markdown","value":"u"},)"
        R"("range":{"end":{"character":0,"line":0},"start":{"character":0,"line":0}}})");
  CHECK(Fixture().ask("later", R"({"command":"c"})") == "\"c\"");
}

TEST_CASE("params that do not fit are answered with the place of the first problem") {
  struct Case {
    const char* params;
    const char* expected;
  };
  const Case cases[] = {
      {"null", "-32602 at params: expected an object"},
      {"[]", "-32602 at params: expected an object"},
      {"{}", "-32602 at params.textDocument: missing"},
      {R"({"textDocument":{"uri":3}})", "-32602 at params.textDocument.uri: expected a string"},
      {R"({"textDocument":{"uri":"u"},"position":{"line":-1,"character":0}})",
       "-32602 at params.position.line: expected no negative number"},
      {R"({"textDocument":{"uri":"u"},"position":{"line":"1"}})",
       "-32602 at params.position.line: expected an integer"},
  };
  for (const Case& item : cases) {
    CAPTURE(item.params);
    CHECK(Fixture().ask("hover", item.params) == item.expected);
  }
}

TEST_CASE("the place inside an array is counted") {
  Path::Root root("params");
  DidChangeTextDocumentParams params;
  CHECK_FALSE(from_json(
      json::parse(R"({"textDocument":{"uri":"u"},"contentChanges":[{"text":""},{"text":1}]})"),
      params, Path(root)));
  CHECK(root.problem() == "at params.contentChanges[1].text: expected a string");
}

TEST_CASE("a column that stands for the end of the line is clamped, not refused") {
  Path::Root root("params");
  Position position;
  CHECK(from_json(json::parse(R"({"line":1,"character":4294967295})"), position, Path(root)));
  CHECK(position.character == INT32_MAX);
  CHECK(from_json(json::parse(R"({"line":1,"character":18446744073709551615})"), position,
                  Path(root)));
  CHECK(position.character == INT32_MAX);
}

TEST_CASE("an unknown method is left to the caller") {
  Fixture fixture;
  CHECK(fixture.ask("nothing", "{}") == "nobody");
}

TEST_CASE("a handler that throws still answers") {
  CHECK(Fixture().ask("throw", "{}") ==
        "threw oops, answered -32603 the request was dropped without an answer");
}

TEST_CASE("a notification with wrong params is logged and dropped") {
  Fixture fixture;
  CHECK(fixture.binder.call("close", json::parse(R"({"textDocument":{"uri":"u"}})")));
  CHECK(fixture.binder.call("close", json::parse("{}")));
  CHECK(fixture.owner.closed == std::vector<std::string>{"u"});
  CHECK(fixture.logged == std::vector<std::string>{"close: at params.textDocument: missing"});
  CHECK_FALSE(fixture.binder.call("open", json::object()));
}

TEST_CASE("a batch is answered in one array, once all its answers are there") {
  Sent sent;
  auto batch = std::make_shared<Reply::Batch>(sent.client);
  auto first = std::make_unique<Reply>(sent.client, 1, batch);
  auto second = std::make_unique<Reply>(sent.client, 2, batch);
  batch = nullptr;
  second->result("two");
  CHECK(sent.messages.empty());
  first->error(ErrorCode::request_failed, "no");
  first = nullptr;
  second = nullptr;
  REQUIRE(sent.messages.size() == 1);
  CHECK(sent.messages[0].size() == 2);
  CHECK(sent.messages[0][0]["id"] == 2);
  CHECK(sent.messages[0][1]["error"]["code"] == -32803);
}

TEST_CASE("a batch of notifications is not answered") {
  Sent sent;
  { const auto batch = std::make_shared<Reply::Batch>(sent.client); }
  CHECK(sent.messages.empty());
}

TEST_CASE("a client's answer reaches whoever asked, once") {
  Sent sent;
  std::vector<std::string> results;
  sent.client->request("ask", {{"a", 1}},
                       [&](const json& result) { results.push_back(result.dump()); });
  sent.client->request("ask", nullptr,
                       [&](const json& result) { results.push_back(result.dump()); });
  REQUIRE(sent.messages.size() == 2);
  Message answer;
  answer.kind = Message::Kind::response;
  answer.id = sent.messages[0]["id"];
  answer.result = "yes";
  CHECK(sent.client->on_response(answer));
  CHECK_FALSE(sent.client->on_response(answer));
  answer.id = sent.messages[1]["id"];
  answer.error = {{"code", 1}};
  CHECK(sent.client->on_response(answer));
  CHECK(results == std::vector<std::string>{"\"yes\"", "null"});
  answer.id = "nobody's";
  CHECK_FALSE(sent.client->on_response(answer));
}

TEST_CASE("a client that never answers is asked no more") {
  Sent sent;
  for (std::size_t i = 0; i < Client::kMaxPending + 10; ++i) sent.client->request("ask", nullptr);
  CHECK(sent.messages.size() == Client::kMaxPending);
}

TEST_CASE("a reader that went away is noticed") {
  Client client([](std::string_view) { return false; });
  CHECK_FALSE(client.broken());
  client.notify("n", json::object());
  CHECK(client.broken());
}

}  // namespace
}  // namespace dockhand::lsp
