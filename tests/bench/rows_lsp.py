"""The budgets of the language server, against compose-language-service doing the same work."""

import os
import time
from pathlib import Path

from measure import Figures, Row, ms, resident_mib
from stacks import described
from support.command import program, set_up
from support.language_client import LanguageClient, position

STARTS, REQUESTS, KEYSTROKES = 15, 200, 150


class Session:
    """One server with one document open, and what its answers cost."""

    def __init__(self, argv, env, folder, services):
        self.text = described(services)
        self.lines = self.text.split("\n")
        self.keys = [i for i, line in enumerate(self.lines) if line.startswith("  svc")]
        self.uri = f"file://{folder}/compose.yaml"
        Path(folder, "compose.yaml").write_text(self.text)
        self.client = LanguageClient(*argv, env=env, cwd=folder)
        self.client.initialize(rootUri=f"file://{folder}")
        self.version = 1
        began = time.monotonic()
        since = self.client.open(self.uri, self.text, "dockercompose")
        when, _ = self.client.wait(self.publishes, 60, since)
        self.open_ms = (when - began) * 1000

    def publishes(self, message):
        return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == self.uri

    def ask(self, method, **params):
        """One request: (milliseconds, result)."""
        since = len(self.client.messages)
        began = time.monotonic()
        number = self.client.start(method, {"textDocument": {"uri": self.uri}, **params})
        when, answer = self.client.wait(lambda m: m.get("id") == number and "method" not in m, 60, since)
        assert "error" not in answer, answer
        return (when - began) * 1000, answer["result"]

    def hover(self, index, below=0):
        """On a service's name, or on its `image` key, which all servers know."""
        line = self.keys[index % len(self.keys)] + below
        return self.ask("textDocument/hover", position=position(line, 5 if below else 3))

    def hovers(self, below):
        figures = Figures()
        for index in range(REQUESTS):
            took, result = self.hover(index * 7, below)
            assert result, f"no hover at service {index * 7}"
            figures.samples.append(took)
        return figures

    def hints(self, first, last, times=REQUESTS):
        figures = Figures()
        for _ in range(times):
            took, result = self.ask("textDocument/inlayHint", range={"start": position(first, 0), "end": position(last, 0)})
            assert result, "no hints"
            figures.samples.append(took)
        return figures

    def change(self, line, column, removed, text):
        self.version += 1
        self.client.change(self.uri, self.version, {
            "range": {"start": position(line, column), "end": position(line, column + removed)}, "text": text})

    def keystrokes(self, below):
        """A key typed at the end of an image's tag, to a hover that has seen it."""
        figures = Figures()
        for index in range(KEYSTROKES):
            key = self.keys[index * 3 % len(self.keys)]
            column = len(self.lines[key + 1])
            began = time.monotonic()
            self.change(key + 1, column, 0, "x")
            self.hover(index * 3, below)
            figures.samples.append((time.monotonic() - began) * 1000)
            self.change(key + 1, column, 1, "")
            self.hover(index * 3, below)
        return figures

    def memory(self):
        return resident_mib(self.client.process.pid)

    def close(self):
        self.client.close()


def start_up(argv, env, folder):
    began = time.monotonic()
    client = LanguageClient(*argv, env=env, cwd=folder)
    client.initialize()
    took = (time.monotonic() - began) * 1000
    client.close()
    return took


def both(figures):
    return f"{figures.median:.2f} / {figures.p99:.2f} ms"


def wait_until_live(session):
    """Hints say something once the Engine has answered."""
    last = len(session.lines) - 1
    session.client.wait_for_hint(session.uri, session.keys[-1], lambda label: label != "", 30)
    return last


def rows(engine, folder):
    env = engine.env()
    ours = [str(program("dockhand-lsp"))]
    package = Path(set_up("npm.sh", "@microsoft/compose-language-service@1.0.0"))
    peer = ["node", str(package / "@microsoft/compose-language-service/bin/docker-compose-langserver"), "--stdio"]
    folder = str(folder)

    starts = Figures(), Figures()
    for _ in range(STARTS):
        for argv, into in zip((ours, peer), starts):
            into.samples.append(start_up(argv, dict(os.environ) if into is starts[1] else env, folder))
    yield Row("start to initialize reply", "≤ 10 ms", ms(starts[0].median), ms(starts[1].median), starts[0].median <= 10)

    costs = {}
    for services, budget in ((100, 15), (1000, 40)):
        mine, theirs = Session(ours, env, folder, services), Session(peer, dict(os.environ), folder, services)
        try:
            yield Row(f"didOpen to diagnostics, {services} services", f"≤ {budget} ms", ms(mine.open_ms),
                      ms(theirs.open_ms), mine.open_ms <= budget)
            last = wait_until_live(mine)
            costs[services] = (mine.hovers(0).median, mine.hints(0, last, 50).median / services)
            if services == 100:
                continue
            hover, other = mine.hovers(0), theirs.hovers(1)
            yield Row("hover, 1000 services", "≤ 0.5 / 2 ms", both(hover), both(other),
                      hover.median <= 0.5 and hover.p99 <= 2)
            visible, whole = mine.hints(9000, 9060), mine.hints(0, last)
            yield Row("inlay hints of the visible range, p99", "≤ 1 ms", ms(visible.p99), "–", visible.p99 <= 1)
            yield Row("inlay hints of 1000 services, p99", "≤ 8 ms", ms(whole.p99), "–", whole.p99 <= 8)
            typed, other = mine.keystrokes(0), theirs.keystrokes(1)
            yield Row("keystroke to a fresh hover, 1000 services", "≤ 1.5 / 3 ms", both(typed), both(other),
                      typed.median <= 1.5 and typed.p99 <= 3)
            yield Row("memory, 1000 services", "≤ 30 MiB", f"{mine.memory():.1f} MiB", f"{theirs.memory():.1f} MiB",
                      mine.memory() <= 30)
        finally:
            mine.close()
            theirs.close()

    large = Session(ours, env, folder, 5000)
    try:
        last = wait_until_live(large)
        hover, hints = large.hovers(0).median, large.hints(0, last, 20).median / 5000
    finally:
        large.close()
    growth = max(hover / costs[100][0], hints / costs[100][1])
    yield Row("cost per service, 5000 against 100", "flat (≤ 2 ×)", f"hover {hover / costs[100][0]:.1f} ×, "
              f"hints {hints / costs[100][1]:.1f} ×", "–", growth <= 2)
