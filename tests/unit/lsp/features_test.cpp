#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "lsp/features/code_action.h"
#include "lsp/features/command.h"
#include "lsp/features/diagnostics.h"
#include "lsp/features/hover.h"
#include "lsp/features/inlay_hint.h"
#include "support.h"

// Features as pure functions: a text, a hand-built Snapshot, and what an editor would show.
namespace dockhand::lsp {
namespace {

using test::container;
using test::facts;
using test::unmark;

constexpr const char* kShop = R"(services:
  web:
    image: shop/web
    ports: ["8080:80"]
    depends_on:
      - orders
  orders:   # the heart
    image: shop/orders
    depends_on:
      payments:
        condition: service_healthy
  payments:
    image: shop/payments
    healthcheck:
      test: [CMD, check]
  mailer: {image: shop/mailer}
)";

test::Containers shop_containers() {
  return {container("web"),
          container("orders",
                    [](engine::Container& one) {
                      one.status = engine::ContainerStatus::created;
                      one.started_at.reset();
                    }),
          container("payments", test::unhealthy), container("mailer", test::exited)};
}

// The text with each hint behind its line, as an editor would draw it.
std::string drawn(const Document& document, const FactsList& all, Range range) {
  std::string out;
  std::uint32_t number = 0;
  const std::vector<InlayHint> hints = inlay_hints(document, all, range);
  for (std::uint32_t line = 0; line < document.lines.line_count(); ++line) {
    const std::uint32_t begin = document.lines.line_begin(line);
    const std::uint32_t end = document.lines.line_end(document.text(), line);
    out += document.text().substr(begin, end - begin);
    for (const InlayHint& hint : hints) {
      if (hint.position.line != line) continue;
      CHECK((hint.position == document.position(end)));
      out += "  «" + hint.label + "»";
      ++number;
    }
    if (line + 1 < document.lines.line_count()) out += '\n';
  }
  CHECK(number == hints.size());
  return out;
}

std::string drawn(const std::string& text, const std::shared_ptr<const Facts>& all) {
  const Document document = test::document(text);
  return drawn(document, {all}, test::whole(document));
}

TEST_CASE("hints stand at the ends of the lines that they speak of") {
  CHECK(drawn(kShop, facts(kShop, shop_containers())) == R"(services:
  web:  «● running · http://localhost:8080»
    image: shop/web
    ports: ["8080:80"]
    depends_on:
      - orders  «◐ waits for payments»
  orders:   # the heart  «◐ waits for payments · ↑ web»
    image: shop/orders
    depends_on:
      payments:  «▲ unhealthy 3×: db: connection refused»
        condition: service_healthy
  payments:  «▲ unhealthy 3×: db: connection refused · ↑ orders»
    image: shop/payments
    healthcheck:
      test: [CMD, check]
  mailer: {image: shop/mailer}  «✕ exited 137, out of memory, restarted 3×»
)");
}

TEST_CASE("a broken file keeps the hints of the last good one") {
  const auto good = facts(kShop, shop_containers());
  const std::string broken = R"(services:
  web:
    image: "shop/web
    ports: [
  payments:
    ima
  new
)";
  CHECK(drawn(broken, good) == R"(services:
  web:  «● running · http://localhost:8080»
    image: "shop/web
    ports: [
  payments:  «▲ unhealthy 3×: db: connection refused · ↑ orders»
    ima
  new
)");
}

TEST_CASE("only the lines that are asked for have hints") {
  const auto marked = unmark("services:\n  web:\n[[    image: x\n  orders: {}\n]]  payments: {}\n");
  const Document document = test::document(marked.text);
  const Range range{marked.ranges[0].begin, marked.ranges[0].end - 1};
  CHECK(drawn(document, {facts(kShop, shop_containers())}, range) ==
        "services:\n  web:\n    image: x\n  orders: {}  «◐ waits for payments · ↑ web»\n"
        "  payments: {}\n");
}

TEST_CASE("several names on one line share its end") {
  const std::string text = "services: {web: {depends_on: [payments]}, mailer: {}}\n";
  const auto known = facts(
      "services:\n  web: {image: a, depends_on: [payments]}\n"
      "  payments: {image: b}\n  mailer: {image: c}\n",
      {container("web"), container("mailer", test::exited)});
  CHECK(drawn(text, known) ==
        "services: {web: {depends_on: [payments]}, mailer: {}}  «● running   ○ not created   "
        "✕ exited 137, out of memory, restarted 3×»\n");
}

TEST_CASE("of two projects that share a file each is named") {
  const std::string text = "services:\n  web: {image: a}\n";
  auto other = test::parts(text, {});
  other.project_name = "shop-test";
  const Document document = test::document(text);
  CHECK(drawn(document, {facts(text, {container("web")}), facts(std::move(other))},
              test::whole(document)) ==
        "services:\n  web: {image: a}  «shop: ● running   shop-test: ○ not created»\n");
}

TEST_CASE("an Engine that was never reached is kept quiet about; a lost one is said once") {
  const std::string text = "services:\n  web: {image: a}\n  db: {image: b}\n";
  auto never = test::parts(text, {});
  never.engine = {};
  never.engine.connection = live::Connection::lost;
  never.engine.error = Error{"engine-down", "cannot reach the Docker Engine", "no such socket"};
  CHECK(drawn(text, facts(never)) == text);

  auto lost = test::parts(text, {container("web")});
  lost.engine.connection = live::Connection::lost;
  lost.engine.error = Error{"engine-down", "cannot reach the Docker Engine", "no such socket"};
  CHECK(drawn(text, facts(lost)) ==
        "services:  «? cannot reach the Docker Engine»\n  web: {image: a}  «? was running»\n"
        "  db: {image: b}  «? was not created»\n");
}

TEST_CASE("hints are placed by UTF-16 columns unless the editor counts bytes") {
  const std::string text = "services:\n  wéb: {image: 🐳}\n";
  const auto known = facts("services:\n  wéb: {image: x}\n", {container("wéb")});
  for (const auto& [encoding, column] :
       {std::pair{PositionEncoding::utf16, 18u}, std::pair{PositionEncoding::utf8, 21u}}) {
    const Document document = test::document(text, test::kUri, encoding);
    const auto hints = inlay_hints(document, {known}, test::whole(document));
    REQUIRE(hints.size() == 1);
    CHECK((hints[0].position == Position{1, column}));
  }
}

std::optional<Hover> hover_in(const std::string& marked_text,
                              const std::shared_ptr<const Facts>& known, bool markdown = true) {
  const auto marked = unmark(marked_text);
  const Document document = test::document(marked.text);
  return hover(document, {known}, marked.points.at(0), {markdown, test::kNow});
}

// A probe that was answered twelve times and failed once.
health::ProbeStatus probe() {
  health::ProbeStatus status;
  status.target.kind = health::ProbeTarget::Kind::http;
  status.target.url = "http://localhost:8080/health";
  health::ProbeResult result;
  result.time = test::kNow - std::chrono::minutes(1);
  result.verdict = health::Verdict::bad;
  result.status = 503;
  result.word = "503";
  result.detail = "db: DOWN";
  status.add(result);
  for (int i = 1; i <= 12; ++i) {
    result = {};
    result.time = test::kNow;
    result.latency = std::chrono::milliseconds(i);
    result.status = 200;
    result.word = "200";
    status.add(result);
  }
  return status;
}

TEST_CASE("a hover says all that is known of a service") {
  auto parts = test::parts(kShop, shop_containers());
  parts.probes.emplace_back("web", probe());
  const auto known = facts(std::move(parts));
  const auto web = hover_in("services:\n  w^eb: {}\n", known);
  REQUIRE(web);
  const std::string trail = format_local_clock(test::kNow - std::chrono::minutes(1));
  CHECK(web->markdown);
  CHECK((web->range == LspRange{{1, 2}, {1, 5}}));
  CHECK(web->value ==
        "**web** ● running\n\n"
        "`GET http://localhost:8080/health` → 200 in 12 ms\n\n" +
            trail +
            " probe `503, db: DOWN`\n\n"
            "| p50 | p90 | p99 | samples |\n|---|---|---|---|\n"
            "| 6 ms | 11 ms | 12 ms | 12 |\n\n"
            "[http://localhost:8080](http://localhost:8080)\n\n"
            "depends on **orders** ◐  \n"
            "`shop/web` · container `shop-web-1` `web000000000` · up 10m · 0 restarts");
}

TEST_CASE("a hover on a red service begins with what is wrong") {
  const auto known = facts(kShop, shop_containers());
  const auto payments = hover_in("services:\n  ^payments: {}\n", known);
  REQUIRE(payments);
  CHECK(payments->value.starts_with("**payments** ▲ unhealthy · 3 checks in a row"));
  CHECK(payments->value.find("check `db: connection refused`") != std::string::npos);
  CHECK(payments->value.find("used by **orders**, web") != std::string::npos);
  const auto mailer = hover_in("services:\n  mailer^: {}\n", known);
  REQUIRE(mailer);
  CHECK(mailer->value.starts_with("**mailer** ✕ exited 137"));
  CHECK(mailer->value.find("ended 4m ago") != std::string::npos);
  CHECK(mailer->value.find("3 restarts") != std::string::npos);
}

TEST_CASE("a hover on a dependency is that of the service it names, and nowhere else is one") {
  const auto known = facts(kShop, shop_containers());
  CHECK(hover_in("services:\n  web:\n    depends_on: [pay^ments]\n", known)
            ->value.starts_with("**payments**"));
  CHECK_FALSE(hover_in("services:\n  web:\n    image: ^x\n", known));
  CHECK_FALSE(hover_in("serv^ices:\n  web: {}\n", known));
  CHECK_FALSE(hover_in("services:\n  un^known: {}\n", known));
  CHECK_FALSE(hover_in("^", known));
}

TEST_CASE("a client without Markdown is given none") {
  auto parts = test::parts(kShop, shop_containers());
  parts.probes.emplace_back("web", probe());
  const auto web = hover_in("services:\n  w^eb: {}\n", facts(std::move(parts)), false);
  REQUIRE(web);
  CHECK_FALSE(web->markdown);
  CHECK(web->value.find_first_of("*`[]|\\") == std::string::npos);
  CHECK(web->value.find("p50 6 ms · p90 11 ms · p99 12 ms · samples 12") != std::string::npos);
}

TEST_CASE("what containers say becomes neither markup nor control characters") {
  const auto hostile = [](engine::Container& one) {
    test::unhealthy(one);
    one.health->log.back().output = "\x1b[31m`](http://evil) <script> | **x**\x07";
    one.image = "a`b";
  };
  const auto known = facts("services:\n  web: {image: x}\n", {container("web", hostile)});
  const std::string value = hover_in("services:\n  ^web: {}\n", known)->value;
  CHECK(value.find('\x1b') == std::string::npos);
  CHECK(value.find("``\\x1b[31m`](http://evil) <script> | **x**\\x07``") != std::string::npos);
  CHECK(value.find("``a`b``") != std::string::npos);
}

TEST_CASE("a hover says why nothing is known") {
  auto parts = test::parts("services:\n  web: {image: x}\n", {});
  parts.engine = {};
  parts.engine.connection = live::Connection::lost;
  parts.engine.error = Error{"engine-no-permission", "cannot reach the Docker Engine",
                             "permission denied", "join the group docker"};
  const std::string value = hover_in("services:\n  ^web: {}\n", facts(parts))->value;
  CHECK(value.starts_with("**web**\n\ncannot reach the Docker Engine: permission denied"));
}

std::string listed(const std::vector<CodeAction>& actions) {
  std::string out;
  for (const CodeAction& action : actions) {
    out += (out.empty() ? "" : ", ") + action.title + (action.diagnostics.empty() ? "" : "!");
  }
  return out;
}

CodeActionParams at_point(const Document& document, std::uint32_t point) {
  CodeActionParams params;
  params.range = document.range({point, point});
  params.context.triggerKind = CodeActionTrigger::invoked;
  return params;
}

std::string actions_in(const std::string& marked_text, const std::shared_ptr<const Facts>& known,
                       CodeActionContext context = {}) {
  const auto marked = unmark(marked_text);
  const Document document = test::document(marked.text);
  const ProjectState state = test::state_of(known);
  CodeActionParams params = at_point(document, marked.points.at(0));
  if (context.triggerKind == CodeActionTrigger::unknown) {
    context.triggerKind = CodeActionTrigger::invoked;
  }
  params.context = std::move(context);
  return listed(code_actions(document, {&state}, params));
}

TEST_CASE("actions fit the state, the most useful first") {
  const auto known = facts(kShop, shop_containers());
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"services:\n  ^web: {}\n", "Restart web, Stop web, Open http://localhost:8080"},
      {"services:\n  web:  ^  # c\n    image: x\n",
       "Restart web, Stop web, Open http://localhost:8080"},
      {"services:\n^  web: {}\n", "Restart web, Stop web, Open http://localhost:8080"},
      {"services:\n  web:\n    ima^ge: x\n", ""},
      {"services:\n  ^orders: {}\n", "Start orders"},
      {"services:\n  ^mailer: {}\n", "Start mailer"},
      {"services:\n  web:\n    depends_on:\n      - pay^ments\n",
       "Restart payments, Restart payments with dependents (2), Stop payments"},
      {"services:\n  ^unknown: {}\n", ""},
      {"^services:\n  web: {}\n", ""},
      {"^", ""},
  };
  for (const Case& item : cases) {
    CAPTURE(item.text);
    CHECK(actions_in(item.text, known) == item.expected);
  }
}

