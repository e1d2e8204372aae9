"""Real Docker Engines of a test session's own, and the demo shop running on them."""

import os
import shutil
import socket
import time
import uuid
from pathlib import Path

from support.command import CACHE, ROOT, program, run, set_up

VERSIONS = ("20.10", "28.5")
PORTS = {"web": 8080, "catalog": 8081, "orders": 8082, "payments": 8083, "mailer": 8084, "db": 5432}


def sweep():
    """Stops the engines of test sessions that were killed: their folders carry the session's pid."""
    for folder in (CACHE / "run").glob("engine-*"):
        if not Path("/proc", folder.name.rsplit("-", 1)[1]).exists():
            set_up("engine.sh", "stop", folder)


class Engine:
    """One private Engine with the docker command of its version, a configuration folder of its own,
    and in that the Compose plugin and ours. `options` are further ones of dockerd. Started when made;
    stop() ends it."""

    def __init__(self, version, compose="2.40", options=()):
        self.version = version
        self.folder = CACHE / "run" / f"engine-{version}{'-x' if options else ''}-{os.getpid()}"
        try:
            self.host = set_up("engine.sh", "start", self.folder, version, *options)
            self.furnish(compose)
        except BaseException:
            self.stop()
            raise

    def furnish(self, compose):
        self.bin = Path(set_up("engine.sh", "fetch", self.version))
        self.home = self.folder / "home"
        self.config = self.home / ".docker"
        plugins = self.config / "cli-plugins"
        plugins.mkdir(parents=True, exist_ok=True)
        (plugins / "docker-compose").symlink_to(set_up("compose.sh", compose))
        (plugins / "docker-dockhand").symlink_to(program("docker-dockhand"))
        (self.config / "config.json").write_text("{}\n")
        set_up("shop_image.sh", env={**os.environ, **self.env()})

    def env(self, **more):
        """A small environment in which `docker` is this version's and talks to this Engine."""
        kept = {k: os.environ[k] for k in ("SSL_CERT_FILE", "LD_LIBRARY_PATH") if k in os.environ}
        return {**kept, "PATH": f"{self.bin}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": str(self.home),
                "DOCKER_HOST": self.host, "DOCKER_CONFIG": str(self.config), "LANG": "C.UTF-8",
                "TERM": "xterm-256color", "DOCKHAND_CACHE": str(CACHE), **more}

    def docker(self, *arguments, **options):
        options.setdefault("env", self.env())
        return run(self.bin / "docker", *arguments, **options)

    def stop(self):
        set_up("engine.sh", "stop", self.folder)


def free_ports(count):
    """Ports that nobody listens on now; all held at once, so that they differ."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


class Shop:
    """The demo stack, from a copy of its files that a test may edit, under a project name and on
    ports of its own. `files` are the ones to use: without the override all services are healthy."""

    def __init__(self, engine, folder, files=("compose.yaml", "compose.override.yaml")):
        self.engine = engine
        self.folder = Path(folder)
        self.project = "shop" + uuid.uuid4().hex[:8]
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            shutil.copy(ROOT / "tests/stacks/shop" / name, self.folder)
        (self.folder / ".env").write_text(
            f"COMPOSE_PROJECT_NAME={self.project}\n" +
            "".join(f"SHOP_{name.upper()}_PORT={port}\n" for name, port in self.ports.items()))

    def env(self, **more):
        return self.engine.env(**more)

    def compose(self, *arguments, **options):
        options.setdefault("env", self.env())
        options.setdefault("cwd", self.folder)
        return self.engine.docker("compose", *arguments, **options)

    def up(self, *arguments):
        self.compose("up", "--detach", "--no-build", *arguments)
        return self

    def down(self):
        self.compose("--profile", "*", "down", "--timeout", "2", "--remove-orphans", "--volumes")

    def url(self, service, path=""):
        return f"http://localhost:{self.ports[service]}{path}"

    def container(self, service):
        return f"{self.project}-{service}-1"

    def state(self, service):
        """The Engine's word for a service's health, or for its state when it has no check."""
        form = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}"
        return self.engine.docker("inspect", "--format", form, self.container(service)).out.strip()

    def wait_for(self, service, state, seconds=30):
        end = time.monotonic() + seconds
        while (now := self.state(service)) != state:
            assert time.monotonic() < end, f"{service} is {now}, not {state}, after {seconds} s"
            time.sleep(0.1)
