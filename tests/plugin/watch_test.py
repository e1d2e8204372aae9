"""docker dockhand status --watch, on a real terminal, while things happen."""

import json
import os
import signal
import socket
import subprocess
import threading
import time

import pytest


def watch(shop, terminal, columns, *arguments):
    screen = terminal(shop.engine.bin / "docker", "dockhand", "status", "--watch", *arguments,
                      env=shop.env(NO_COLOR="1"), cwd=shop.folder, columns=columns, rows=30)
    screen.wait_for("migrate")
    return screen


def row(screen, service):
    return next((line for line in screen.lines if f" {service} " in line[:14]), "")


@pytest.mark.parametrize("columns", [80, 140])
def test_a_killed_container_is_seen_at_once(settled, terminal, golden, columns):
    screen = watch(settled, terminal, columns)
    screen.wait_for(lambda _: all("in" in row(screen, name) for name in ("web", "catalog", "orders", "mailer")))
    golden(f"watch-before-{columns}", screen.text)
    before = time.monotonic()
    settled.engine.docker("kill", settled.container("orders"))
    killed = time.monotonic()
    screen.wait_for(lambda _: "exited 137" in row(screen, "orders"))
    seen = time.monotonic()
    golden(f"watch-killed-{columns}", "\n".join(line for line in screen.lines if "orders" in line or "killed" in line))
    settled.engine.docker("start", settled.container("orders"))
    screen.wait_for(lambda _: "healthy" in row(screen, "orders"))
    screen.send("\x03")
    assert screen.wait_for_end() == 130
    assert killed >= before and seen - killed < 5


def test_nothing_is_written_while_nothing_changes(settled, terminal):
    screen = watch(settled, terminal, 100, "cache", "migrate")
    for _ in range(30):
        screen.read(0.1)
    written = len(screen.raw)
    for _ in range(20):
        screen.read(0.1)
    # One second's clock, and no more, may fall into two seconds; minutes make no difference here.
    assert len(screen.raw) - written < 400


def test_the_screen_survives_a_resize_and_the_cursor_comes_back(settled, terminal):
    screen = watch(settled, terminal, 140)
    assert b"\x1b[?1049h" in screen.raw and b"\x1b[?25l" in screen.raw
    screen.resize(70, 30)
    screen.wait_for(lambda text: "http://" not in text and "payments" in text)
    screen.resize(140, 30)
    screen.wait_for(lambda text: text.count("http://") >= 4)
    screen.send("\x03")
    assert screen.wait_for_end() == 130
    assert screen.raw.rindex(b"\x1b[?25h") > screen.raw.rindex(b"\x1b[?25l")
    assert screen.raw.rindex(b"\x1b[?1049l") > screen.raw.rindex(b"\x1b[?1049h")


def test_an_edited_file_is_seen_at_the_next_redraw(settled, terminal):
    screen = watch(settled, terminal, 100)
    file = settled.folder / "compose.override.yaml"
    before = file.read_text()
    try:
        file.write_text(before + "\n  extra:\n    image: dockhand/shop\n")
        screen.wait_for(lambda _: "not created" in row(screen, "extra"))
        file.write_text("services: [\n")
        screen.wait_for(lambda _: not row(screen, "extra"))
    finally:
        file.write_text(before)
    screen.wait_for(lambda _: "unhealthy" in row(screen, "payments"))


def test_ctrl_z_gives_the_terminal_back_and_fg_the_screen(settled, terminal):
    shell = terminal("/bin/bash", "--norc", "--noprofile", "-i", env=settled.env(NO_COLOR="1", PS1="$ "),
                     cwd=settled.folder, columns=100, rows=30)
    shell.wait_for("$")
    for begin in ("docker dockhand status --watch\n", "fg\n"):
        begun = len(shell.raw)
        shell.send(begin)
        shell.wait_for(lambda _: b"migrate" in shell.raw[begun:])
        left = len(shell.raw)
        shell.send("\x1a")
        # docker stops by itself, perhaps a moment before the plugin has given the terminal back.
        shell.wait_for(lambda _: all(said in shell.raw[left:] for said in (b"Stopped", b"\x1b[?1049l", b"\x1b[?25h")))
    begun = len(shell.raw)
    shell.send("fg\n")
    shell.wait_for(lambda _: b"migrate" in shell.raw[begun:])
    shell.send("\x03")
    shell.wait_for(lambda _: b"\x1b[?1049l" in shell.raw[begun:])


def state_of(report, name):
    return next(service["State"] for service in report["Services"] if service["Service"] == name)


