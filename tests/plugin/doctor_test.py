"""doctor, config and lsp: is everything there, and what is in force."""

import json
import shutil

from support.command import run


def checks(said):
    return {row["Check"]: row for row in json.loads(said.out)}


def test_a_good_installation(settled, dockhand, dockhand_lsp):
    said = dockhand("doctor", cwd=settled.folder)
    assert said.err == ""
    assert all(line[0] in "✓○ " for line in said.out.splitlines())
    found = checks(dockhand("doctor", "--format", "json", cwd=settled.folder))
    assert {row["Status"] for row in found.values()} == {"ok"}
    assert settled.engine.version in found["engine"]["Detail"]
    assert "DOCKER_HOST" in found["endpoint"]["Detail"]
    assert "2.40" in found["compose"]["Detail"]


def test_what_is_broken_has_its_fix(engine, dockhand, tmp_path):
    config = tmp_path / "config"
    config.mkdir()
    env = engine.env(DOCKER_HOST="unix:///nowhere.sock")
    said = dockhand("doctor", "--format", "json", env=env, status=1)
    found = checks(said)
    assert found["engine"]["Status"] == "broken" and found["engine"]["Fix"]
    assert found["compose file"]["Status"] == "note"


def test_settings_with_their_origin(engine, dockhand, tmp_path):
    (tmp_path / "compose.yaml").write_text("x-dev:\n  probe.interval: 9\nservices: {web: {image: x}}\n")
    env = engine.env(DOCKHAND_PROBE_TIMEOUT_SECONDS="3")
    rows = {row["Setting"]: row for row in json.loads(dockhand("config", "--format", "json", env=env).out)}
    assert (rows["probe.interval"]["Value"], rows["probe.interval"]["Origin"]) == ("9", "x-dev")
    assert (rows["probe.timeout"]["Value"], rows["probe.timeout"]["Origin"]) == ("3", "environment")
    assert rows["probe.concurrency"]["Origin"] == "default"


def test_lsp_speaks_through_docker(engine, dockhand, dockhand_lsp):
    body = '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
    ended = '{"jsonrpc":"2.0","method":"exit"}'
    stdin = "".join(f"Content-Length: {len(text)}\r\n\r\n{text}" for text in (body, ended))
    said = dockhand("lsp", stdin=stdin, status=None)
    assert said.out.startswith("Content-Length: ")
    assert '"id":1' in said.out


def test_lsp_leaves_signals_as_they_were(docker_dockhand, tmp_path):
    """What is run instead of the plugin must not inherit what the plugin blocks and ignores."""
    shutil.copy(docker_dockhand, tmp_path)
    server = tmp_path / "dockhand-lsp"
    server.write_text("#!/bin/sh\n[ \"$1\" = --version ] && exit 1\nexec grep -E '^Sig(Blk|Ign)' /proc/self/status\n")
    server.chmod(0o755)
    said = run(tmp_path / "docker-dockhand", "lsp")
    masks = dict(line.split(":\t") for line in said.out.splitlines())
    assert int(masks["SigBlk"], 16) == 0
    assert int(masks["SigIgn"], 16) & (1 << 12) == 0
