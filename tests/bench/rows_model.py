"""The budgets of the model: `config --resolved` and `check`, against Compose's own `config`."""

import os
import subprocess
from pathlib import Path

from measure import Row, in_turn, ms
from stacks import described
from support.command import program, set_up

# Services, the most of Compose's time that may be taken, and how often both are run.
SIZES = ((10, 0.1, 31), (100, 0.05, 31), (500, 0.03, 11), (1000, 0.02, 7))


def resolve(file, count, most, runs):
    words = ["-f", str(file), "config"]
    ours, peer = in_turn([str(program("docker-dockhand")), *words, "--resolved", "--format", "json"],
                         [set_up("compose.sh", "2.40"), *words, "--format", "json"], dict(os.environ), runs)
    ratio = ours.median / peer.median
    return Row(f"resolve {count} services", f"≤ {most} × docker compose config",
               f"{ms(ours.median)} {ours.peak_mib:.1f} MiB {ratio:.3f} ×",
               f"{ms(peer.median)} {peer.peak_mib:.1f} MiB", ratio <= most)


def check(file, count):
    """What all checks add to loading a project."""
    answer = subprocess.run([str(program("check_bench")), str(file)], check=True, capture_output=True, text=True)
    loaded, checked = map(float, answer.stdout.split())
    cost = checked - loaded
    return Row(f"check {count} services", "≤ 15 ms besides loading", f"{ms(cost)} of {ms(checked)}", "–", cost <= 15)


def rows(_engine, folder):
    for count, most, runs in SIZES:
        file = Path(folder) / f"{count}.yaml"
        file.write_text(described(count))
        yield resolve(file, count, most, runs)
        if count == 1000:
            yield check(file, count)