TEST_CASE("nothing is offered unasked but what mends a red service, and nothing on saving") {
  const auto known = facts(kShop, shop_containers());
  CodeActionContext automatic;
  automatic.triggerKind = CodeActionTrigger::automatic;
  CHECK(actions_in("services:\n  ^web: {}\n", known, automatic) == "");
  CHECK(actions_in("services:\n  ^mailer: {}\n", known, automatic) == "Start mailer");
  automatic.only = std::vector<std::string>{"source.fixAll", "source", "quickfix"};
  CHECK(actions_in("services:\n  ^mailer: {}\n", known, automatic) == "");
  CodeActionContext asked;
  asked.only = std::vector<std::string>{"source"};
  CHECK(actions_in("services:\n  ^mailer: {}\n", known, asked) == "Start mailer");
  asked.only = std::vector<std::string>{"refactor", "source.organizeImports"};
  CHECK(actions_in("services:\n  ^mailer: {}\n", known, asked) == "");
}

TEST_CASE("an action carries all that its command needs, and the diagnostic that it mends") {
  const auto known = facts(kShop, shop_containers());
  const Document document = test::document(kShop);
  const ProjectState state = test::state_of(known);
  const auto problems = diagnostics(document, {&state});
  CodeActionParams params =
      at_point(document, static_cast<std::uint32_t>(document.text().find("  mailer") + 2));
  params.context.diagnostics = to_json(problems);
  params.context.diagnostics.push_back({{"source", "other"}});
  params.context.diagnostics.push_back(7);
  const auto actions = code_actions(document, {&state}, params);
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].kind == "quickfix");
  REQUIRE(actions[0].diagnostics.size() == 1);
  CHECK(actions[0].diagnostics[0]["code"] == "oom");
  CHECK(actions[0].command.command == "dockhand.start");
  ServiceArguments arguments;
  Path::Root root("arguments");
  REQUIRE(from_json(actions[0].command.arguments.at(0), arguments, Path(root)));
  CHECK(arguments.project == "shop");
  CHECK(arguments.service == "mailer");
  CHECK(arguments.directory == "/srv/shop");
  CHECK(arguments.files == std::vector<std::string>{test::kPath});
}

