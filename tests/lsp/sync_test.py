"""Text synchronisation and diagnostics on the wire, without an Engine."""

import pytest

from support.language_client import position

GOOD = "services:\n  web: {image: x}\n  db: {image: y, depends_on: [web]}\n"


@pytest.fixture
def uri(tmp_path):
    return f"file://{tmp_path}/compose.yaml"


def edit(begin, end, text):
    return {"range": {"start": position(*begin), "end": position(*end)}, "text": text}


def test_diagnostics_come_change_and_go(quiet, uri):
    since = quiet.open(uri, GOOD)
    assert quiet.faults(uri, since) == []
    since = quiet.change(uri, 2, edit((1, 7), (1, 17), "[image"))
    found = quiet.diagnostics(uri, since, accepts=lambda found: any(one["severity"] == 1 for one in found))
    assert {one["source"] for one in found} == {"dockhand"}
    assert all(one["code"] and one["message"] for one in found)
    since = quiet.change(uri, 3, {"text": GOOD})
    assert quiet.faults(uri, since) == []


def test_diagnostics_name_the_version_they_are_about(quiet, uri):
    quiet.open(uri, GOOD)
    since = quiet.change(uri, 7, edit((0, 0), (0, 0), "# c\n"))
    params = quiet.notified("textDocument/publishDiagnostics", since=since)
    assert params["version"] == 7


def test_closing_takes_the_diagnostics_away(quiet, uri):
    since = quiet.open(uri, "services: [\n")
    assert quiet.diagnostics(uri, since)
    since = len(quiet.messages)
    quiet.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert quiet.diagnostics(uri, since) == []
    assert quiet.hover(uri, 0, 0) is None


def test_changes_count_in_utf16(quiet, uri):
    quiet.open(uri, "services:\n  w🐳b: {image: 'é🐳'} # 🐳\n  db: {image: x}\n")
    # Behind the whale of the first name, in units of UTF-16.
    quiet.change(uri, 2, edit((1, 3), (1, 5), "e"), edit((2, 2), (2, 4), "data🐳base"))
    quiet.wait_for_hover(uri, 1, 3, "web")
    quiet.change(uri, 3, edit((2, 6), (2, 8), ""))
    quiet.wait_for_hover(uri, 2, 9, "database")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_all_line_ends_count(quiet, uri, newline):
    quiet.open(uri, GOOD.replace("\n", newline))
    quiet.wait_for_hover(uri, 2, 3, "db")
    quiet.change(uri, 2, edit((0, 9), (1, 0), newline + "  new: {image: z}" + newline))
    quiet.wait_for_hover(uri, 1, 3, "new")
    quiet.wait_for_hover(uri, 3, 3, "db")


def test_a_model_is_resolved_while_typing(quiet, uri):
    """A service that is typed in gets its hover once the project is resolved again."""
    quiet.open(uri, GOOD)
    since = quiet.change(uri, 2, edit((3, 0), (3, 0), "  cache: {image: z}\n"))
    quiet.diagnostics(uri, since)
    quiet.wait_for_hint(uri, 1, lambda label: "db" in label)
    quiet.wait_for_hover(uri, 3, 3, "cache")


def test_a_broken_file_keeps_hints_and_hovers(quiet, uri):
    quiet.open(uri, GOOD)
    quiet.wait_for_hint(uri, 1, lambda label: label == "↑ db")
    since = quiet.change(uri, 2, edit((2, 2), (2, 34), "da: {image: [y, \"z"))
    quiet.diagnostics(uri, since, accepts=lambda found: found != [])
    assert quiet.hints(uri) == {1: "↑ db"}
    quiet.wait_for_hover(uri, 1, 3, "web")


