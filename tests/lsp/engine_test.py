"""The language server on a real Engine: what it shows of a running stack, what it changes, what it survives."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from support.command import run, set_up

WAITING = 40  # Seconds for what the Engine takes its time for.


def lines_of(text):
    """The line of each service's key."""
    return {row.strip()[:-1]: number for number, row in enumerate(text.split("\n"))
            if row.startswith("  ") and row.endswith(":") and row[2] not in " #"}


class Events:
    """What `docker events` says of one container, with the time it came: the yardstick for ours."""

    def __init__(self, engine, container):
        self.process = subprocess.Popen(
            [engine.bin / "docker", "events", "--filter", f"container={container}", "--format", "{{.Action}}"],
            env=engine.env(), stdout=subprocess.PIPE, text=True)
        self.seen = {}
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        time.sleep(1)  # Until it listens; it does not say when.

    def read(self):
        for line in self.process.stdout:
            self.seen.setdefault(line.strip(), time.monotonic())

    def __enter__(self):
        return self

    def wait_for(self, action, seconds=20):
        end = time.monotonic() + seconds
        while action not in self.seen:
            assert time.monotonic() < end, f"docker told only of {self.seen}"
            time.sleep(0.01)
        return self.seen[action]

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()


class Open:
    """The compose file of a shop, open in an editor."""

    def __init__(self, client, shop, **options):
        self.shop = shop
        self.file = shop.folder / "compose.yaml"
        self.uri = f"file://{self.file}"
        self.text = self.file.read_text()
        self.lines = lines_of(self.text)
        self.client = client(shop.env(), **options)
        self.client.initialize()
        self.client.open(self.uri, self.text)

    def wait_for(self, service, accepts, seconds=WAITING):
        return self.client.wait_for_hint(self.uri, self.lines[service], accepts, seconds)

    def hover(self, service):
        return self.client.hover(self.uri, self.lines[service], 3)

    def actions(self, service):
        return self.client.actions(self.uri, self.lines[service])

    def run_action(self, service, title, seconds=60):
        action = next(one for one in self.actions(service) if one["title"] == title)
        return self.client.request("workspace/executeCommand", {
            "command": action["command"]["command"], "arguments": action["command"]["arguments"],
            "workDoneToken": f"token {title}"}, seconds)


@pytest.fixture
def editor(client, shop):
    return Open(client, shop)


@pytest.mark.seconds(120)
def test_hints_tell_the_state_of_every_service(editor):
    shop = editor.shop
    assert shop.url("catalog", "/products") in editor.wait_for("catalog", lambda l: l.startswith("● healthy"))[1]
    editor.wait_for("payments", lambda l: l.startswith("▲ unhealthy") and "connection refused" in l)
    assert shop.url("web") in editor.wait_for("web", lambda l: l.startswith("●"))[1]
    _, db = editor.wait_for("db", lambda l: l.startswith("● healthy"))
    assert f"postgres://localhost:{shop.ports['db']}" in db and "↑ orders, payments, migrate" in db
    editor.wait_for("migrate", lambda l: l.startswith("● finished"))


@pytest.mark.seconds(120)
def test_latency_shows_after_a_probe(editor):
    editor.wait_for("catalog", lambda l: " ms" in l)
    assert "GET " + editor.shop.url("catalog", "/actuator/health") in editor.hover("catalog")


@pytest.mark.seconds(120)
def test_a_red_service_has_one_diagnostic(editor):
    editor.wait_for("payments", lambda l: l.startswith("▲ unhealthy"))
    found = editor.client.diagnostics(editor.uri, accepts=lambda found: any(
        one["code"] == "unhealthy" and "payments" in one["message"] for one in found))
    red = [one for one in found if "payments" in one["message"]]
    assert len(red) == 1 and red[0]["source"] == "dockhand" and red[0]["severity"] == 2
    assert red[0]["range"]["start"] == {"line": editor.lines["payments"], "character": 2}


