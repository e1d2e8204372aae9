"""start, stop and restart, on a shop of their own."""

import socket

import pytest


@pytest.fixture
def own(make_shop):
    shop = make_shop("compose.yaml", up=False)
    shop.compose("up", "--detach", "--no-build", "db", "cache")
    shop.wait_for("db", "healthy")
    return shop


def states(dockhand, shop):
    said = dockhand("status", "--format", "{{.Service}} {{.State}}", cwd=shop.folder)
    return dict(line.split(" ", 1) for line in said.out.splitlines())


def started_at(shop, service):
    return shop.engine.docker("inspect", "--format", "{{.State.StartedAt}}", shop.container(service)).out


@pytest.mark.seconds(120)
def test_start_stop_restart(own, dockhand):
    before = started_at(own, "db")
    said = dockhand("start", "mailer", cwd=own.folder)
    assert "mailer-1: started" in said.err
    assert "mailer" in said.out
    now = states(dockhand, own)
    assert now["mailer"] == "healthy" and now["web"] == "not created"

    said = dockhand("stop", "mailer", cwd=own.folder)
    assert states(dockhand, own)["mailer"] == "exited"
    dockhand("start", "mailer", cwd=own.folder)
    assert states(dockhand, own)["mailer"] == "healthy"

    dockhand("start", cwd=own.folder)
    now = states(dockhand, own)
    assert {name: state for name, state in now.items() if state not in ("healthy", "running")} == {"migrate": "exited"}
    assert started_at(own, "db") == before
    job = started_at(own, "migrate")
    nothing = dockhand("start", cwd=own.folder)
    assert nothing.err == f"nothing to start: every service of {own.project} runs or has finished\n"
    assert started_at(own, "migrate") == job

    catalog, orders = started_at(own, "catalog"), started_at(own, "orders")
    dockhand("restart", "cache", "--with-dependents", cwd=own.folder)
    assert started_at(own, "catalog") != catalog
    assert started_at(own, "orders") == orders
    assert started_at(own, "migrate") == job


def test_progress_on_a_terminal(own, terminal):
    screen = terminal(own.engine.bin / "docker", "dockhand", "restart", "db", env=own.env(NO_COLOR="1"), cwd=own.folder)
    screen.wait_for("db")
    assert screen.wait_for_end() == 0
    lines = [line for line in screen.lines if line]
    assert lines[0].startswith(own.project)
    assert lines[-1].startswith("●  db") and "healthy" in lines[-1]


def test_what_fails_says_why(own, dockhand):
    missing = dockhand("restart", "mialer", cwd=own.folder, status=1)
    assert missing.err.startswith("docker dockhand: no such service: mialer\n")
    assert "did you mean mailer?" in missing.err
    with socket.create_server(("0.0.0.0", own.ports["mailer"])):
        failed = dockhand("start", "mailer", cwd=own.folder, status=1)
    assert "docker dockhand: cannot start mailer\n  " in failed.err
    assert "address already in use" in failed.err or "port is already allocated" in failed.err
    assert "stop what uses the port" in failed.err


def test_a_service_that_comes_up_ill_fails_the_command(make_shop, dockhand):
    shop = make_shop("compose.yaml", "compose.override.yaml", up=False)
    shop.compose("up", "--detach", "--no-build", "db")
    said = dockhand("start", "payments", cwd=shop.folder, status=1)
    assert "unhealthy" in said.out and "db: connection refused at 127.0.0.1:5432" in said.out


def test_by_name_without_the_file(own, dockhand, tmp_path):
    dockhand("-p", own.project, "stop", "cache")
    assert states(dockhand, own)["cache"] == "exited"
    (own.folder / "compose.yaml").rename(own.folder / "gone.yaml")
    said = dockhand("-p", own.project, "start", "cache")
    assert "cache" in said.out
