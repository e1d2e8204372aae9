"""What may stand at an Engine's socket and is no good Engine: whatever it says, in threads of the test's own."""

import json
import os
import socket
import threading
import time


class Listener:
    """A socket at `path`; each connection's first bytes are read and then handed, with the connection, to
    `answer`. Ends with close()."""

    def __init__(self, path, answer):
        self.path, self.answer = str(path), answer
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def serve(self):
        while True:
            try:
                one, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.speak, args=(one,), daemon=True).start()

    def speak(self, one):
        try:
            self.answer(one, one.recv(65536))
        except OSError:
            pass
        one.close()

    def close(self):
        self.server.close()
        os.unlink(self.path)


def byte_a_second(one, _):
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 100:
        one.send(bytes([byte]))
        time.sleep(1)


# What answers, and is no Engine at all.
GARBAGE = {
    "garbage": lambda one, _: one.sendall(os.urandom(4096)),
    "html": lambda one, _: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 26\r\n\r\n"
                                       b"<html>hello, world</html>\n"),
    "half a body": lambda one, _: one.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nApi-Version: 1.41\r\n\r\n[{"),
    "a byte a second": byte_a_second,
    "nothing": lambda *_: time.sleep(60),
}

EVIL = "\x1b[31m\x1b]0;owned\x07\u202eevil\r\n\x9b2J"


def evil_engine(project, service):
    """An `answer` that speaks like an Engine with one unhealthy container, whose every text that a container
    may choose is EVIL."""
    labels = {"com.docker.compose.project": project, "com.docker.compose.service": service,
              "com.docker.compose.oneoff": "False", "com.docker.compose.config-hash": EVIL, EVIL: EVIL}
    began = "2026-01-01T00:00:00.0Z"
    row = {"Id": "e" * 64, "Names": ["/" + EVIL], "Image": EVIL, "ImageID": EVIL, "Command": EVIL, "Created": 1,
           "State": "running", "Status": EVIL, "Labels": labels, "Ports": []}
    log = [{"Start": began, "End": began, "ExitCode": 1, "Output": EVIL}] * 3
    detail = {"Id": row["Id"], "Name": "/" + EVIL, "Created": began, "Image": EVIL, "RestartCount": 0,
              "State": {"Status": "running", "Running": True, "StartedAt": began, "FinishedAt": began, "Error": EVIL,
                        "Health": {"Status": "unhealthy", "FailingStreak": 3, "Log": log}},
              "Config": {"Image": EVIL, "Labels": labels, "Cmd": [EVIL], "Env": [EVIL]},
              "HostConfig": {}, "NetworkSettings": {"Ports": {}}, "Mounts": []}
    version = {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": EVIL, "Os": "linux", "Arch": "amd64"}

    def answer(one, asked):
        while asked:
            target = asked.split(b" ", 2)[1].split(b"?")[0].decode()
            if target.endswith("/events"):
                one.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                asked = one.recv(65536)
                continue
            said = "OK" if target.endswith("/_ping") else json.dumps(
                version if target.endswith("/version") else
                detail if target.endswith(row["Id"] + "/json") else
                [row] if target.endswith("/containers/json") else {})
            body = said.encode()
            one.sendall(b"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nOstype: linux\r\nContent-Type: application/json\r\n"
                        b"Content-Length: %d\r\n\r\n" % len(body) + body)
            asked = one.recv(65536)

    return answer


def harmless(text):
    """True when a terminal or an editor may show it: no control characters, and none that turn text around."""
    return not any(ord(c) < 32 and c not in "\n\t" or 127 <= ord(c) < 160 or c in "\u202a\u202b\u202c\u202d\u202e"
                   for c in text)
