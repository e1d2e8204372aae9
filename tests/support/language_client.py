"""A language client for tests: talks to a server's stdio, keeps what it says, answers what it asks."""

import json
import queue
import subprocess
import threading
import time

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
    "workspace": {"configuration": True, "inlayHint": {"refreshSupport": True}},
    "textDocument": {
        "hover": {"contentFormat": ["markdown"]},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
        "publishDiagnostics": {"versionSupport": True},
    },
}


def frame(body):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def position(line, character):
    return {"line": line, "character": character}


class LanguageClient:
    """`settings` is what the server gets when it asks for its configuration. Everything that comes
    in is in `messages`, with the time it came; close() ends the server and fails if it crashed."""

    def __init__(self, *argv, env, cwd=None, settings=None):
        self.settings = settings
        self.messages = []
        self.changed = threading.Condition()
        self.next_id = 0
        self.process = subprocess.Popen([str(word) for word in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=env, cwd=cwd)
        self.errors = queue.Queue()
        self.threads = [threading.Thread(target=work, daemon=True) for work in (self.read, self.read_errors)]
        for thread in self.threads:
            thread.start()

    # The wire.

    def read(self):
        out = self.process.stdout
        while True:
            length = None
            while line := out.readline().strip():
                name, value = line.split(b":", 1)
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                return
            message = json.loads(out.read(length))
            if isinstance(message, dict) and "method" in message and "id" in message:
                self.answer(message)
            with self.changed:
                self.messages.append((time.monotonic(), message))
                self.changed.notify_all()

    def read_errors(self):
        for line in self.process.stderr:
            self.errors.put(line.decode("utf-8", "replace"))

    def answer(self, message):
        result = None
        if message["method"] == "workspace/configuration":
            result = [self.settings]
        if message["method"] == "window/showDocument":
            result = {"success": True}
        try:
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        except (OSError, ValueError):
            pass  # The server asked while it was being ended.

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message):
        self.raw(frame(message))

    def notify(self, method, params):
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start(self, method, params):
        """Sends a request and returns its id."""
        self.next_id += 1
        self.send({"jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params})
        return self.next_id

    def wait(self, accepts, seconds=20, since=0):
        """The first message after the `since`th that is accepted, as (time, message)."""
        end = time.monotonic() + seconds
        with self.changed:
            seen = since
            while True:
                for when, message in self.messages[seen:]:
                    if accepts(message):
                        return when, message
                seen = len(self.messages)
                left = end - time.monotonic()
                if left <= 0 or not self.changed.wait(left):
                    raise AssertionError(f"did not come within {seconds} s; the last messages:\n{self.tail()}")

    def tail(self):
        lines = [json.dumps(message)[:300] for _, message in self.messages[-12:]]
        while not self.errors.empty():
            lines.append("stderr: " + self.errors.get().rstrip())
        return "\n".join(lines)

    def reply(self, number, seconds=20):
        """The whole answer to a request: with `result` or `error`."""
        def accepts(message):
            return isinstance(message, dict) and message.get("id") == number and "method" not in message
        return self.wait(accepts, seconds)[1]

    def request(self, method, params, seconds=20):
        answer = self.reply(self.start(method, params), seconds)
        assert "error" not in answer, answer
        return answer["result"]

    def notified(self, method, accepts=lambda params: True, seconds=20, since=0):
        """The params of the first such notification or request of the server's."""
        def fits(message):
            return isinstance(message, dict) and message.get("method") == method and accepts(message.get("params"))
        return self.wait(fits, seconds, since)[1].get("params")

    def count(self, method, since=0):
        return sum(isinstance(m, dict) and m.get("method") == method for _, m in self.messages[since:])

    # A session.

    def initialize(self, capabilities=None, options=None, **more):
        result = self.request("initialize", {
            "processId": None, "rootUri": None, "capabilities": CAPABILITIES if capabilities is None else capabilities,
            "initializationOptions": options, **more})
        self.notify("initialized", {})
        return result["capabilities"]

    def open(self, uri, text, language="yaml"):
        since = len(self.messages)
        self.notify("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": language, "version": 1,
                                                              "text": text}})
        return since

    def change(self, uri, version, *changes):
        since = len(self.messages)
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": version},
                                               "contentChanges": list(changes)})
        return since

    def diagnostics(self, uri, since=0, seconds=20, accepts=lambda found: True):
        return self.notified("textDocument/publishDiagnostics",
                             lambda params: params["uri"] == uri and accepts(params["diagnostics"]),
                             seconds, since)["diagnostics"]

    def faults(self, uri, since=0, **more):
        """The diagnostics without the hints, which say what is merely unwise."""
        return [one for one in self.diagnostics(uri, since, **more) if one["severity"] < 4]

    def hover(self, uri, line, character):
        """The hover's text, or None."""
        found = self.request("textDocument/hover", {"textDocument": {"uri": uri}, "position": position(line, character)})
        return found and found["contents"]["value"]

    def wait_for_hover(self, uri, line, character, name, seconds=20):
        """The hover's text, once the service of that name is known there."""
        end = time.monotonic() + seconds
        while not (text := self.hover(uri, line, character) or "").startswith(f"**{name}**"):
            assert time.monotonic() < end, f"{line}:{character} says {text!r}\n{self.tail()}"
            time.sleep(0.02)
        return text

    def hints(self, uri, first=0, last=100_000):
        """Hints as {line: label}."""
        found = self.request("textDocument/inlayHint", {
            "textDocument": {"uri": uri}, "range": {"start": position(first, 0), "end": position(last, 0)}})
        return {hint["position"]["line"]: hint["label"] for hint in found}

    def actions(self, uri, line, character=2, **context):
        here = position(line, character)
        return self.request("textDocument/codeAction", {
            "textDocument": {"uri": uri}, "range": {"start": here, "end": here},
            "context": {"diagnostics": [], "triggerKind": 1, **context}})

    def wait_for_hint(self, uri, line, accepts, seconds=30):
        """Fetches hints as an editor does, at first and after each refresh; returns (time of the
        refresh, label) once the line's label is accepted."""
        when, since = time.monotonic(), len(self.messages)
        end = when + seconds
        while True:
            label = self.hints(uri).get(line, "")
            if accepts(label):
                return when, label
            assert time.monotonic() < end, f"line {line} says {label!r}\n{self.tail()}"
            try:
                when, _ = self.wait(lambda m: isinstance(m, dict) and m.get("method") == "workspace/inlayHint/refresh",
                                    1, since)
            except AssertionError:
                continue
            since = len(self.messages)

    def shut_down(self, status=0):
        self.request("shutdown", None)
        self.notify("exit", None)
        self.ended(status)

    def ended(self, status, seconds=10):
        assert self.process.wait(seconds) == status, self.tail()

    def close(self):
        """Ends the server by ending its input. A crash fails."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise AssertionError("the server did not end with its input\n" + self.tail()) from None
        for thread in self.threads:
            thread.join(5)
        self.process.stdout.close()
        self.process.stderr.close()
        assert self.process.returncode >= 0, f"ended by signal {-self.process.returncode}\n{self.tail()}"
