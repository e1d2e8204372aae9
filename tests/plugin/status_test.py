"""docker dockhand status, on the real demo shop."""

import json

import pytest


@pytest.mark.parametrize("columns", [80, 140])
def test_screen(settled, terminal, golden, columns):
    screen = terminal(settled.engine.bin / "docker", "dockhand", env=settled.env(NO_COLOR="1"), cwd=settled.folder,
                      columns=columns)
    assert screen.wait_for_end() == 0
    golden(f"status-{columns}", screen.text)


def test_colours_and_symbols(settled, terminal):
    screen = terminal(settled.engine.bin / "docker", "dockhand", env=settled.env(VTE_VERSION="7000"), cwd=settled.folder)
    assert screen.wait_for_end() == 0
    assert b"\x1b[31m\xe2\x96\xb2\x1b[0m" in screen.raw  # payments, red
    assert b"\x1b]8;;http://localhost:%d" % settled.ports["catalog"] in screen.raw


def test_ascii(settled, terminal, golden):
    screen = terminal(settled.engine.bin / "docker", "dockhand", env=settled.env(LANG="C", NO_COLOR="1"),
                      cwd=settled.folder)
    assert screen.wait_for_end() == 0
    assert screen.raw.isascii()
    golden("status-ascii", screen.text)


def test_pipe(settled, dockhand, golden):
    said = dockhand(cwd=settled.folder)
    assert said.err == ""
    assert "\x1b" not in said.out
    assert len(said.out.splitlines()) == 9
    golden("status-pipe", said.out, columns=False)


def test_formats(settled, dockhand):
    report = json.loads(dockhand("status", "--format", "json", cwd=settled.folder).out)
    assert report["Project"] == settled.project
    services = {service["Service"]: service for service in report["Services"]}
    assert services["payments"]["State"] == "unhealthy"
    assert services["payments"]["Reason"].startswith("db: connection refused at 127.0.0.1:5432")
    assert services["catalog"]["URL"] == settled.url("catalog", "/products")
    said = dockhand("status", "--format", "table {{.Service}}\t{{.State}}", "payments", "web", cwd=settled.folder)
    assert said.out.splitlines() == ["SERVICE    STATE", "web        running", "payments   unhealthy"]
    assert dockhand("status", "-q", "db", cwd=settled.folder).out == "db\n"
    wrong = dockhand("status", "--format", "{{range .}}", cwd=settled.folder, status=1)
    assert wrong.err.startswith("docker dockhand: cannot use the template given to --format\n  `range` is not understood")


def test_exit_code(settled, dockhand):
    dockhand("status", "--exit-code", cwd=settled.folder, status=1)
    dockhand("status", "--exit-code", "web", "db", "migrate", cwd=settled.folder, status=0)


def test_wait(settled, dockhand):
    said = dockhand("status", "--wait", "web", "catalog", "db", cwd=settled.folder)
    assert "catalog" in said.out
    failed = dockhand("status", "--wait", "--timeout", "20s", cwd=settled.folder, status=1)
    assert f"docker dockhand: {settled.project} cannot come up by itself\n  payments is unhealthy: db: " in failed.err


def test_wait_follows_a_start(settled, dockhand):
    settled.engine.docker("restart", "--time", "1", settled.container("catalog"))
    said = dockhand("status", "--wait", "--timeout", "30s", "--format", "{{.State}}", "catalog", cwd=settled.folder)
    assert said.out == "healthy\n"


def test_by_name_from_anywhere(settled, dockhand):
    assert "payments" in dockhand("-p", settled.project, "status", "-q").out.split()
    missing = dockhand("-p", settled.project + "x", status=1)
    assert f"no project named {settled.project}x" in missing.err
    assert f"docker dockhand -p {settled.project}\n" in missing.err


def test_without_a_file_it_says_what_runs(settled, dockhand, tmp_path):
    said = dockhand(status=1)
    assert said.err.startswith("docker dockhand: ")
    assert settled.project in said.err
    assert "docker dockhand status --all" in said.err
    assert said.out == ""


def test_all(settled, dockhand):
    assert settled.project in dockhand("status", "--all", "-q").out.split()
    rows = dockhand("status", "--all").out.splitlines()
    assert any(settled.project in row and "payments" in row and "unhealthy" in row for row in rows)
    reports = json.loads(dockhand("status", "--all", "--format", "json").out)
    assert settled.project in [report["Project"] for report in reports]


def test_a_second_project_from_the_same_file(make_shop, dockhand):
    first = make_shop("compose.yaml", up=False)
    other = first.project + "b"
    first.compose("-p", other, "up", "-d", "--no-build", "cache")
    try:
        said = dockhand("status", "--format", "{{.Project}} {{.Service}} {{.State}}", cwd=first.folder)
        assert f"{other} cache running" in said.out.splitlines()
        assert f"{first.project} " not in said.out
    finally:
        first.compose("-p", other, "down", "--timeout", "1")


def test_deps(settled, dockhand, terminal, golden):
    screen = terminal(settled.engine.bin / "docker", "dockhand", "deps", env=settled.env(NO_COLOR="1"),
                      cwd=settled.folder, columns=100)
    assert screen.wait_for_end() == 0
    golden("deps", screen.text)
    golden("deps-reverse", dockhand("deps", "--reverse", "db", cwd=settled.folder).out)
    deps = json.loads(dockhand("deps", "--format", "json", "orders", cwd=settled.folder).out)["Services"][0]
    assert {"Service": "db", "Condition": "service_healthy", "Required": True}.items() <= deps["DependsOn"][0].items()
    assert deps["UsedBy"] == ["web"]
    offline = dockhand("deps", cwd=settled.folder, env=settled.env(DOCKER_HOST="unix:///nowhere.sock"))
    assert "catalog" in offline.out and offline.err.startswith("states are not shown: ")