@pytest.mark.seconds(120)
def test_a_hover_tells_all_of_it(editor):
    editor.wait_for("payments", lambda l: l.startswith("▲ unhealthy"))
    text = editor.hover("payments")
    assert text.startswith("**payments** ▲ unhealthy")
    assert "connection refused at 127.0.0.1:5432" in text
    assert "used by **orders**, web" in text and "depends on **db** ●" in text
    assert "`dockhand/shop` · container" in text and editor.shop.container("payments") in text


@pytest.mark.seconds(120)
def test_actions_fit_the_state(editor):
    editor.wait_for("web", lambda l: l.startswith("●"))
    titles = [one["title"] for one in editor.actions("web")]
    assert titles == ["Restart web", "Restart web with dependents (1)", "Stop web", f"Open {editor.shop.url('web')}"]
    action = editor.actions("web")[0]["command"]["arguments"][0]
    assert action == {"project": editor.shop.project, "directory": str(editor.shop.folder), "service": "web",
                      "files": [str(editor.shop.folder / name) for name in ("compose.yaml", "compose.override.yaml")]}
    editor.run_action("web", f"Open {editor.shop.url('web')}")
    shown = editor.client.notified("window/showDocument")
    assert shown == {"uri": editor.shop.url("web"), "external": True}


@pytest.mark.seconds(180)
def test_a_killed_container_changes_the_hint_and_actions_bring_it_back(client, make_shop):
    stack = make_shop("compose.yaml", up=False).up("cache", "mailer")
    editor = Open(client, stack)
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    before = stack.engine.docker("inspect", "--format", "{{.Id}}", stack.container("cache")).out
    with Events(stack.engine, stack.container("cache")) as events:
        stack.engine.docker("kill", stack.container("cache"))
        when, label = editor.wait_for("cache", lambda l: l.startswith("✕ exited 137"))
        died = events.wait_for("die")
    print(f"\nthe event on docker's own stream to the refresh on the wire: {(when - died) * 1000:.0f} ms: {label}")
    assert [one["title"] for one in editor.actions("cache")] == ["Start cache"]
    since = len(editor.client.messages)
    editor.run_action("cache", "Start cache")
    kinds = [editor.client.notified("$/progress", lambda p, k=k: p["value"]["kind"] == k, since=since)["value"]
             for k in ("begin", "end")]
    assert [kinds[0]["title"], kinds[1]["message"]] == ["Starting cache", "Started cache"]
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    after = stack.engine.docker("inspect", "--format", "{{.Id}}", stack.container("cache")).out
    assert after == before, "starting made a new container"
    editor.run_action("cache", "Restart cache")
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    editor.run_action("cache", "Stop cache")
    editor.wait_for("cache", lambda l: l.startswith("✕ exited") or l.startswith("○") or "exited" in l)
    assert editor.client.count("window/showMessage") == 0


@pytest.mark.seconds(120)
def test_starting_creates_what_was_never_created(client, make_shop):
    stack = make_shop("compose.yaml", up=False)
    editor = Open(client, stack)
    editor.wait_for("cache", lambda l: l.startswith("○ not created"))
    editor.run_action("cache", "Start cache")
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    assert stack.state("cache") == "running"


@pytest.mark.seconds(120)
def test_an_action_that_fails_says_why(client, make_shop):
    stack = make_shop("compose.yaml", up=False)
    editor = Open(client, stack)
    editor.wait_for("mailer", lambda l: l.startswith("○ not created"))
    with socket.create_server(("0.0.0.0", stack.ports["mailer"])):
        assert editor.run_action("mailer", "Start mailer") is None
        said = editor.client.notified("window/showMessage")
    assert said["type"] == 1 and "cannot start mailer" in said["message"]
    assert "address already in use" in said["message"] or "port is already allocated" in said["message"]


