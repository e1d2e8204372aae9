"""Runs commands for tests. A failure shows all that one needs to run it again by hand."""

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("DOCKHAND_CACHE") or Path.home() / ".cache" / "dockhand")


@dataclass
class Result:
    argv: list
    cwd: str
    env: dict
    status: int
    out: str
    err: str

    def __str__(self):
        changed = {k: v for k, v in sorted(self.env.items()) if os.environ.get(k) != v}
        return "\n".join([
            "command: " + shlex.join(map(str, self.argv)),
            f"cwd:     {self.cwd}",
            "env:     " + " ".join(f"{k}={shlex.quote(v)}" for k, v in changed.items()),
            f"status:  {self.status}",
            "stdout:\n" + self.out,
            "stderr:\n" + self.err,
        ])


def run(*argv, env=None, cwd=None, stdin="", timeout=60, status=0):
    """Runs a command to its end. Fails unless it ends with `status` (None: any) within `timeout` s."""
    env = dict(os.environ if env is None else env)
    cwd = str(cwd or os.getcwd())
    argv = [str(word) for word in argv]
    try:
        done = subprocess.run(argv, env=env, cwd=cwd, input=stdin.encode(), capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired as late:
        result = Result(argv, cwd, env, -1, text(late.stdout), text(late.stderr))
        raise AssertionError(f"did not end within {timeout} s\n{result}") from None
    result = Result(argv, cwd, env, done.returncode, text(done.stdout), text(done.stderr))
    if status is not None and result.status != status:
        raise AssertionError(f"expected status {status}\n{result}")
    return result


def text(data):
    return (data or b"").decode("utf-8", "replace")


def set_up(script, *arguments, timeout=600, env=None):
    """Runs one of tests/setup and returns the last line that it prints: a path, an address."""
    said = run(ROOT / "tests" / "setup" / script, *arguments, timeout=timeout, env=env).out.strip()
    return said.splitlines()[-1] if said else ""


def program(name):
    """The path of docker-dockhand or dockhand-lsp: of $DOCKHAND_BIN, else of the newest build."""
    if "DOCKHAND_BIN" in os.environ:
        return Path(os.environ["DOCKHAND_BIN"]) / name
    built = [path for path in (ROOT / "build/ci/bin" / name, ROOT / "build/bin" / name) if path.exists()]
    if not built:
        raise AssertionError(f"{name} is not built: run ./dev build, or set DOCKHAND_BIN")
    return max(built, key=lambda path: path.stat().st_mtime)