def test_in_a_pipe_each_change_is_one_block(settled):
    process = subprocess.Popen([settled.engine.bin / "docker", "dockhand", "status", "--watch", "--format", "json"],
                               env=settled.env(), cwd=settled.folder, stdout=subprocess.PIPE, text=True)
    try:
        assert json.loads(process.stdout.readline())["Project"] == settled.project
        for action, state in (("pause", "paused"), ("unpause", "running")):
            settled.engine.docker(action, settled.container("cache"))
            while state_of(json.loads(process.stdout.readline()), "cache") != state:
                pass
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        process.wait(10)


@pytest.mark.parametrize("verb", [["status", "--watch"], ["status", "--wait", "payments", "--timeout", "50"]])
def test_cancelled_in_a_pipe(settled, verb):
    """The whole process group gets the signal, as from a shell's Ctrl-C: one cancellation, exit 130."""
    if "--wait" in verb:
        settled.engine.docker("restart", "--time", "1", settled.container("payments"))
    process = subprocess.Popen([settled.engine.bin / "docker", "dockhand", *verb], env=settled.env(),
                               cwd=settled.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
    if "--watch" in verb:
        process.stdout.readline()
    else:
        time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (130, "")


def test_a_signal_and_the_socket_are_one_wish(shop, docker_dockhand):
    """However close together they come, the plugin ends of itself: it is not killed by the later one."""
    for attempt in range(10):
        server = socket.socket(socket.AF_UNIX)
        name = f"dockhand-test-{os.getpid()}-{attempt}"
        server.bind("\0" + name)
        server.listen()
        env = shop.env(DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND="docker", DOCKER_CLI_PLUGIN_SOCKET="@" + name)
        process = subprocess.Popen([docker_dockhand, "dockhand", "status", "--watch"], env=env, cwd=shop.folder,
                                   stdout=subprocess.PIPE, text=True)
        process.stdout.readline()
        connection, _ = server.accept()
        connection.close()
        server.close()
        time.sleep(attempt / 1000)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 130


@pytest.mark.parametrize("engine", ["28.5"], indirect=True)
def test_cancelled_by_dockers_socket(shop):
    """Docker alone gets the signal; the plugin learns of it by the socket, which 20.10 lacks."""
    process = subprocess.Popen([shop.engine.bin / "docker", "dockhand", "status", "--watch"], env=shop.env(),
                               cwd=shop.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (130, "")


@pytest.mark.parametrize("engine", ["28.5"], indirect=True)
def test_it_ends_when_docker_dies(shop):
    process = subprocess.Popen([shop.engine.bin / "docker", "dockhand", "status", "--watch"], env=shop.env(),
                               cwd=shop.folder, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.kill()
    # The pipe's end comes when its last writer is gone: the plugin.
    process.stdout.read()
    process.wait(10)


class Gate:
    """A socket in front of an Engine's, which can be shut and opened again: an Engine that dies and comes back."""

    def __init__(self, path, behind):
        self.path, self.behind = str(path), behind.removeprefix("unix://")
        self.open_connections = []
        self.open()

    def open(self):
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(64)
        threading.Thread(target=self.serve, args=(self.server,), daemon=True).start()

    def shut(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        for one in (self.server, *self.open_connections):
            self.end(one)
        self.open_connections = []

    @staticmethod
    def end(one):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        one.close()

    def serve(self, server):
        while True:
            try:
                near, _ = server.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.behind)
            self.open_connections += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        self.end(sink)


def test_an_engine_that_dies_and_comes_back(settled, terminal):
    path = f"/tmp/dockhand-gate-{os.getpid()}.sock"
    gate = Gate(path, settled.engine.host)
    try:
        screen = terminal(settled.engine.bin / "docker", "dockhand", "status", "--watch",
                          env=settled.env(NO_COLOR="1", DOCKER_HOST=f"unix://{path}"), cwd=settled.folder,
                          columns=100, rows=30)
        screen.wait_for(lambda _: "healthy" in row(screen, "catalog"))
        gate.shut()
        lost = screen.wait_for(lambda _: "was healthy" in row(screen, "catalog"))
        assert f"unix://{path}" in lost
        settled.engine.docker("stop", "--time", "1", settled.container("mailer"))
        gate.open()
        screen.wait_for(lambda _: "healthy" in row(screen, "catalog") and "was" not in row(screen, "catalog"), 30)
        screen.wait_for(lambda _: "exited" in row(screen, "mailer"))
        screen.send("\x03")
        assert screen.wait_for_end() == 130
    finally:
        settled.engine.docker("start", settled.container("mailer"))
        gate.shut()
