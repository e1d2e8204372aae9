"""The budgets of what is live: how soon a hint follows an event, and what waiting costs."""

import json
import subprocess
import time
from pathlib import Path

from measure import Figures, Row, idle_cost, ms
from stacks import answering
from support.command import program
from support.engine import Shop, free_ports
from support.language_client import LanguageClient
from support.terminal import Terminal

KILLS, IDLE_SECONDS = 15, 20


class Events:
    """The Engine's own `die` events, with its own clock's times."""

    def __init__(self, engine, container):
        self.process = subprocess.Popen(
            [str(engine.bin / "docker"), "events", "--filter", "event=die", "--filter", f"container={container}",
             "--format", "{{json .}}"], env=engine.env(), stdout=subprocess.PIPE)

    def next_time(self):
        return json.loads(self.process.stdout.readline())["timeNano"] / 1e9

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


def editor(shop, settings):
    """A language server with the shop's file open, and the line of the service `cache`."""
    file = Path(shop.folder) / "compose.yaml"
    client = LanguageClient(program("dockhand-lsp"), env=shop.env(), cwd=str(shop.folder), settings=settings)
    client.initialize()
    uri = f"file://{file}"
    client.open(uri, file.read_text())
    line = file.read_text().split("\n").index("  cache:")
    client.wait_for_hint(uri, line, lambda label: "running" in label or "●" in label)
    return client, uri, line


def event_to_hint(engine, folder):
    """From the Engine's time of the event to the changed hint's arrival."""
    shop = Shop(engine, folder, ("compose.yaml",)).up()
    figures = Figures()
    events = Events(engine, shop.container("cache"))
    client, uri, line = editor(shop, {})
    offset = time.time() - time.monotonic()
    try:
        for _ in range(KILLS):
            engine.docker("kill", shop.container("cache"))
            died = events.next_time()
            client.wait_for_hint(uri, line, lambda label: "●" not in label)
            figures.samples.append((time.monotonic() + offset - died) * 1000)
            engine.docker("start", shop.container("cache"))
            client.wait_for_hint(uri, line, lambda label: "●" in label)
            time.sleep(0.3)
    finally:
        client.close()
        events.close()
        shop.down()
    return Row("engine event to changed hint on the wire", "≤ 50 ms", f"{ms(figures.median)} (p99 {ms(figures.p99)})",
               "10–60 s polling", figures.median <= 50)


def idle(engine, folder):
    shop = Shop(engine, folder, ("compose.yaml",)).up()
    quiet = {"DOCKHAND_PROBES": "false"}
    try:
        for service in ("catalog", "orders", "payments", "mailer", "db"):
            engine.docker("stop", "-t", "1", shop.container(service))  # Health checks make events.
        client, _, _ = editor(shop, {"probe": {"enabled": False}})
        time.sleep(2)
        cpu, wakes = idle_cost(client.process.pid, IDLE_SECONDS)
        client.close()
        yield Row("idle language server, no probe due", "≤ 0.1 % CPU, no wake-up", f"{cpu:.2f} %, {wakes:.2f} /s",
                  "lazydocker 2.5–10 %", cpu <= 0.1 and wakes <= 0.2)
        with Terminal(program("docker-dockhand"), "status", "--watch", env=shop.env(**quiet), cwd=shop.folder) as watch:
            watch.wait_for("cache")
            time.sleep(2)
            cpu, wakes = idle_cost(watch.process.pid, IDLE_SECONDS)
        yield Row("idle status --watch, no probe due", "≤ 0.1 % CPU", f"{cpu:.2f} %, {wakes:.2f} /s",
                  "lazydocker 2.5–10 %", cpu <= 0.1)
    finally:
        shop.down()


def probing(engine, folder):
    """Fifty services, each asked every five seconds."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    first = min(free_ports(1)[0], 60000)
    (folder / "compose.yaml").write_text(answering(50, first))
    env = engine.env(COMPOSE_PROJECT_NAME="benchprobes")
    engine.docker("compose", "up", "-d", "--no-build", env=env, cwd=folder, timeout=300)
    try:
        with Terminal(program("docker-dockhand"), "status", "--watch", env=env, cwd=folder, columns=100, rows=60) as watch:
            watch.wait_for("200 in", 30)
            time.sleep(6)
            cpu, _ = idle_cost(watch.process.pid, IDLE_SECONDS)
    finally:
        engine.docker("compose", "down", "-t", "1", env=env, cwd=folder, timeout=300)
    return Row("status --watch, 50 probes every 5 s", "≤ 0.5 % CPU", f"{cpu:.2f} %", "lazydocker 2.5–10 %", cpu <= 0.5)


def rows(engine, folder):
    yield event_to_hint(engine, Path(folder) / "events")
    yield from idle(engine, Path(folder) / "idle")
    yield probing(engine, Path(folder) / "probes")
