"""A terminal for tests: runs a program on a pty of a given size and shows what a user would see."""

import time

import pexpect
import pyte


class Terminal:
    """What the program wrote is `raw` (bytes) and, drawn, `lines`. Close it, or use it in `with`."""

    def __init__(self, *argv, env, cwd=None, columns=80, rows=24):
        self.argv = [str(word) for word in argv]
        self.raw = b""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.process = pexpect.spawn(self.argv[0], self.argv[1:], env=env, cwd=str(cwd) if cwd else None,
                                     dimensions=(rows, columns), timeout=30)
        self.process.delaybeforesend = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.lines).rstrip()

    def read(self, seconds=0.05):
        """Takes in what arrives within `seconds`. Returns False when the program has ended."""
        try:
            data = self.process.read_nonblocking(65536, seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.stream.feed(data)
        return True

    def wait_for(self, wanted, seconds=20):
        """Waits until `wanted`, a text or a function of the screen's text, is there; returns the text."""
        arrived = wanted if callable(wanted) else lambda shown: wanted in shown
        end = time.monotonic() + seconds
        alive = True
        while not arrived(self.text):
            if not alive or time.monotonic() > end:
                why = f"not within {seconds} s" if alive else "and the program has ended"
                raise AssertionError(f"{wanted!r} did not appear, {why}\ncommand: {self.argv}\n"
                                     f"screen:\n{self.text}\nraw: {self.raw[-2000:]!r}")
            alive = self.read()
        return self.text

    def wait_for_end(self, seconds=20):
        """Reads to the program's end and returns its exit status; minus the signal when one ended it."""
        end = time.monotonic() + seconds
        while self.read():
            if time.monotonic() > end:
                raise AssertionError(f"did not end within {seconds} s: {self.argv}\nscreen:\n{self.text}")
        self.process.close()
        return self.process.exitstatus if self.process.signalstatus is None else -self.process.signalstatus

    def send(self, keys):
        self.process.send(keys)

    def resize(self, columns, rows):
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def close(self):
        self.process.close(force=True)
