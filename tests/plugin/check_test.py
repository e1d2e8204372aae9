"""check: the linter, as a user and as CI run it."""

import json
import os
import re

import pytest

from support.command import ROOT
from support.terminal import Terminal

MISTAKES = """\
services:
  web:
    image: nginx
    networks: [bakc]
    ports:
      - 22:22
    environment:
      DB_PASSWORD: hunter2
  api: {build: ., depends_on: [web]}
networks: {back: {}}
volumes:
  old:
"""
GOOD = "services:\n  web: {image: 'nginx:1.27'}\n"


@pytest.fixture
def check(dockhand, tmp_path):
    """A function: docker dockhand check ARGUMENTS… in a folder of its own, with these files."""

    def call(*arguments, files=None, **options):
        for name, text in (files or {}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return dockhand("check", *arguments, **options)

    return call


def found(said):
    return {(row["File"], row["Line"], row["Column"], row["Severity"], row["Code"]) for row in json.loads(said.out)}


def test_everything_at_once(check):
    said = check(files={"compose.yaml": MISTAKES}, status=1)
    lines = said.out.splitlines()
    assert said.err == ""
    assert lines[-1] == "1 error, 1 warning, 5 hints in 1 file"
    assert "compose.yaml:4:16: error: there is no network bakc; did you mean back? [undefined-network]" in lines
    places = [tuple(map(int, line.split(":")[1:3])) for line in lines[:-1]]
    assert places == sorted(places) and len(places) == 7
    assert "hunter2" not in said.out


def test_nothing_wrong(check):
    said = check(files={"compose.yaml": GOOD})
    assert (said.out, said.err) == ("no mistakes in 1 file\n", "")


def test_json_and_sarif(check):
    said = check("--format", "json", files={"compose.yaml": MISTAKES}, status=1)
    assert ("compose.yaml", 4, 16, "error", "undefined-network") in found(said)
    row = next(row for row in json.loads(said.out) if row["Code"] == "unquoted-port")
    assert row["Fix"] == [{"Line": 6, "Column": 9, "EndLine": 6, "EndColumn": 14, "Text": '"22:22"'}]
    sarif = json.loads(check("--format", "sarif", status=1).out)
    run = sarif["runs"][0]
    assert sarif["version"] == "2.1.0" and run["columnKind"] == "unicodeCodePoints"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "compose.yaml" and place["region"]["startLine"] >= 1
    assert len(run["results"]) == 7


def test_columns_count_characters(check):
    text = "services:\n  wéb: {image: 'ä:1', networks: [nö]}\n"
    said = check("--format", "json", files={"compose.yaml": text}, status=1)
    assert ("compose.yaml", 2, 34, "error", "undefined-network") in found(said)


def test_fix(check, tmp_path):
    file = tmp_path / "compose.yaml"
    said = check("--fix", files={"compose.yaml": MISTAKES}, status=1)
    assert '    6 -       - 22:22\n    6 +       - "22:22"\n' in said.out
    assert "   11 - volumes:\n   12 -   old:\n" in said.out
    expected = MISTAKES.replace("- 22:22", '- "22:22"').replace("volumes:\n  old:\n", "")
    assert file.read_text() == expected
    assert [name.name for name in tmp_path.iterdir()] == ["compose.yaml"]
    before = file.stat().st_mtime_ns
    again = check("--fix", status=1)
    assert "applied" not in again.out and file.stat().st_mtime_ns == before


def test_fix_keeps_permissions_and_links(check, tmp_path):
    target = tmp_path / "real.yaml"
    target.write_text("services:\n  web: {image: 'nginx:1'}\nvolumes:\n  old:\n")
    target.chmod(0o640)
    (tmp_path / "compose.yaml").symlink_to("real.yaml")
    check("--fix")
    assert (tmp_path / "compose.yaml").is_symlink()
    assert target.read_text() == "services:\n  web: {image: 'nginx:1'}\n"
    assert target.stat().st_mode & 0o777 == 0o640


def test_files_are_projects_of_their_own(check):
    files = {"a/one.yaml": "services:\n  a: {image: 'a:1', depends_on: [b]}\n", "b/two.yaml": GOOD}
    said = check("a/one.yaml", "b/two.yaml", "--format", "json", files=files, status=1)
    assert found(said) == {("a/one.yaml", 2, 34, "error", "undefined-service")}
    said = check("b/two.yaml", "gone.yaml", status=1)
    assert "gone.yaml" in said.err and said.out == "no mistakes in 1 file\n"
    assert check("-", stdin="services: {a: {}}\n", status=1).out.startswith("<stdin>:1:12: error: ")


def test_compose_flags(dockhand, tmp_path):
    files = {"x.yaml": "services:\n  a: {image: 'a:1', profiles: [p], networks: [n]}\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = dockhand("-f", "x.yaml", "check")
    assert said.out.splitlines()[-1] == "1 warning in 1 file"
    said = dockhand("-f", "x.yaml", "--profile", "p", "check", status=1)
    assert said.out.splitlines()[-1] == "1 error in 1 file"


def test_severities(check, engine):
    files = {"compose.yaml": "services:\n  web: {image: nginx}\nvolumes: {old: {}}\n"}
    env = engine.env(DOCKHAND_CHECK_SEVERITY="latest-tag=off, unused-volume=error, nonsense=off")
    said = check(files=files, env=env, status=1)
    assert said.out.splitlines()[0].startswith("compose.yaml:3:11: error: ")
    assert said.out.splitlines()[1:] == ["1 error in 1 file"]
    assert "there is no code nonsense" in said.err
    files["compose.yaml"] += "x-dev: {check: {severity: 'latest-tag=off, unused-volume=off'}}\n"
    assert check(files=files).out == "no mistakes in 1 file\n"


@pytest.mark.parametrize("content,code", [
    (b"services:\n  web: [\n", "yaml-unclosed-bracket"),
    (bytes(range(256)) * 16, "yaml-encoding"),
    (b"", "compose-empty"),
    (b"# nothing\n", "compose-empty"),
])
def test_files_that_are_none(check, content, code):
    said = check("--format", "json", files={"compose.yaml": content}, status=1)
    assert code in {row["Code"] for row in json.loads(said.out)}


def test_no_file(check):
    said = check(status=1)
    assert said.out == "" and "cannot find a Compose file" in said.err


def test_a_huge_file(check):
    """50 MB: checked or refused, but within seconds."""
    service = "  s{0}:\n    image: app:1\n    environment:\n      TEXT: " + "x" * 4000 + "\n"
    text = "services:\n" + "".join(service.format(index) for index in range(12_500))
    said = check(files={"compose.yaml": text}, timeout=60)
    assert said.out == "no mistakes in 1 file\n"


def test_a_terminal_shows_the_line(engine, docker_dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text(MISTAKES)
    with Terminal(docker_dockhand, "check", env=engine.env(), cwd=tmp_path, columns=100) as terminal:
        assert terminal.wait_for_end() == 1
        shown = terminal.text
    assert "    networks: [bakc]\n               ^^^^" in shown
    assert "hunter2" not in shown


def test_documentation_lists_every_code(check):
    """docs/checks.md is made from `check --list`; UPDATE=1 writes it."""
    path = ROOT / "docs" / "checks.md"
    rows = json.loads(check("--list", "--format", "json").out)
    lines = [f"| `{row['Code']}` | {row['Severity']} | {row['Help']} | [page]({row['Documentation']}) |" for row in rows]
    table = "\n".join(["| code | severity | about | documentation |", "|---|---|---|---|", *lines, ""])
    text = path.read_text()
    made = re.sub(r"\| code \|.*", lambda _: table, text, flags=re.S)
    if os.environ.get("UPDATE"):
        path.write_text(made)
    assert path.read_text() == made
