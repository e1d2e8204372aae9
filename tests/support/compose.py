"""A real Compose, asked what it makes of a project. What it said once is kept below .cache."""

import hashlib
import json
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from support.command import ROOT, run, set_up, text

PLACE = "/conformance"  # Stands for the folder that a case was written to.


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def model(self):
        """The effective model as JSON, or None where the project was refused."""
        return json.loads(self.out) if self.status == 0 else None

    def as_newest(self):
        """The same, with what older ones leave unsaid: that a bind mount's source is made when missing."""
        model = self.model
        for service in ((model or {}).get("services") or {}).values():
            for volume in service.get("volumes", []):
                volume.get("bind", {}).setdefault("create_host_path", True)
        return model


def ask(case, *command):
    """Runs COMMAND in the case's project, in an environment that holds nothing else."""
    with tempfile.TemporaryDirectory(prefix="dockhand-conformance-") as root:
        root = os.path.realpath(root)
        cwd = case.write(root)
        env = {"PATH": os.environ["PATH"], "HOME": f"{root}/home", **case.env}
        words = [word.replace("$ROOT", root) for word in command]
        done = subprocess.run(words, env={k: v.replace("$ROOT", root) for k, v in env.items()}, cwd=cwd,
                              input=case.stdin, capture_output=True, timeout=60)
        return Answer(done.returncode, *(text(said).replace(root, PLACE) for said in (done.stdout, done.stderr)))


def ask_all(cases, one):
    """What `one` answers to each of the cases, several at a time."""
    with ThreadPoolExecutor(os.cpu_count() + 1) as pool:
        return list(pool.map(one, cases))


class Compose:
    """One version of Compose, like "2.40"."""

    def __init__(self, version):
        self.program = set_up("compose.sh", version, timeout=1800)
        self.version = run(self.program, "version", "--short").out.strip().split("-")[0].lstrip("v")
        self._kept = ROOT / ".cache" / "conformance" / f"compose-{self.version}.json"
        self._answers = json.loads(self._kept.read_text()) if self._kept.exists() else {}

    @staticmethod
    def _key(case):
        return hashlib.sha256(case.text().encode()).hexdigest()

    def _ask(self, case):
        answer = ask(case, self.program, *case.args, "config", "--format", "json")
        return [answer.status, answer.out, answer.err]

    def prepare(self, cases):
        """Asks about all of them that were never asked about, several at a time."""
        missing = {self._key(case): case for case in cases}
        missing = {key: case for key, case in missing.items() if key not in self._answers}
        if not missing:
            return
        self._answers.update(zip(missing, ask_all(missing.values(), self._ask)))
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(f"{self._kept}.{os.getpid()}")
        fresh.write_text(json.dumps(self._answers))
        fresh.replace(self._kept)

    def answer(self, case):
        self.prepare([case])
        return Answer(*self._answers[self._key(case)])


def differences(theirs, ours, unordered=(), path=""):
    """Each place where two JSON values differ, as a line. True is not 1."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        found = []
        for key in sorted(theirs.keys() | ours.keys()):
            place = f"{path}.{key}" if path else key
            if key not in ours:
                found.append(f"{place}: Compose has {json.dumps(theirs[key])}, ours nothing")
            elif key not in theirs:
                found.append(f"{place}: ours has {json.dumps(ours[key])}, Compose nothing")
            else:
                found += differences(theirs[key], ours[key], unordered, place)
        return found
    if isinstance(theirs, list) and isinstance(ours, list):
        if path in unordered:
            theirs, ours = (sorted(some, key=json.dumps) for some in (theirs, ours))
        if len(theirs) != len(ours):
            return [f"{path}: Compose has {json.dumps(theirs)}, ours {json.dumps(ours)}"]
        return [line for i, pair in enumerate(zip(theirs, ours))
                for line in differences(*pair, unordered, f"{path}[{i}]")]
    if isinstance(theirs, float) and isinstance(ours, int) and not isinstance(ours, bool):
        ours = float(ours)
    same = theirs == ours and isinstance(theirs, bool) == isinstance(ours, bool)
    return [] if same else [f"{path}: Compose has {json.dumps(theirs)}, ours {json.dumps(ours)}"]
