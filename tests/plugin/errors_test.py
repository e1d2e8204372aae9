"""Bad input and a bad world: one clear message each, exit 1, nothing else."""

import os
import shutil
import socket
import subprocess

import pytest

from support.bad_engine import EVIL, GARBAGE, Listener, evil_engine, harmless
from support.command import run


def told(said, what):
    """The shape of every error: `docker dockhand: what`, and below it, indented, why and what to do."""
    lines = said.err.splitlines()
    assert lines[0].startswith("docker dockhand: "), said
    assert all(line.startswith("  ") for line in lines[1:]), said
    assert what in said.err, said
    assert said.out == "", said
    return lines


def test_no_engine(shop, dockhand, tmp_path):
    for verb in ("status", "restart", "stop"):
        said = dockhand(verb, cwd=shop.folder, env=shop.env(DOCKER_HOST=f"unix://{tmp_path}/nobody.sock"), status=1)
        assert len(told(said, f"unix://{tmp_path}/nobody.sock")) >= 2


def test_no_permission(shop, docker_dockhand, tmp_path_factory):
    # Where nobody may go: the program and the file are copied to a folder that is open to all.
    folder = tmp_path_factory.mktemp("open")
    for parent in (folder, *folder.parents):
        if str(parent).startswith("/tmp/"):
            parent.chmod(0o755)
    shutil.copy(docker_dockhand, folder)
    shutil.copy(shop.folder / "compose.yaml", folder)
    server = socket.socket(socket.AF_UNIX)
    path = str(folder / "docker.sock")
    server.bind(path)
    server.listen()
    os.chmod(path, 0o000)
    # To root nothing is forbidden.
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    env = {"PATH": "/usr/bin:/bin", "DOCKER_HOST": f"unix://{path}", "HOME": str(folder),
           "DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND": "docker"}
    said = run(*as_nobody, folder / "docker-dockhand", "dockhand", env=env, cwd=folder, status=1)
    server.close()
    told(said, "permission denied")


@pytest.mark.parametrize("kind", GARBAGE)
def test_a_socket_that_is_no_engine(new_engine, tmp_path, docker_dockhand, kind):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: x}}\n")
    path = f"/tmp/dockhand-{os.getpid()}.sock"
    with Listener(path, GARBAGE[kind]):
        env = new_engine.env(DOCKER_HOST=f"unix://{path}", DOCKHAND_ENGINE_TIMEOUT_SECONDS="2",
                             DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND="docker")
        said = run(docker_dockhand, "dockhand", env=env, cwd=tmp_path, status=1)
        told(said, path)


@pytest.mark.parametrize("arguments", [["status"], ["status", "--all"], ["status", "--format", "{{.Service}} {{.Reason}}"],
                                       ["deps"], ["doctor"]], ids=" ".join)
def test_what_containers_say_reaches_no_terminal_raw(new_engine, tmp_path, docker_dockhand, terminal, arguments):
    (tmp_path / "compose.yaml").write_text("name: evil\nservices: {web: {image: x}}\n")
    path = f"/tmp/dockhand-{os.getpid()}.sock"
    env = new_engine.env(DOCKER_HOST=f"unix://{path}", DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND="docker", NO_COLOR="1")
    for service in ("web", EVIL):
        with Listener(path, evil_engine("evil", service)):
            said = run(docker_dockhand, "dockhand", *arguments, env=env, cwd=tmp_path, status=None)
            assert harmless(said.out) and harmless(said.err), said
            screen = terminal(docker_dockhand, "dockhand", *arguments, env=env, cwd=tmp_path)
            screen.wait_for_end()
            assert b"\x1b]0;" not in screen.raw and b"\x9b2J" not in screen.raw and b"\x1b[31m" not in screen.raw


@pytest.mark.parametrize("content, what", [
    (b"", "there are no services in compose.yaml"),
    (b"# nothing yet\n", "there are no services in compose.yaml"),
    (b"services:\n", "there are no services in compose.yaml"),
    (os.urandom(4096), "compose.yaml"),
    (b"[1, 2, 3]\n", "compose.yaml"),
], ids=["empty", "comment", "no services", "binary", "a list"])
def test_a_file_that_says_nothing(dockhand, tmp_path, content, what):
    (tmp_path / "compose.yaml").write_bytes(content)
    said = dockhand(status=1)
    assert what in said.err
    assert said.out == ""
    assert said.err.isprintable() or all(line.isprintable() for line in said.err.splitlines())


def test_a_broken_file_still_shows_the_rest(settled, dockhand):
    path = settled.folder / "compose.yaml"
    text = path.read_text()
    try:
        path.write_text(text + "  broken: [\n")
        said = dockhand("status", "--format", "{{.Service}} {{.State}}", cwd=settled.folder)
        assert "payments unhealthy" in said.out
        assert said.err.startswith("compose.yaml:")
    finally:
        path.write_text(text)


def test_twenty_thousand_lines(dockhand, tmp_path):
    services = "".join(f"  s{i}:\n    image: x\n    depends_on:\n      - s{i - 1}\n" if i else "  s0:\n    image: x\n"
                       for i in range(5000))
    (tmp_path / "compose.yaml").write_text("services:\n" + services)
    said = dockhand("status", "-q")
    assert len(said.out.splitlines()) == 5000
    tree = dockhand("deps")
    assert tree.out.splitlines()[0].startswith("s4999")


def test_no_compose_file(new_engine, tmp_path):
    said = new_engine.docker("dockhand", cwd=tmp_path, status=1)
    told(said, "compose")


def test_a_file_that_is_not_there(dockhand, tmp_path):
    told(dockhand("-f", "nosuch.yaml", "status", status=1), "nosuch.yaml")


def test_bad_context(engine, dockhand, tmp_path):
    env = {k: v for k, v in engine.env().items() if k != "DOCKER_HOST"}
    (tmp_path / "compose.yaml").write_text("services: {web: {image: x}}\n")
    said = dockhand(env={**env, "DOCKER_CONTEXT": "nosuch"}, status=None)
    assert said.status == 1 and "nosuch" in said.err


def test_a_reader_that_goes_away(settled):
    docker = settled.engine.bin / "docker"
    command = f"set -o pipefail; {docker} dockhand | head -1"
    said = run("bash", "-c", command, env=settled.env(), cwd=settled.folder)
    assert "SERVICE" in said.out and said.err == ""


def test_a_full_disk(settled, dockhand):
    with open("/dev/full", "w") as full:
        done = subprocess.run([settled.engine.bin / "docker", "dockhand"], env=settled.env(), cwd=settled.folder,
                              stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert done.stderr.startswith("docker dockhand: ") and "No space left on device".lower() in done.stderr.lower()
