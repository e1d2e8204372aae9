"""What the check finds, as an editor shows it: diagnostics with their links and tags, and fixes as actions."""

import pytest

from support.language_client import CAPABILITIES, position

TEXT = """\
services:
  web:
    image: nginx:1.27
    networks: [bakc]
    ports:
      - 22:22
networks:
  back: {}
volumes:
  old: {}
  older: {}
"""

RICH = {**CAPABILITIES, "textDocument": {
    **CAPABILITIES["textDocument"],
    "publishDiagnostics": {"versionSupport": True, "codeDescriptionSupport": True, "tagSupport": {"valueSet": [1, 2]}}}}


@pytest.fixture
def editor(client, no_engine, tmp_path):
    """A server with TEXT open in it, once it has spoken: (client, uri, diagnostics by code)."""

    def start(text=TEXT, settings=None, capabilities=RICH, without=None):
        path = tmp_path / "compose.yaml"
        path.write_text(text)
        one = client(no_engine, settings=settings)
        one.initialize(capabilities)
        uri = path.as_uri()
        one.open(uri, text)

        def accepts(params):
            return params["uri"] == uri and all(found["code"] != without for found in params["diagnostics"])

        said = one.notified("textDocument/publishDiagnostics", accepts)
        return one, uri, {one["code"]: one for one in said["diagnostics"]}

    return start


def actions(one, uri, diagnostic, only=None):
    context = {"diagnostics": [diagnostic], "triggerKind": 1}
    if only:
        context["only"] = only
    return one.request("textDocument/codeAction", {"textDocument": {"uri": uri}, "range": diagnostic["range"],
                                                   "context": context})


def applied(text, edits):
    lines = text.splitlines(True)

    def offset(place):
        return sum(map(len, lines[:place["line"]])) + place["character"]

    for edit in sorted(edits, key=lambda one: offset(one["range"]["start"]), reverse=True):
        begin, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:begin] + edit["newText"] + text[end:]
    return text


def test_diagnostics(editor):
    _, _, found = editor()
    assert set(found) == {"undefined-network", "unquoted-port", "unused-volume"}
    undefined = found["undefined-network"]
    assert undefined["range"] == {"start": position(3, 15), "end": position(3, 19)}
    assert (undefined["severity"], undefined["source"]) == (1, "dockhand")
    assert undefined["codeDescription"]["href"].startswith("https://docs.docker.com/reference/compose-file/")
    assert "tags" not in undefined and found["unused-volume"]["tags"] == [1]


def test_a_plain_client_gets_neither_links_nor_tags(editor):
    _, _, found = editor(capabilities=CAPABILITIES)
    assert not any("tags" in one or "codeDescription" in one for one in found.values())


def test_fixes_are_actions(editor):
    one, uri, found = editor()
    [rename] = [a for a in actions(one, uri, found["undefined-network"], ["quickfix"]) if "edit" in a]
    assert (rename["title"], rename["kind"]) == ("Replace bakc by back", "quickfix")
    assert rename["diagnostics"] == [found["undefined-network"]] and "isPreferred" not in rename
    assert applied(TEXT, rename["edit"]["changes"][uri]) == TEXT.replace("bakc", "back")
    [quote] = [a for a in actions(one, uri, found["unquoted-port"], ["quickfix"]) if "edit" in a]
    assert quote["isPreferred"] is True
    assert applied(TEXT, quote["edit"]["changes"][uri]) == TEXT.replace("22:22", '"22:22"')


def test_fix_all(editor):
    one, uri, found = editor()
    for only in (["source.fixAll"], ["source.fixAll.dockhand"], ["source"]):
        [fix] = [a for a in actions(one, uri, found["unquoted-port"], only) if "edit" in a]
        assert fix["kind"] == "source.fixAll.dockhand"
        mended = applied(TEXT, fix["edit"]["changes"][uri])
        assert '"22:22"' in mended and "old" not in mended and "bakc" in mended


def test_settings_say_how_severe(editor):
    _, _, found = editor(settings={"check": {"severity": "unused-volume=off, unquoted-port=warning"}},
                         without="unused-volume")
    assert set(found) == {"undefined-network", "unquoted-port"} and found["unquoted-port"]["severity"] == 2


def test_comments_quieten(editor):
    _, _, found = editor(TEXT.replace("- 22:22", "- 22:22  # dockhand: ignore unquoted-port"))
    assert set(found) == {"undefined-network", "unused-volume"}


def test_the_project_may_say_how_severe(editor):
    _, _, found = editor(TEXT + "x-dev: {check: {severity: 'unused-volume=off'}}\n")
    assert set(found) == {"undefined-network", "unquoted-port"}