@pytest.mark.seconds(120)
def test_an_action_can_be_cancelled(client, make_shop):
    # Nothing that this service waits for ever comes, so starting it takes for ever.
    stack = make_shop("compose.yaml", "compose.override.yaml", up=False)
    editor = Open(client, stack)
    editor.wait_for("orders", lambda l: l.startswith("○ not created"))
    action = editor.actions("orders")[0]["command"]
    since = len(editor.client.messages)
    number = editor.client.start("workspace/executeCommand",
                                 {"command": action["command"], "arguments": action["arguments"]})
    token = editor.client.notified("$/progress", since=since)["token"]
    editor.client.notify("window/workDoneProgress/cancel", {"token": token})
    answer = editor.client.reply(number)
    assert answer["error"]["code"] == -32800


@pytest.mark.seconds(120)
def test_the_project_that_runs_is_the_one_meant(client, make_shop):
    """Started under another name than the folder's: the label names the file, so it is shown."""
    stack = make_shop("compose.yaml", up=False)
    (stack.folder / ".env").write_text((stack.folder / ".env").read_text().replace(
        f"COMPOSE_PROJECT_NAME={stack.project}\n", ""))
    stack.compose("-p", stack.project, "up", "-d", "--no-build", "cache")
    editor = Open(client, stack)
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    assert editor.actions("cache")[0]["command"]["arguments"][0]["project"] == stack.project


@pytest.mark.seconds(120)
def test_a_project_that_starts_later_is_found(client, make_shop):
    stack = make_shop("compose.yaml", up=False)
    (stack.folder / ".env").write_text((stack.folder / ".env").read_text().replace(
        f"COMPOSE_PROJECT_NAME={stack.project}\n", ""))
    editor = Open(client, stack)
    editor.wait_for("cache", lambda l: l.startswith("○ not created"))
    stack.compose("-p", stack.project, "up", "-d", "--no-build", "cache")
    editor.wait_for("cache", lambda l: l.startswith("● running"))


@pytest.mark.seconds(180)
def test_two_documents_share_one_stream(client, make_shop):
    stack = make_shop("compose.yaml", up=False).up("cache")
    other = stack.folder / "other"
    other.mkdir()
    shutil.copy(stack.folder / "compose.yaml", other)
    editor = Open(client, stack)
    second = f"file://{other}/compose.yaml"
    editor.client.open(second, editor.text)
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    editor.client.wait_for_hint(second, editor.lines["cache"], lambda l: l.startswith("○ not created"))
    streams = run("sh", "-c", f"ls -l /proc/{editor.client.process.pid}/fd | grep -c socket").out.strip()
    print("sockets with two documents open:", streams)
    stack.engine.docker("kill", stack.container("cache"))
    editor.wait_for("cache", lambda l: l.startswith("✕"))
    assert editor.client.hints(second)[editor.lines["cache"]].startswith("○ not created")


@pytest.mark.seconds(240)
def test_an_engine_that_dies_and_returns(client, make_shop):
    """The last test of this file: the Engine of the session is killed, and started again."""
    stack = make_shop("compose.yaml", up=False).up("cache")
    editor = Open(client, stack)
    services = editor.text.split("\n").index("services:")
    editor.wait_for("cache", lambda l: l.startswith("● running"))
    os.kill(int((stack.engine.folder / "dockerd.pid").read_text()), signal.SIGKILL)
    try:
        editor.wait_for("cache", lambda l: l.startswith("? was running"))
        assert "Docker" in editor.client.hints(editor.uri)[services]
        assert "as it was" in editor.hover("cache")
        assert editor.actions("cache") == []
        editor.client.notified("window/logMessage")
        time.sleep(2)
        assert editor.client.count("window/logMessage") <= 2 and editor.client.count("window/showMessage") == 0
    finally:
        set_up("engine.sh", "start", stack.engine.folder, stack.engine.version)
    editor.wait_for("cache", lambda l: l.startswith("●") or l.startswith("✕"), seconds=60)
    assert services not in editor.client.hints(editor.uri)