TEST_CASE("arguments that would read as options are refused") {
  ServiceArguments arguments;
  Path::Root root("arguments");
  CHECK_FALSE(
      from_json(json::parse(R"({"project":"shop","service":"--help"})"), arguments, Path(root)));
  CHECK(root.problem() == "at arguments.service: expected a service's name");
  Path::Root other("arguments");
  OpenArguments open;
  CHECK_FALSE(from_json(json::parse(R"({"url":"file:///etc/passwd"})"), open, Path(other)));
}

TEST_CASE("findings and red services become diagnostics; the others none") {
  const Document document = test::document(kShop);
  const ProjectState state = test::state_of(facts(kShop, shop_containers()));
  std::string shown;
  for (const Diagnostic& one : diagnostics(document, {&state})) {
    shown += fmt::format("{}:{} {} {}\n", one.range.start.line, one.range.start.character, one.code,
                         one.message);
    CHECK(one.severity == DiagnosticSeverity::warning);
  }
  CHECK(shown ==
        "15:2 oom mailer exited 137: out of memory, restarted 3 times\n"
        "11:2 unhealthy payments unhealthy: db: connection refused, 3 checks in a row\n");
}

TEST_CASE("the loader's findings count only for the text that it read") {
  const std::string text = "services:\n  web: {image: x, ports: [nonsense]}\n";
  const ProjectState state = test::state_of(facts(text, {}));
  CHECK(diagnostics(test::document(text), {&state}).size() == 1);
  CHECK(diagnostics(test::document("\n" + text), {&state}).empty());
  CHECK(diagnostics(test::document(text), {&state, &state}).size() == 1);
}

TEST_CASE("a file without project still has its syntax checked") {
  const auto found = diagnostics(test::document("a: [\n", "untitled:compose.yaml"), {});
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == DiagnosticSeverity::error);
}

TEST_CASE("a project that cannot be loaded is said at the head of the file") {
  ProjectState state;
  state.error = Error{"compose-bad-name", "cannot use the project name", "it is bad", "change it"};
  const auto found = diagnostics(test::document("a: 1\nb: 2\n"), {&state});
  REQUIRE(found.size() == 1);
  CHECK(found[0].code == "compose-bad-name");
  CHECK(found[0].message == "cannot use the project name: it is bad; change it");
  CHECK((found[0].range == LspRange{{0, 0}, {0, 4}}));
}

}  // namespace
}  // namespace dockhand::lsp