def test_two_documents_of_one_project_know_each_other(quiet, tmp_path):
    base, override = tmp_path / "compose.yaml", tmp_path / "compose.override.yaml"
    base.write_text("services:\n  web: {image: x}\n  db: {image: y}\n")
    override.write_text("services:\n  web:\n    depends_on: [db]\n")
    for file in (base, override):
        quiet.open(f"file://{file}", file.read_text())
    quiet.wait_for_hint(f"file://{base}", 2, lambda label: label == "↑ web")
    # What is typed into one of them, unsaved, shows in the other.
    quiet.change(f"file://{override}", 2, edit((2, 4), (2, 20), "ports: [\"80:80\"]"))
    quiet.wait_for_hint(f"file://{base}", 2, lambda label: label == "")


def test_a_file_outside_the_discovered_project(quiet, tmp_path):
    (tmp_path / "compose.yaml").write_text("services:\n  web: {image: x}\n")
    override = "services:\n  web:\n    depends_on: [db]\n  db: {image: y}\n"
    uri = f"file://{tmp_path}/compose.prod.yaml"
    quiet.open(uri, override)
    quiet.wait_for_hint(uri, 3, lambda label: label == "↑ web")


def test_untitled_and_foreign_documents_have_their_syntax_checked_and_no_more(quiet):
    for uri in ("untitled:compose.yaml", "git:/a/compose.yaml?x", "file://wsl%24/a/compose.yaml"):
        since = quiet.open(uri, "services: [\n")
        assert quiet.diagnostics(uri, since)
        assert quiet.hints(uri) == {}
        assert quiet.hover(uri, 0, 0) is None


def test_files_of_other_kinds_are_left_alone(quiet, tmp_path):
    uri = f"file://{tmp_path}/values.yaml"
    quiet.open(uri, "services: [\n")
    assert quiet.hints(uri) == {}
    assert quiet.count("textDocument/publishDiagnostics") == 0
    since = quiet.open(f"file://{tmp_path}/stack.yaml", "services: [\n", language="dockercompose")
    assert quiet.diagnostics(f"file://{tmp_path}/stack.yaml", since)


def test_what_is_not_open_is_not_an_error(quiet, uri):
    quiet.change(uri, 2, {"text": GOOD})
    quiet.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    quiet.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert quiet.hover(uri, 0, 0) is None
    assert quiet.hints(uri) == {}
    assert quiet.actions(uri, 0) == []


def test_settings_from_the_editor_choose_the_hints(client, no_engine, uri):
    one = client(no_engine, settings={"hints": {"parts": ["state"]}})
    one.initialize()
    one.open(uri, GOOD)
    one.diagnostics(uri)
    assert one.hints(uri) == {}
    one.settings = {"hints.parts": "used-by"}
    one.notify("workspace/didChangeConfiguration", {"settings": None})
    one.wait_for_hint(uri, 1, lambda label: label == "↑ db")


def test_settings_may_come_with_initialize_or_by_notification(client, no_engine, uri):
    one = client(no_engine)
    one.initialize({}, options={"dockhand": {"hints": {"parts": "state"}}})
    one.open(uri, GOOD)
    one.diagnostics(uri)
    assert one.hints(uri) == {}
    one.notify("workspace/didChangeConfiguration", {"settings": {"dockhand": {"hints": {"parts": "used-by"}}}})
    one.wait_for_hint(uri, 1, lambda label: label == "↑ db")


def test_a_wrong_setting_is_said_and_the_rest_counts(client, no_engine, uri):
    one = client(no_engine, settings={"probe": {"interval": "often"}, "hints": {"parts": "used-by"}})
    one.initialize()
    said = one.notified("window/showMessage")
    assert "probe.interval" in said["message"] and "often" in said["message"]
    one.open(uri, GOOD)
    one.wait_for_hint(uri, 1, lambda label: label == "↑ db")


def test_no_engine_is_said_once_and_quietly(quiet, uri):
    quiet.open(uri, GOOD)
    said = quiet.notified("window/logMessage")
    assert "Docker" in said["message"]
    assert "Docker" in quiet.wait_for_hover(uri, 1, 3, "web")
    assert quiet.actions(uri, 1) == []
    assert quiet.count("window/logMessage") == 1 and quiet.count("window/showMessage") == 0
