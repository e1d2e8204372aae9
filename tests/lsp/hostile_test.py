"""Files that have crashed other language servers, and worse: every feature at every position of them."""

import os
import random

import pytest

from support.bad_engine import EVIL, GARBAGE, Listener, evil_engine, harmless
from support.command import ROOT, run

FILES = {
    "empty": "",
    "newline": "\n",
    "spaces": "   \n\t\n",
    "bom": "\ufeff",
    "braces": "{}",
    "comment before everything": "# hi\n\n\nservices:\n  web:\n    image: x\n",
    "empty items": "services:\n  web:\n    depends_on:\n      -\n      - \n      - ''\n    ports:\n      -\n",
    "services true": "services: true\n",
    "services list": "services:\n  - web\n  - db\n",
    "services null": "services:\n",
    "services alias": "x: &x {web: {image: a}}\nservices: *x\n",
    "service scalar": "services:\n  web: yes\n  db: 3\n  cache: [a]\n",
    "depends on a map in a list": "services:\n  web:\n    depends_on:\n      - {db: {}}\n      - [a]\n      - *x\n",
    "depends on itself": "services:\n  web: {image: x, depends_on: [web]}\n",
    "dependency cycle": "services:\n  a: {image: x, depends_on: [b]}\n  b: {image: x, depends_on: [a]}\n",
    "extends cycle": "services:\n  a: {extends: {service: b}}\n  b: {extends: {service: a}}\n",
    "extends itself": "services:\n  a: {extends: a}\n",
    "include itself": "include: [compose.yaml]\nservices:\n  a: {image: x}\n",
    "images": "services:\n" + "".join(f"  s{i}:\n    image: {v}\n" for i, v in enumerate(
        ["ghcr.io", '"ghcr.io:"', "''", "  ' '", "&a x", "*a", "!!null", "|", "{}", "[]", ":", "@", "a@sha256:"])),
    "aliases": "x: &x web\nservices:\n  *x :\n    image: *x\n    depends_on: [*x, *nothing]\n  ? *x\n  : {}\n",
    "alias bomb": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(12)) + "services: *m\n",
    "merge keys": "services:\n  a: &a {image: x}\n  b:\n    <<: [*a, *b, 3]\n  <<: *a\n",
    "tags": "services:\n  web: !reset null\n  db: !override\n    image: !!binary x\n  c: !<tag:x> {}\n",
    "quotes": "services:\n  \"web\":\n    image: \"x\n  'db':\n    image: 'y\n",
    "tabs": "services:\n\tweb:\n\t\timage: x\n",
    "crlf": "services:\r\n  web:\r\n    image: x\r\n    depends_on:\r\n      - db\r\n",
    "white space": "services :\n\n  web   :   \n    depends_on :   [  db  ,  cache  ]   # c\n",
    "documents": "---\nservices:\n  a: {}\n...\n---\nservices:\n  b: {image: x}\n--- 3\n",
    "duplicates": "services:\n  web: {image: x}\n  web: {image: y}\nservices:\n  db: {image: z}\n",
    "non-ascii": "services:\n  wéb:\n    image: '🐳'\n    depends_on: ['d🐳b', wéb]\n  d🐳b: {image: x}\n",
    "controls": "services:\n  \"w\\u001b[31mb\":\n    image: \"\\x07\"\n",
    "binary": "\x00\x01\x02ELF\x00services:\x00\n",
    "deep": "services:\n  web: " + "[" * 600 + "\n",
    "deep blocks": "".join("  " * i + "a:\n" for i in range(300)),
    "interpolation": "services:\n  ${A:-b}:\n    image: ${\n    ports: [\"${B}:${C:?x}\"]\n",
    "long line": "services:\n  web: {image: " + "x" * 100_000 + "}\n",
    "block scalars": "services:\n  web: |\n    text\n  db: >-\n\n    a\n   b\n",
}
BEYOND = [(0, 0), (0, 2**31 - 1), (2**31 - 1, 0), (99_999, 99_999), (1, 4_294_967_295)]


