"""A server's life on the wire: from `initialize` to `exit`, and everything that goes wrong in between."""

import json
import os
import signal
import subprocess
import time

from support.command import run
from support.language_client import CAPABILITIES, frame

URI = "file:///nowhere/compose.yaml"


def test_initialize_says_what_it_can(client, no_engine):
    one = client(no_engine)
    can = one.initialize()
    assert can["positionEncoding"] == "utf-16"
    assert can["textDocumentSync"] == {"openClose": True, "change": 2, "save": True}
    assert can["hoverProvider"] and can["inlayHintProvider"] and can["codeActionProvider"]
    assert "dockhand.restart" in can["executeCommandProvider"]["commands"]
    assert "diagnosticProvider" not in can
    one.shut_down()


def test_bytes_are_columns_where_the_client_offers_it(client, no_engine):
    one = client(no_engine)
    assert one.initialize({"general": {"positionEncodings": ["utf-8", "utf-16"]}})["positionEncoding"] == "utf-8"


def test_diagnostics_are_pulled_by_clients_that_can(client, no_engine, tmp_path):
    one = client(no_engine)
    can = one.initialize({"textDocument": {"diagnostic": {}},
                          "workspace": {"diagnostics": {"refreshSupport": True}}})
    assert can["diagnosticProvider"]["identifier"] == "dockhand"
    uri = f"file://{tmp_path}/compose.yaml"
    since = one.open(uri, "services: [\n")
    one.notified("workspace/diagnostic/refresh", since=since)
    found = one.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert found["kind"] == "full" and len(found["items"]) >= 1
    assert one.count("textDocument/publishDiagnostics") == 0


def test_exit_codes(client, no_engine):
    orderly = client(no_engine)
    orderly.initialize()
    orderly.shut_down(status=0)

    sudden = client(no_engine)
    sudden.initialize()
    sudden.notify("exit", None)
    sudden.ended(1)

    never = client(no_engine)
    never.notify("exit", None)
    never.ended(1)

    hung_up = client(no_engine)
    hung_up.initialize()
    hung_up.process.stdin.close()
    hung_up.ended(1)


def test_requests_out_of_turn_are_refused(client, no_engine):
    one = client(no_engine)
    hover = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}
    assert one.reply(one.start("textDocument/hover", hover))["error"]["code"] == -32002
    one.notify("textDocument/didOpen", {"textDocument": {"uri": URI, "text": ""}})
    one.initialize()
    assert one.reply(one.start("initialize", {"capabilities": {}}))["error"]["code"] == -32600
    assert one.reply(one.start("textDocument/unknown", {}))["error"]["code"] == -32601
    assert one.reply(one.start("$/unknown", None))["error"]["code"] == -32601
    one.notify("$/unknown", {"a": 1})
    one.notify("textDocument/unknown", None)
    wrong = one.reply(one.start("textDocument/hover", {"textDocument": {"uri": 3}}))["error"]
    assert (wrong["code"], wrong["message"]) == (-32602, "at params.textDocument.uri: expected a string")
    one.request("shutdown", None)
    assert one.reply(one.start("textDocument/hover", hover))["error"]["code"] == -32600
    one.notify("exit", None)
    one.ended(0)


def test_what_is_no_message_is_answered_and_survived(client, no_engine):
    one = client(no_engine)
    one.initialize()

    def error_without_id():
        return one.wait(lambda m: isinstance(m, dict) and "id" in m and m["id"] is None and "error" in m,
                        since=since)[1]["error"]["code"]

    for data, code in [(frame(b"{nonsense"), -32700), (frame(b""), -32700), (frame(b"\xff\xfe"), -32700),
                       (frame(b"42"), -32600), (frame(b"[]"), -32600), (frame({"jsonrpc": "2.0"}), -32600),
                       (b"Garbage on the line\r\n\r\n", -32700), (b"Content-Length: many\r\n\r\n", -32700),
                       (b"Content-Length: 999999999999\r\n\r\n", -32700)]:
        since = len(one.messages)
        one.raw(data)
        assert error_without_id() == code, data
        if b"99999" in data:
            break  # The stream now waits for a body that never comes.
        assert one.hover(URI, 0, 0) is None