def ask_everywhere(client, uri, places):
    here = {"textDocument": {"uri": uri}}
    for line, character in places:
        at = {"line": line, "character": character}
        client.request("textDocument/hover", {**here, "position": at})
        client.request("textDocument/codeAction", {**here, "range": {"start": at, "end": at},
                                                   "context": {"diagnostics": []}})
    client.request("textDocument/inlayHint", {**here, "range": {
        "start": {"line": 0, "character": 0}, "end": {"line": 2**31 - 1, "character": 0}}})
    client.request("textDocument/inlayHint", {**here, "range": {
        "start": {"line": 5, "character": 9}, "end": {"line": 1, "character": 0}}})


@pytest.mark.parametrize("name", FILES)
def test_every_position_of_a_hostile_file_is_answered(dockhand_lsp, no_engine, tmp_path, name):
    text = FILES[name]
    file = tmp_path / "compose.yaml"
    # Where a line is longer than any person's, its beginning stands for it.
    file.write_bytes((text if name != "long line" else text[:2000]).encode())
    done = run(dockhand_lsp, "--check", file, env=no_engine, timeout=120)
    assert "failed" in done.out


def test_positions_that_do_not_exist_are_answered(quiet, tmp_path):
    for number, text in enumerate(FILES.values()):
        uri = f"file://{tmp_path}/{number}/compose.yaml"
        quiet.open(uri, text)
        ask_everywhere(quiet, uri, BEYOND)


def test_a_file_is_typed_character_by_character(quiet, tmp_path):
    """Every prefix of a real file is a broken file that somebody has on the screen."""
    text = (ROOT / "tests/stacks/shop/compose.yaml").read_text()[:6000]
    uri = f"file://{tmp_path}/compose.yaml"
    quiet.open(uri, "")
    line = column = 0
    for version, character in enumerate(text, 2):
        here = {"line": line, "character": column}
        quiet.change(uri, version, {"range": {"start": here, "end": here}, "text": character})
        line, column = (line + 1, 0) if character == "\n" else (line, column + 1)
        if version % 50 == 0:
            ask_everywhere(quiet, uri, [(line, column), (0, 0)])
    version += 1
    quiet.wait(lambda m: isinstance(m, dict) and m.get("method") == "textDocument/publishDiagnostics"
               and m["params"].get("version") == version - 1)
    quiet.change(uri, version, {"text": text})
    mention = next(i for i, row in enumerate(text.split("\n")) if row == "  web:")
    quiet.wait_for_hover(uri, mention, 3, "web")