def test_a_batch_is_answered_in_one_array(client, no_engine):
    one = client(no_engine)
    one.initialize()
    one.send([{"jsonrpc": "2.0", "id": "a", "method": "textDocument/hover",
               "params": {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}},
              {"jsonrpc": "2.0", "method": "$/nothing"}, 7,
              {"jsonrpc": "2.0", "id": "b", "method": "unknown"}])
    answers = one.wait(lambda m: isinstance(m, list))[1]
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id["a"]["result"] is None
    assert by_id["b"]["error"]["code"] == -32601
    assert by_id[None]["error"]["code"] == -32600
    assert len(answers) == 3


def test_messages_may_come_byte_by_byte(client, no_engine):
    one = client(no_engine)
    one.next_id = 1
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
    for byte in b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + frame(message):
        one.raw(bytes([byte]))
    assert "result" in one.reply(1)


def test_a_request_that_is_cancelled_in_time_is_not_served(client, no_engine, tmp_path):
    one = client(no_engine)
    one.initialize()
    # The server is kept busy by a large file, while a hover and its cancellation wait behind it.
    text = "services:\n" + "".join(f"  s{i}: {{image: x}}\n" for i in range(40_000))
    uri = f"file://{tmp_path}/compose.yaml"
    opening = {"jsonrpc": "2.0", "method": "textDocument/didOpen",
               "params": {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}}}
    hover = {"jsonrpc": "2.0", "id": 71, "method": "textDocument/hover",
             "params": {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 3}}}
    cancel = {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 71}}
    one.raw(frame(opening) * 5 + frame(hover) + frame(cancel))
    assert one.reply(71)["error"]["code"] == -32800
    one.send(cancel)  # Too late, and for a request that is over: nothing happens.
    one.wait_for_hover(uri, 1, 3, "s0")


def test_a_flood_is_served_in_order(quiet, tmp_path):
    uri = f"file://{tmp_path}/compose.yaml"
    quiet.open(uri, "services:\n  web: {image: x}\n")
    ids = [quiet.start("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 3}})
           for _ in range(5000)]
    quiet.reply(ids[-1])
    answered = [m["id"] for _, m in quiet.messages if "id" in m and "method" not in m and m["id"] in set(ids)]
    assert answered == ids


def test_the_server_ends_with_its_editor(client, no_engine):
    # The pipes stay open: only the editor's process goes.
    editor = subprocess.Popen(["sleep", "60"])
    one = client(no_engine)
    one.request("initialize", {"processId": editor.pid, "capabilities": CAPABILITIES})
    time.sleep(0.2)
    assert one.process.poll() is None
    editor.kill()
    editor.wait()
    one.ended(1)


def test_a_client_that_stops_reading_ends_the_server(client, no_engine):
    one = client(no_engine)
    one.initialize()
    one.process.send_signal(signal.SIGCONT)
    one.process.stdin.close()
    one.ended(1)


def test_log_level_and_version(dockhand_lsp, no_engine):
    version = run(dockhand_lsp, "--version", env=no_engine).out
    assert version.startswith("dockhand-lsp ")
    assert "--check FILE" in run(dockhand_lsp, "--help", env=no_engine).out
    unknown = run(dockhand_lsp, "--nonsense", env=no_engine, status=2)
    assert "unknown option --nonsense" in unknown.err and unknown.out == ""
    assert "--log needs LEVEL" in run(dockhand_lsp, "--log=loud", env=no_engine, status=2).err


def test_stdout_holds_nothing_but_the_protocol(dockhand_lsp, no_engine):
    message = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}})
    done = run(dockhand_lsp, "--stdio", "--log=debug", env=no_engine, status=1,
               stdin=f"Content-Length: {len(message)}\r\n\r\n{message}")
    assert done.out.startswith("Content-Length: ") and done.out.count("Content-Length") == 1
    assert "initialize" in done.err


def test_check_asks_every_feature_at_every_position(dockhand_lsp, no_engine, tmp_path):
    file = tmp_path / "compose.yaml"
    file.write_text("services:\n  wéb: {image: x}\n")
    done = run(dockhand_lsp, "--check", "compose.yaml", env={**no_engine, "PWD": str(tmp_path)}, cwd=tmp_path)
    positions = sum(len(line.encode()) + 1 for line in file.read_text().split("\n"))
    assert f"{positions} positions" in done.out
    assert "textDocument/hover" in done.out and " 0 failed" in done.out
    missing = run(dockhand_lsp, "--check", str(tmp_path / "none.yaml"), env=no_engine, status=1)
    assert "none.yaml" in missing.out
    assert os.listdir(tmp_path) == ["compose.yaml"]