def test_random_edits_leave_the_text_that_they_make(quiet, tmp_path):
    """Whatever is edited, in whichever order: the server's text is the client's."""
    random.seed(11)
    uri = f"file://{tmp_path}/compose.yaml"
    lines = ["services:", "  web:", "    image: 'é🐳'", "  db: {image: x}", ""]
    quiet.open(uri, "\n".join(lines))
    for version in range(2, 400):
        row = random.randrange(len(lines))
        units = lines[row].encode("utf-16-le")
        cut = 2 * random.randrange(len(units) // 2 + 1)
        try:
            before, after = units[:cut].decode("utf-16-le"), units[cut:].decode("utf-16-le")
        except UnicodeDecodeError:
            continue
        new = random.choice(["a", "🐳", "  b: {}\n", ":", "[", "\"", "#", "\n", "- ", "&x ", ""])
        here = {"line": row, "character": cut // 2}
        quiet.change(uri, version, {"range": {"start": here, "end": here}, "text": new})
        lines[row:row + 1] = (before + new + after).split("\n")
    probe = "services:\n  found: {image: x}\n"
    end = {"line": len(lines) - 1, "character": len(lines[-1].encode("utf-16-le")) // 2}
    # The whole is replaced through its true end: what was left over would stand behind the probe.
    quiet.change(uri, 1000, {"range": {"start": {"line": 0, "character": 0}, "end": end}, "text": probe})
    quiet.wait_for_hover(uri, 1, 3, "found")
    since = quiet.change(uri, 1001, {"range": {"start": {"line": 2, "character": 0},
                                               "end": {"line": 2, "character": 0}}, "text": "  last: {image: x}\n"})
    assert quiet.faults(uri, since) == []
    quiet.wait_for_hover(uri, 2, 3, "last")


def test_twenty_thousand_lines(quiet, tmp_path):
    text = "services:\n" + "".join(f"  s{i}:\n    image: x\n    depends_on: [s{i + 1}]\n" for i in range(6600)) + \
        "  s6600: {image: x}\n"
    uri = f"file://{tmp_path}/compose.yaml"
    since = quiet.open(uri, text)
    assert quiet.faults(uri, since) == []
    last = text.count("\n") - 1
    quiet.wait_for_hover(uri, last, 3, "s6600")
    quiet.wait_for_hint(uri, last, lambda label: label == "↑ s6599")


def test_a_folder_that_cannot_be_read_is_no_crash(quiet):
    uri = "file:///proc/self/mem/compose.yaml"
    quiet.open(uri, "services:\n  web: {image: x}\n")
    quiet.diagnostics(uri)
    uri = "file:///" + "a/" * 3000 + "compose.yaml"
    quiet.open(uri, "services:\n  web: {image: x}\n")
    quiet.diagnostics(uri)


def test_open_and_close_in_a_hurry(quiet, tmp_path):
    uri = f"file://{tmp_path}/compose.yaml"
    for _ in range(200):
        quiet.open(uri, "services:\n  web: {image: x}\n")
        quiet.change(uri, 2, {"text": "services: [\n"})
        quiet.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    quiet.hover(uri, 0, 0)
    # Nothing is left over for a file that is closed.
    quiet.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}})
    last = [m["params"]["diagnostics"] for _, m in quiet.messages
            if isinstance(m, dict) and m.get("method") == "textDocument/publishDiagnostics"][-1:]
    assert last in ([], [[]])


@pytest.mark.parametrize("kind", GARBAGE)
def test_the_server_lives_beside_a_socket_that_is_no_engine(client, no_engine, tmp_path, kind):
    path = f"/tmp/dockhand-lsp-{os.getpid()}.sock"
    uri = f"file://{tmp_path}/compose.yaml"
    with Listener(path, GARBAGE[kind]):
        one = client({**no_engine, "DOCKER_HOST": f"unix://{path}", "DOCKHAND_ENGINE_TIMEOUT_SECONDS": "1"})
        one.initialize()
        one.open(uri, "services:\n  web: {image: x, depends_on: [db]}\n  db: {image: y}\n")
        said = one.notified("window/logMessage")
        assert path in said["message"]
        one.wait_for_hint(uri, 2, lambda label: label == "↑ web")
        since = one.change(uri, 2, {"text": "services: [\n"})
        assert one.diagnostics(uri, since) != []
        one.shut_down()


@pytest.mark.parametrize("service", ["web", EVIL], ids=["a known service", "an unknown one"])
def test_what_containers_say_reaches_no_editor_raw(client, no_engine, tmp_path, service):
    path = f"/tmp/dockhand-lsp-{os.getpid()}.sock"
    uri = f"file://{tmp_path}/compose.yaml"
    with Listener(path, evil_engine("evil", service)):
        one = client({**no_engine, "DOCKER_HOST": f"unix://{path}"})
        one.initialize()
        one.open(uri, "name: evil\nservices:\n  web: {image: x}\n")
        _, label = one.wait_for_hint(uri, 2, lambda label: "unhealthy" in label or "not created" in label)
        assert harmless(label)
        assert harmless(one.wait_for_hover(uri, 2, 3, "web"))
        said = one.diagnostics(uri)
        assert all(harmless(each["message"]) for each in said)
        one.shut_down()
